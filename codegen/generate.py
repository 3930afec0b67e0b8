"""Writes the generated modules, or says how the committed ones differ from the description."""

from __future__ import annotations

import difflib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from codegen.description import Description
from codegen.emit import Emitter

FORMAT = ("ruff", "format", "--quiet", "--isolated", "--line-length=100", "--target-version=py311")
SORT = (
    *("ruff", "check", "--isolated", "--line-length=100", "--select=I", "--fix", "--quiet"),
    # The same order in a folder of another name, where --check generates.
    *("--config", "lint.isort.known-first-party = ['openai_types']"),
)


def generate(description: Description, package: Path) -> list[Path]:
    """Write every module below the package's folder; returns the files."""
    for namespace in description.namespaces:
        shutil.rmtree(package / namespace, ignore_errors=True)
    written: list[Path] = []
    for name, source in Emitter(description).files():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        written.append(path)
    files = [str(path) for path in written]
    for command in (SORT, FORMAT):
        subprocess.run([sys.executable, "-m", *command, *files], check=True)
    return written


def differences(fresh: Path, committed: Path) -> Iterator[str]:
    """The lines of a unified diff between freshly generated modules and the committed ones."""
    names = {path.relative_to(fresh) for path in fresh.glob("*/*.py")}
    names |= {path.relative_to(committed) for path in committed.glob("*/*.py")}
    for name in sorted(names):
        old, new = _lines(committed / name), _lines(fresh / name)
        yield from difflib.unified_diff(old, new, f"committed/{name}", f"generated/{name}")


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines(keepends=True) if path.exists() else []
