"""Writes the generated modules, or says how the committed ones differ from the description."""

from __future__ import annotations

import difflib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codegen.description import Description
from codegen.emitting.catalogue import catalogue
from codegen.emitting.consumer import FILE, Consumer
from codegen.emitting.emit import HEAD, Emitter
from codegen.emitting.official_resources import official_resources
from codegen.emitting.resources import Resources

CATALOGUE = "operations.json"
MARK = HEAD.partition("{")[0]
FORMAT = ("ruff", "format", "--quiet", "--isolated", "--line-length=100", "--target-version=py311")
SORT = (
    *("ruff", "check", "--isolated", "--line-length=100", "--select=I", "--fix", "--quiet"),
    # The same order in a folder of another name, where --check generates.
    *("--config", "lint.isort.known-first-party = ['openai_types', 'openai_suite', 'openai_http']"),
)


@dataclass(frozen=True)
class Target:
    """The folders of the generated files."""

    types: Path
    mirror: Path
    resources: Path
    official_resources: Path
    consumer: Path

    @classmethod
    def below(cls, folder: Path) -> Target:
        """The places in a checkout, or in a folder that stands for one."""
        packages = folder / "packages"
        return cls(
            packages / "openai-types" / "src" / "openai_types",
            packages / "openai-suite" / "src" / "openai_suite" / "types",
            packages / "openai-http" / "src" / "openai_http" / "resources",
            packages / "openai-suite" / "src" / "openai_suite" / "resources",
            folder / "tests" / "typing",
        )


def generate(description: Description, target: Target) -> list[Path]:
    """Write every generated file; returns the files."""
    emitter = Emitter(description)
    for namespace in description.inside(""):
        shutil.rmtree(target.types / namespace, ignore_errors=True)
    for mirror in (target.mirror, target.official_resources):
        shutil.rmtree(mirror, ignore_errors=True)
    written = [_write(target.types / name, source) for name, source in emitter.files()]
    written += [_write(target.mirror / name, source) for name, source in emitter.mirrors()]
    for path in target.resources.glob("*.py"):
        if _is_generated(path):
            path.unlink()
    for name, source in Resources(description).files():
        head = HEAD.format(path=f"{name.removesuffix('.py')}/operations.yaml")
        written.append(_write(target.resources / name, head + source))
    head = HEAD.format(path="resources.yaml")
    for name, source in official_resources(description):
        written.append(_write(target.official_resources / name, head + source))
    head = HEAD.format(path="*/operations.yaml")
    written.append(_write(target.consumer / FILE, head + Consumer(description).source()))
    _format(written)
    return [*written, _write(target.types / CATALOGUE, catalogue(description))]


def differences(fresh: Target, committed: Target) -> Iterator[str]:
    """The lines of a unified diff between freshly generated modules and the committed ones."""
    for new, old in (
        (fresh.types, committed.types),
        (fresh.mirror, committed.mirror),
        (fresh.resources, committed.resources),
        (fresh.official_resources, committed.official_resources),
        (fresh.consumer, committed.consumer),
    ):
        names = {path.relative_to(new) for path in new.rglob("*.*")}
        names |= {path.relative_to(old) for path in old.rglob("*.py") if _is_generated(path)}
        for name in sorted(names):
            before, after = _lines(old / name), _lines(new / name)
            yield from difflib.unified_diff(before, after, f"committed/{name}", f"generated/{name}")


def _write(path: Path, source: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    return path


def _format(paths: list[Path]) -> None:
    files = [str(path) for path in paths]
    for command in (SORT, FORMAT):
        subprocess.run([sys.executable, "-m", *command, *files], check=True)


def _is_generated(path: Path) -> bool:
    with path.open() as file:
        return file.readline().startswith(MARK)


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines(keepends=True) if path.exists() else []
