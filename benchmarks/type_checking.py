"""What type checkers take for a file that calls every operation, here and officially.

What counts is the processor's time, which other work on the machine disturbs least. The file is
`tests/typing/every_operation.py`. What names something that the official package has not is left
out on both sides, so that both check the same calls. Each run is cold: without a cache.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parent.parent
FILE = ROOT / "tests" / "typing" / "every_operation.py"
OURS, OFFICIAL = "openai_suite", "openai"
CHECKERS = {
    "pyright": ["pyright"],
    "mypy": ["mypy", "--no-incremental", "--cache-dir", "/dev/null"],
}


def both_sides() -> tuple[str, str, int, int]:
    """The source on both sides, the number of its functions, and of those that are left out."""
    tree = ast.parse(FILE.read_text())
    places = {local: place for each in tree.body for local, place in _places(each)}
    missing = {local for local, place in places.items() if not place}
    functions = [e for e in tree.body if isinstance(e, ast.FunctionDef | ast.AsyncFunctionDef)]
    kept = [each for each in functions if not missing & _names(each)]
    used = {name for each in kept for name in _names(each)}
    ours = [_only(each, used) for each in tree.body if isinstance(each, ast.ImportFrom)]
    official = [
        ast.ImportFrom(place, [ast.alias(name, None if name == local else local)], 0)
        for local, found in places.items()
        if found and local in used
        for place, name in [found]
    ]
    sides = ([each for each in ours if each.names], [_only(FUTURE, used), *official, ASSERT])
    sources = [ast.unparse(ast.Module([*imports, *kept], [])) for imports in sides]
    return sources[0], sources[1], len(kept), len(functions) - len(kept)


FUTURE = ast.ImportFrom("__future__", [ast.alias("annotations")], 0)
ASSERT = ast.ImportFrom("typing", [ast.alias("assert_type")], 0)


def _only(statement: ast.ImportFrom, used: set[str]) -> ast.ImportFrom:
    """An import without the names that nothing uses."""
    if statement.module == "__future__":
        return statement
    names = [each for each in statement.names if (each.asname or each.name) in used]
    return ast.ImportFrom(statement.module, names, statement.level)


def _places(statement: ast.stmt) -> Iterator[tuple[str, tuple[str, str] | None]]:
    """For each name of an import, where the official package has it; None if it has not."""
    if not isinstance(statement, ast.ImportFrom) or not (statement.module or "").startswith(OURS):
        return
    module = importlib.import_module(str(statement.module).replace(OURS, OFFICIAL, 1))
    for each in statement.names:
        yield each.asname or each.name, _place(module, each.name)


def _place(module: ModuleType, name: str) -> tuple[str, str] | None:
    if hasattr(module, name):
        return module.__name__, name
    if name == "HttpxBinaryResponseContent":
        return f"{OFFICIAL}._legacy_response", name
    # What is not exported is in a module that has the name of what is made of it.
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", name.removesuffix("Base")).lower()
    try:
        private = importlib.import_module(f"{module.__name__}.{words}")
    except ModuleNotFoundError:
        return None
    return (private.__name__, name) if hasattr(private, name) else None


def _names(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}


def seconds(checker: str, source: str) -> float:
    """One cold run."""
    with tempfile.TemporaryDirectory(dir=ROOT, prefix="typing-") as folder:
        file = Path(folder) / "calls.py"
        file.write_text(source)
        command = [sys.executable, "-m", *CHECKERS[checker], str(file)]
        before = children_seconds()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        taken = children_seconds() - before
        if done.returncode > 1:  # 1 says that there are findings: a few results differ on purpose
            sys.exit(f"{checker} failed:\n{done.stdout}{done.stderr}")
        return taken


def children_seconds() -> float:
    """The processor's time of all processes that were started from here and have ended."""
    used = os.times()
    return used.children_user + used.children_system


def main() -> None:
    """Print the medians and their ratio, a checker a line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.type_checking", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="of each side (default: %(default)s)")
    options = parser.parse_args()
    ours, official, calls, skipped = both_sides()
    print(f"{calls} functions; {skipped} name something that the official package has not")
    print(f"{'median seconds of the processor':<44} {'official':>9} {'ours':>9} {'ratio':>7}")
    for checker in CHECKERS:
        times = [(seconds(checker, official), seconds(checker, ours)) for _ in range(options.runs)]
        theirs, mine = (statistics.median(side) for side in zip(*times, strict=True))
        print(f"{checker:<44} {theirs:>9.2f} {mine:>9.2f} {mine / theirs:>7.2f}", flush=True)


if __name__ == "__main__":
    main()
