import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from openai_webhooks import __version__
from openai_webhooks.cli import COMMANDS, main

Captured = pytest.CaptureFixture[str]


def test_help_lists_every_command(capsys: Captured):
    assert main([]) == 2
    told = capsys.readouterr().out
    for name, command in COMMANDS.items():
        assert f"{name} " in told
        assert command.help in told
    assert "OPENAI_WEBHOOK_SECRET" in told


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: Captured):
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert f"openai-webhooks {name}" in capsys.readouterr().out


def test_unknown_command_is_told(capsys: Captured):
    with pytest.raises(SystemExit) as ended:
        main(["forge"])
    assert ended.value.code == 2
    assert "invalid choice: 'forge'" in capsys.readouterr().err


def test_version(capsys: Captured):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"openai-webhooks {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sign", "missing.json"], "missing.json"),
        (["sign", "empty", "--id", " "], "cannot be sent as a header"),
        (["sign", "empty", "--secret-file", "empty"], "secret is empty"),
        (["verify", "empty", "--tolerance", "-1"], "zero or more seconds"),
    ],
)
def test_failure_is_told_in_a_line(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", "whsec_a2V5")
    (tmp_path / "empty").write_bytes(b"")
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.startswith("openai-webhooks: ")
    assert err.count("\n") == 1


def test_interruption_has_the_status_that_shells_expect(tmp_path: Path):
    with mock.patch("openai_webhooks.commands.sign.run", side_effect=KeyboardInterrupt):
        assert main(["sign", str(tmp_path)]) == 130


@pytest.mark.skipif(os.name == "nt", reason="Windows tells of a closed pipe in other ways")
def test_reader_may_have_enough(tmp_path: Path):
    (tmp_path / "body").write_bytes(b"{}")
    command = [sys.executable, "-W", "error", "-m", "openai_webhooks", "sign", "body"]
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "OPENAI_WEBHOOK_SECRET": "whsec_a2V5"}
    done = subprocess.run(
        command, stdout=writing, stderr=subprocess.PIPE, cwd=tmp_path, env=environment, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_module_is_the_command_and_its_help_imports_no_command():
    program = (
        "import runpy, sys\n"
        "sys.argv = ['openai-webhooks']\n"
        "try: runpy.run_module('openai_webhooks', run_name='__main__')\n"
        "except SystemExit as ended: assert ended.code == 2\n"
        "for name in ('pydantic', 'http.client', 'openai_webhooks.webhook'):\n"
        "    assert name not in sys.modules, name\n"
    )
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "usage: openai-webhooks" in done.stdout
