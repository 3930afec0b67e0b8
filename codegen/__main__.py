"""The command line of the generator: `python -m codegen --help`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from codegen.checking.check import faults
from codegen.checking.compare import Comparison, Finding, reasons, report, with_document
from codegen.description import load, save
from codegen.generate import Target, differences, generate
from codegen.importing.corrections import absent, apply, read
from codegen.importing.document_importer import DocumentImporter
from codegen.importing.facts import Facts
from codegen.importing.importer import Importer
from codegen.importing.inputs import Pins, fetch
from codegen.importing.openapi import Document, content_of
from codegen.importing.sharing import share
from codegen.layout import Layout

HERE = Path(__file__).parent
DESCRIPTION = HERE / "description"
DIFFERENCES = HERE / "differences.yaml"
OVERLAYS = HERE / "overlays"
PINS = Pins(HERE / "pins.yaml")
CHECKOUT = Target.below(HERE.parent)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return COMMANDS[options.command](options)
    except ValueError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error}: make a place there that can be written", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m codegen",
        description="Keeps the description of the API and generates the typed modules from it. "
        "The usual round trip: import, check, generate.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    importing = commands.add_parser("import", help="write the description anew from its inputs")
    importing.add_argument("facts", help="interface facts of the official package: a file or a URL")
    importing.add_argument("document", help="the OpenAPI document: a file or a URL")
    importing.add_argument(
        "--pin", action="store_true", help="take these inputs from now on, whatever their hashes"
    )
    commands.add_parser("check", help="say what is wrong with the description")
    comparing = commands.add_parser(
        "compare", help="say what others have that the description lacks"
    )
    comparing.add_argument("--document", help="an OpenAPI document: a file or a URL")
    comparing.add_argument(
        "--official", action="store_true", help="the official package that is installed here"
    )
    comparing.add_argument("--json", type=Path, help="write everything there, too")
    trying = commands.add_parser(
        "examples", help="decode the examples of an OpenAPI document and list their faults"
    )
    trying.add_argument("document", help="the OpenAPI document: a file or a URL")
    generating = commands.add_parser("generate", help="write the generated files")
    generating.add_argument(
        "--check", action="store_true", help="write nothing; show how the committed files differ"
    )
    return parser


def _import(options: argparse.Namespace) -> int:
    data = {name: fetch(getattr(options, name)) for name in ("facts", "document")}
    for name, content in data.items() if not options.pin else ():
        PINS.check(name, content)
    layout, overlays = Layout.read(), read(OVERLAYS)
    importer = Importer(Facts.parse(data["facts"], layout), layout)
    description = importer.run()
    document = Document.parse(data["document"])
    known = Comparison("", [], reasons(DIFFERENCES, "document"))
    added = DocumentImporter(
        description,
        document,
        layout,
        absent(overlays),
        lambda field: bool(known.reason(Finding("fields", field))),
    ).run()
    apply(overlays, description)
    shared = share(description, importer.private)
    save(description, DESCRIPTION)
    for name, content in data.items() if options.pin else ():
        PINS.pin(name, content)  # once nothing in them was refused
    print("\n".join(added))
    types, operations = sum(1 for _ in description.types()), len(description.operations)
    print(f"imported {types} types, {shared} of them other names, and {operations} operations")
    return _check(options)


def _check(_: argparse.Namespace) -> int:
    description = load(DESCRIPTION)
    found = list(faults(description))
    print("\n".join(found) or f"{sum(1 for _ in description.types())} types, no fault")
    return bool(found)


def _generate(options: argparse.Namespace) -> int:
    description = load(DESCRIPTION)
    if not options.check:
        files = generate(description, CHECKOUT)
        print(f"wrote {len(files)} files")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        fresh = Target.below(Path(folder))
        generate(description, fresh)
        found = list(differences(fresh, CHECKOUT))
    sys.stdout.writelines(found)
    print(
        "the committed files differ: run python -m codegen generate" if found else "no difference"
    )
    return bool(found)


def _compare(options: argparse.Namespace) -> int:
    if not (options.document or options.official):
        message = "nothing to compare with: give --document DOCUMENT, --official, or both"
        raise ValueError(message)
    description, found = load(DESCRIPTION), list[Comparison]()
    if options.document:
        document = Document.parse(fetch(options.document))
        found.append(with_document(description, document, reasons(DIFFERENCES, "document")))
    if options.official:
        from codegen.checking.official import with_package

        found.append(with_package(description, reasons(DIFFERENCES, "official")))
    return report(found, options.json)


def _examples(options: argparse.Namespace) -> int:
    from codegen.checking.examples import report

    content = content_of(fetch(options.document))
    Document(content)  # refuses what cannot be read
    lines = list(report(cast("Mapping[str, Any]", content)))
    print("\n".join(lines))
    return any(line.startswith("loses something") and not line.endswith(" 0") for line in lines)


COMMANDS = {
    "import": _import,
    "check": _check,
    "generate": _generate,
    "compare": _compare,
    "examples": _examples,
}

if __name__ == "__main__":
    sys.exit(main())
