"""What every package promises alike: metadata, table of contents, readable modules."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

from openai_suite import module_client

MODULE_LINES = 600
FUNCTION_LINES = 60


def module_of(package: Path) -> ModuleType:
    return importlib.import_module(package.name.replace("-", "_"))


def metadata_of(package: Path) -> dict[str, Any]:  # TOML: any type of value
    return tomllib.loads((package / "pyproject.toml").read_text())["project"]


def hand_written(package: Path) -> list[Path]:
    modules = (package / "src").rglob("*.py")
    return [path for path in modules if "enerated" not in path.read_text().partition("\n")[0]]


def test_every_public_name_can_be_imported(package: Path) -> None:
    module = module_of(package)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_every_importable_public_name_is_in_all(package: Path) -> None:
    module = module_of(package)
    # What is of the client of openai_suite.api_key is there for editors, and made when it is used.
    served = {*module_client.SETTINGS, *module_client.groups()}
    public = {name for name in {*dir(module)} - served if not name.startswith("_")}
    values = {name for name in public if not isinstance(getattr(module, name), ModuleType)}
    machinery = {"TYPE_CHECKING", "lazy_exports", "annotations"}
    assert values - machinery <= set(module.__all__)


def test_all_is_sorted_and_unique(package: Path) -> None:
    names = module_of(package).__all__
    assert len(set(names)) == len(names)


def test_siblings_are_pinned_to_the_version_in_this_workspace(package: Path, root: Path) -> None:
    declared = metadata_of(package)
    extras: dict[str, list[str]] = declared.get("optional-dependencies", {})
    requirements: list[str] = sum(extras.values(), list(declared["dependencies"]))
    for requirement in requirements:
        named, _, version = requirement.partition("==")
        name = named.partition("[")[0]
        sibling = root / "packages" / name
        if sibling.is_dir():
            assert version == module_of(sibling).__version__
        else:
            assert not name.startswith("openai-"), f"{requirement} could be a foreign package"


def test_version_carries_the_local_label(package: Path) -> None:
    assert module_of(package).__version__.endswith("+suite")


def test_changelog_begins_with_the_current_version(package: Path) -> None:
    headings = re.findall(r"^## (\S+)", (package / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == module_of(package).__version__


def test_readme_gives_a_reason_for_each_dependency(package: Path) -> None:
    readme = (package / "README.md").read_text()
    for requirement in metadata_of(package)["dependencies"]:
        name = re.split(r"[=><\[ ]", requirement)[0]
        assert f"`{name}`" in readme, f"the README does not say why it depends on {name}"


def test_licence_is_the_root_licence(package: Path, root: Path) -> None:
    assert (package / "LICENSE").read_bytes() == (root / "LICENSE").read_bytes()


def test_hand_written_modules_and_functions_stay_short(package: Path) -> None:
    for path in hand_written(package):
        source = path.read_text()
        assert source.count("\n") <= MODULE_LINES, path
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length <= FUNCTION_LINES, f"{path}: {node.name} has {length} lines"


def test_every_hand_written_module_says_what_it_is(package: Path) -> None:
    for path in hand_written(package):
        assert ast.get_docstring(ast.parse(path.read_text())), path


def test_importing_a_package_root_is_light(package: Path) -> None:
    import subprocess
    import sys

    name = package.name.replace("-", "_")
    heavy = ("pydantic", "httpx", "websockets", "fastapi", "uvicorn")
    code = f"import sys, {name}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
