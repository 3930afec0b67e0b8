"""The examples of an OpenAPI document, decoded by the generated types.

Each example of an answer must decode and give back what it holds. What strict decoding refuses in
one contradicts the description: mostly an example that the document's own schemas refuse too. The
faults are listed, so that a reader can tell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from openai_types import Decoder
from openai_types.catalogue import Operation, operations, resolve
from openai_types.errors import DecodeError
from openai_types.model import BaseModel

from codegen.importing.normal_form import METHODS
from codegen.importing.openapi import bare

Outcome = Literal["decodes strictly", "decodes with a fault", "loses something"]


@dataclass(frozen=True)
class Example:
    """The example of an answer, and what became of it.

    Attributes:
        operation: the operation's name.
        outcome: how it decodes.
        fault: what strict decoding says against it.
    """

    operation: str
    outcome: Outcome
    fault: str = ""


def decoded(document: Mapping[str, Any]) -> Iterator[Example]:
    """Every example of an answer in JSON, of operations that give back objects."""
    known = {(each.method.lower(), bare(each.path)): each for each in operations().values()}
    for method, path, body in _bodies(document):
        operation = known.get((method, bare(path)))
        if operation is None or operation.returns in {"None", "bytes", "str"}:
            continue
        yield from _decoded(operation, body)


def report(document: Mapping[str, Any]) -> Iterator[str]:
    """What to print: the counts, then the faults."""
    found = list(decoded(document))
    outcomes: tuple[Outcome, ...] = (
        "decodes strictly",
        "decodes with a fault",
        "loses something",
    )
    for outcome in outcomes:
        yield f"{outcome:<28} {sum(each.outcome == outcome for each in found):>7}"
    yield from (f"{each.operation}: {each.fault}" for each in found if each.fault)


def _decoded(operation: Operation, body: object) -> Iterator[Example]:
    items = cast("dict[str, object]", body).get("data") if operation.page else None
    for each in cast("list[object]", items) if isinstance(items, list) else [body]:
        type_ = _type(operation)
        text = json.dumps(each)
        back = Decoder[object](type_)(text)
        same = isinstance(back, BaseModel) and back.to_dict(mode="json") == each
        fault = _fault(type_, text)
        outcome: Outcome = "decodes with a fault" if fault else "decodes strictly"
        yield Example(operation.name, outcome if same else "loses something", fault)


def _type(operation: Operation) -> object:
    """The type of the answer, the plainest one where a parameter decides."""
    return resolve(operation.returns.partition(" | ")[0])


def _fault(type_: object, text: str) -> str:
    try:
        Decoder[object](type_, strict=True)(text)
    except DecodeError as error:
        return str(error).partition(". Received")[0]
    return ""


def _bodies(document: Mapping[str, Any]) -> Iterator[tuple[str, str, object]]:
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            given: object = item.get(method, {}).get("x-oaiMeta", {}).get("examples") or []
            listed = cast(
                "list[Mapping[str, object]]", given if isinstance(given, list) else [given]
            )
            for each in listed:
                body = _json(each.get("response"))
                if isinstance(body, dict):
                    yield method, path, cast("object", body)


def _json(text: object) -> object:
    """The JSON of an example; some are events of a stream, audio, or have comments in them."""
    try:
        return json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return None
