"""The command line of the generator: `python -m codegen --help`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from codegen.check import faults
from codegen.description import load, save
from codegen.facts import Facts
from codegen.generate import Target, differences, generate
from codegen.importer import Importer
from codegen.layout import Layout

DESCRIPTION = Path(__file__).parent / "description"
CHECKOUT = Target.below(Path(__file__).parent.parent)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    return {"import": _import, "check": _check, "generate": _generate}[options.command](options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m codegen",
        description="Keeps the description of the API and generates the typed modules from it. "
        "The usual round trip: import, check, generate.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    importing = commands.add_parser("import", help="write the description anew from facts")
    importing.add_argument("surface", type=Path, help="a JSON file of interface facts")
    commands.add_parser("check", help="say what is wrong with the description")
    generating = commands.add_parser("generate", help="write the modules of openai_types")
    generating.add_argument(
        "--check", action="store_true", help="write nothing; show how the committed modules differ"
    )
    return parser


def _import(options: argparse.Namespace) -> int:
    layout = Layout.read()
    description = Importer(Facts.read(options.surface, layout), layout).run()
    save(description, DESCRIPTION)
    print(f"imported {sum(1 for _ in description.types())} types")
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
        print(f"wrote {len(files)} modules")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        generate(description, Target.below(Path(folder)))
        found = list(differences(Target.below(Path(folder)), CHECKOUT))
    sys.stdout.writelines(found)
    print(
        "the committed modules differ: run python -m codegen generate" if found else "no difference"
    )
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
