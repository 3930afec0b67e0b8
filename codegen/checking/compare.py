"""The description held against what others say of the API: which of their things it has.

Compares with an OpenAPI document and with an installed official package, and counts operations,
parameters, types, fields, their kinds of JSON and literals. What differs on purpose is in
`differences.yaml`, with its reason; the rest is unexplained.
"""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from codegen.checking.kinds import lacking
from codegen.description import Description, DescriptionError, read_mapping
from codegen.importing.correspondence import Correspondence
from codegen.importing.openapi import Document, bare

LITERAL = re.compile(r"Literal\[((?:'[^']*'|[^]'])*)\]")
VALUE = re.compile(r"'([^']*)'")
BROAD = re.compile(r"\b(str|object)\b")


@dataclass(frozen=True)
class Finding:
    """One thing that somebody else has.

    Attributes:
        measure: "operations", "parameters", "types", "fields", "kinds" (of JSON) or "literals".
        name: what it is.
        problem: what is wrong with it here; empty if nothing is.
    """

    measure: str
    name: str
    problem: str = ""


@dataclass
class Comparison:
    """The findings of one comparison, and the reasons for differences."""

    title: str
    findings: list[Finding]
    reasons: dict[str, str] = field(default_factory=dict[str, str])

    def reason(self, finding: Finding) -> str:
        """Why a difference is meant, empty if nobody says."""
        for pattern, reason in self.reasons.items():
            if fnmatch.fnmatchcase(f"{finding.measure} {finding.name}", pattern):
                return reason
        return ""

    def unexplained(self) -> list[Finding]:
        """The differences without a reason."""
        return [each for each in self.findings if each.problem and not self.reason(each)]

    def unused(self) -> list[str]:
        """The reasons that explain nothing any more."""
        keys = [f"{each.measure} {each.name}" for each in self.findings if each.problem]
        return [each for each in self.reasons if not fnmatch.filter(keys, each)]

    def rows(self) -> Iterator[str]:
        """The table: for each measure what they have, what is here, and what is explained."""
        yield f"{self.title:<28} {'theirs':>7} {'here':>7} {'meant':>7} {'unexplained':>12}"
        for measure in dict.fromkeys(each.measure for each in self.findings):
            found = [each for each in self.findings if each.measure == measure]
            wrong = [each for each in found if each.problem]
            meant = sum(1 for each in wrong if self.reason(each))
            yield (
                f"{measure:<28} {len(found):>7} {len(found) - len(wrong):>7} {meant:>7} "
                f"{len(wrong) - meant:>12}"
            )

    def as_json(self) -> dict[str, object]:
        """The same for programs, each difference with its reason."""
        return {
            "title": self.title,
            "counts": {
                measure: {
                    "theirs": sum(1 for each in self.findings if each.measure == measure),
                    "here": sum(1 for f in self.findings if f.measure == measure and not f.problem),
                }
                for measure in dict.fromkeys(each.measure for each in self.findings)
            },
            "differences": [
                {
                    "name": f"{each.measure} {each.name}",
                    "problem": each.problem,
                    "reason": self.reason(each),
                }
                for each in self.findings
                if each.problem
            ],
        }


def with_document(
    description: Description, document: Document, reasons: dict[str, str]
) -> Comparison:
    """Compare with an OpenAPI document."""
    same = Correspondence(description, document)
    findings = [*_operations(description, document), *_parameters(same), *_fields(same, document)]
    return Comparison("OpenAPI document", findings, reasons)


def reasons(path: Path, title: str) -> dict[str, str]:
    """The reasons of one comparison, from the file of differences."""
    try:
        return {each["what"]: each["reason"] for each in read_mapping(path).get(title, ())}
    except (KeyError, TypeError) as error:
        message = f"{path}: something in {title} has not both: write what: ..., reason: ..."
        raise DescriptionError(message) from error


def report(comparisons: Iterable[Comparison], json_path: Path | None) -> bool:
    """Print everything; returns whether something is unexplained."""
    listed = list(comparisons)
    for each in listed:
        print("\n".join(each.rows()))
        for finding in each.unexplained():
            print(f"  {finding.measure} {finding.name}: {finding.problem}")
        for pattern in each.unused():
            print(f"  nothing differs any more as {pattern!r} says")
    if json_path is not None:
        json_path.write_text(json.dumps([each.as_json() for each in listed], indent=1) + "\n")
    return any(each.unexplained() or each.unused() for each in listed)


def _operations(description: Description, document: Document) -> Iterator[Finding]:
    here = {(each.method, bare(each.path)) for each in description.operations}
    for each in document.operations():
        yield Finding(
            "operations",
            f"{each.method} {each.path}",
            "" if each.route in here else "no method calls it",
        )


def _parameters(same: Correspondence) -> Iterator[Finding]:
    for operation, found in same.operations():
        wires = {(each.place, each.wire.lower()) for each in operation.parameters}
        for each in found.parameters:
            name = each.name.removesuffix("[]")
            known = (each.place, name.lower()) in wires or each.place == "path"
            yield Finding("parameters", f"{operation.name}({name})", "" if known else "missing")


def _fields(same: Correspondence, document: Document) -> Iterator[Finding]:
    for name, schema in same.pairs.items():
        fields = same.fields(name)
        for wire, inner in document.properties(schema).items():
            wire = wire.removesuffix("[]")  # noqa: PLW2901 - the brackets say how it is sent
            yield Finding("fields", f"{name}.{wire}", "" if wire in fields else "missing")
            if wire in fields:
                written = same.expanded(fields[wire].type, same.home(name, wire))
                more = ", ".join(lacking(written, document, inner))
                yield Finding("kinds", f"{name}.{wire}", f"may also be {more}" if more else "")
                values = set(document.literals(inner))
                if values and not BROAD.search(LITERAL.sub("", written)):
                    known = {v for part in LITERAL.findall(written) for v in VALUE.findall(part)}
                    for value in sorted(values):
                        problem = "" if value in known else "missing"
                        yield Finding("literals", f"{name}.{wire} = {value}", problem)
