"""How long type checkers take for a file that calls every operation, here and officially.

The file is `tests/typing/every_operation.py`. What names something that the official package has
not, or has elsewhere, is left out on both sides, so that both check the same calls. Each run is
cold: without a cache.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE = ROOT / "tests" / "typing" / "every_operation.py"
OURS, OFFICIAL = "openai_suite", "openai"
CHECKERS = {
    "pyright": ["pyright"],
    "mypy": ["mypy", "--no-incremental", "--cache-dir", "/dev/null"],
}


def both_sides() -> tuple[str, str, int]:
    """The source against this package and against the official one, and how many calls it has."""
    tree = ast.parse(FILE.read_text())
    missing = {name for each in tree.body for name in _missing(each)}
    kept = [each for each in tree.body if not missing & _names(each)]
    calls = sum(isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) for each in kept)
    ours = ast.unparse(ast.Module([*_imports(tree, missing), *_functions(kept)], []))
    return ours, ours.replace(OURS, OFFICIAL), calls


def _imports(tree: ast.Module, missing: set[str]) -> Iterator[ast.stmt]:
    for each in tree.body:
        if isinstance(each, ast.ImportFrom):
            found = [name for name in each.names if (name.asname or name.name) not in missing]
            if found:
                yield ast.ImportFrom(each.module, found, each.level)


def _functions(body: list[ast.stmt]) -> list[ast.stmt]:
    return [each for each in body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]


def _missing(statement: ast.stmt) -> Iterator[str]:
    """What an import names that the official package does not have there."""
    if not isinstance(statement, ast.ImportFrom) or not (statement.module or "").startswith(OURS):
        return
    module = importlib.import_module(str(statement.module).replace(OURS, OFFICIAL, 1))
    for name in statement.names:
        if not hasattr(module, name.name):
            yield name.asname or name.name


def _names(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.ImportFrom):
        return set()
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}


def seconds(checker: str, source: str) -> float:
    """One cold run."""
    with tempfile.TemporaryDirectory(dir=ROOT, prefix="typing-") as folder:
        file = Path(folder) / "calls.py"
        file.write_text(source)
        command = [sys.executable, "-m", *CHECKERS[checker], str(file)]
        started = time.perf_counter()
        subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        return time.perf_counter() - started


def main() -> None:
    """Print the medians and their ratio, a checker a line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.type_checking", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="of each side (default: %(default)s)")
    options = parser.parse_args()
    ours, official, calls = both_sides()
    print(f"{f'median seconds for {calls} functions':<44} {'official':>9} {'ours':>9} {'ratio':>7}")
    for checker in CHECKERS:
        times = [(seconds(checker, official), seconds(checker, ours)) for _ in range(options.runs)]
        theirs, mine = (statistics.median(side) for side in zip(*times, strict=True))
        print(f"{checker:<44} {theirs:>9.2f} {mine:>9.2f} {mine / theirs:>7.2f}", flush=True)


if __name__ == "__main__":
    main()
