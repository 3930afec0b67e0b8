"""The READMEs say what is so: commands are CI's, order is the imports', code runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from openai_mock import MockServer


def python_blocks(page: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)


def test_ci_runs_the_test_command_of_the_readme(root: Path) -> None:
    last_line = (root / ".ci" / "run").read_text().strip().splitlines()[-1]
    assert last_line in (root / "README.md").read_text().splitlines()


def test_package_table_is_in_dependency_order(root: Path) -> None:
    rows = re.findall(r"^\| \[`(openai-[a-z]+)`\]", (root / "README.md").read_text(), re.MULTILINE)
    assert sorted(rows) == sorted(path.name for path in (root / "packages").iterdir())
    for position, name in enumerate(rows):
        metadata = tomllib.loads((root / "packages" / name / "pyproject.toml").read_text())
        required: list[str] = metadata["project"]["dependencies"]
        siblings = {each.partition("==")[0] for each in required if "+suite" in each}
        assert siblings <= set(rows[:position]), f"{name} stands above what it depends on"


def test_relative_links_lead_somewhere(root: Path) -> None:
    pages = [*root.glob("*.md"), *root.glob("docs/*.md"), *root.glob("*/*/README.md")]
    for page in pages:
        prose = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(), flags=re.DOTALL)
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", prose):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def run_snippet(code: str, server: MockServer) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "OPENAI_API_KEY": server.api_key,
        "OPENAI_BASE_URL": server.base_url,
        "OPENAI_WEBHOOK_SECRET": server.webhook_secret,
    }
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_snippets_of_the_package_readme_run(package: Path, server: MockServer) -> None:
    blocks = python_blocks(package / "README.md")
    assert blocks
    for block in blocks:
        done = run_snippet(block, server)
        assert done.returncode == 0, done.stderr


def test_snippet_of_the_root_readme_runs(root: Path, server: MockServer) -> None:
    for block in python_blocks(root / "README.md"):
        done = run_snippet(block, server)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("example", sorted(Path(__file__).parent.parent.glob("examples/*.py")))
def test_example_runs(example: Path, server: MockServer) -> None:
    done = run_snippet(example.read_text(), server)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
