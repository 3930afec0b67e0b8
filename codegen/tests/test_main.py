"""The commands, one after another, on a small API that nobody has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codegen.__main__ import COMMANDS, main
from codegen.generate import Target
from codegen.importing.inputs import Pins
from codegen.layout import Layout
from codegen.tests.made_up import DOCUMENT, FACTS, LAYOUT


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The facts and the document; what is made of them is in the folder of the test."""
    for name in ("DESCRIPTION", "DIFFERENCES", "OVERLAYS"):
        monkeypatch.setattr(f"codegen.__main__.{name}", tmp_path / name.lower())
    (tmp_path / "overlays").mkdir()
    monkeypatch.setattr("codegen.__main__.PINS", Pins(tmp_path / "pins.yaml"))
    monkeypatch.setattr("codegen.__main__.CHECKOUT", Target.below(tmp_path))
    monkeypatch.setattr(Layout, "read", lambda: LAYOUT)
    facts, document = tmp_path / "facts.json", tmp_path / "openapi.json"
    facts.write_text(json.dumps(FACTS))
    document.write_text(json.dumps(DOCUMENT))
    return str(facts), str(document)


def test_a_round_trip(inputs: tuple[str, str], capsys: pytest.CaptureFixture[str]):
    assert main(["import", *inputs]) == 1
    assert "import with --pin and review the diff" in capsys.readouterr().err
    assert main(["import", *inputs, "--pin"]) == 0
    assert "widgets.list: new, get /widgets" in capsys.readouterr().out
    assert main(["import", *inputs]) == 0
    assert main(["check"]) == 0
    assert main(["generate", "--check"]) == 1
    assert "+class Widget(BaseModel):" in capsys.readouterr().out
    assert main(["generate"]) == 0
    assert main(["generate", "--check"]) == 0
    assert capsys.readouterr().out.endswith("no difference\n")


def test_comparing_says_what_is_missing(
    inputs: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    _, document = inputs
    main(["import", *inputs, "--pin"])
    written = tmp_path / "found.json"

    assert main(["compare", "--document", document, "--json", str(written)]) == 1
    assert "literals zoo.Cat.mood = sleepy: missing" in capsys.readouterr().out
    assert json.loads(written.read_text())[0]["title"] == "OpenAPI document"
    assert main(["compare", "--document", document, "--json", str(tmp_path)]) == 1
    assert f"'{tmp_path}': make a place there" in capsys.readouterr().err


def test_nothing_to_compare_with_is_said(capsys: pytest.CaptureFixture[str]):
    assert main(["compare"]) == 1
    assert "give --document DOCUMENT, --official, or both" in capsys.readouterr().err


def test_examples_are_tried(inputs: tuple[str, str], capsys: pytest.CaptureFixture[str]):
    assert main(["examples", inputs[1]]) == 0
    assert "loses something" in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    assert f"codegen {command}" in capsys.readouterr().out
