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

    @property
    def folders(self) -> tuple[Path, ...]:
        """All of them."""
        return self.types, self.mirror, self.resources, self.official_resources, self.consumer


def generate(description: Description, target: Target) -> list[Path]:
    """Write every generated file, in place of all that were; returns the files."""
    files = dict(_files(description, target))  # all are made before any is taken away
    _take_away(target)
    for path, source in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    _format([path for path in files if path.suffix == ".py"])
    return [*files]


def _files(description: Description, target: Target) -> Iterator[tuple[Path, str]]:
    emitter = Emitter(description)
    for name, source in emitter.files():
        yield target.types / name, source
    for name, source in emitter.mirrors():
        yield target.mirror / name, source
    for name, source in Resources(description).files():
        head = HEAD.format(path=f"{name.removesuffix('.py')}/operations.yaml")
        yield target.resources / name, head + source
    head = HEAD.format(path="resources.yaml")
    for name, source in official_resources(description):
        yield target.official_resources / name, head + source
    head = HEAD.format(path="*/operations.yaml")
    yield target.consumer / FILE, head + Consumer(description).source()
    yield target.types / CATALOGUE, catalogue(description)


def _take_away(target: Target) -> None:
    """Remove the generated modules, and the folders that have no others."""
    modules = [path for folder in target.folders for path in folder.rglob("*.py")]
    for path in filter(_is_generated, modules):
        path.unlink()
    for folder in {path.parent for path in modules}:
        if not any(folder.rglob("*.py")):
            shutil.rmtree(folder, ignore_errors=True)


def differences(fresh: Target, committed: Target) -> Iterator[str]:
    """The lines of a unified diff between freshly generated modules and the committed ones."""
    for new, old in zip(fresh.folders, committed.folders, strict=True):
        names = {path.relative_to(new) for path in new.rglob("*.*")}
        names |= {path.relative_to(old) for path in old.rglob("*.py") if _is_generated(path)}
        for name in sorted(names):
            before, after = _lines(old / name), _lines(new / name)
            yield from difflib.unified_diff(before, after, f"committed/{name}", f"generated/{name}")


def _format(paths: list[Path]) -> None:
    files = [str(path) for path in paths]
    for command in (SORT, FORMAT):
        subprocess.run([sys.executable, "-m", *command, *files], check=True)


def _is_generated(path: Path) -> bool:
    with path.open() as file:
        return file.readline().startswith(MARK)


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines(keepends=True) if path.exists() else []
