import logging
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from openai_mock import cli
from openai_mock.recorder import command, tape

from .raw_server import PATIENCE, RawServer, ask, whole

# A shell lets what it runs in the background ignore Ctrl-C, and children inherit that.
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from openai_mock.cli import main
exit(main())
"""
COMMAND = [sys.executable, "-W", "error", "-c", PROGRAM]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.jsonl"


@pytest.fixture
def told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is there before anything has been waited for."""

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "time", SimpleNamespace(sleep=interrupted))


@contextmanager
def running(*arguments: str) -> Generator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """The command, and the variables that it printed."""
    with subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(1 if arguments[0] == "record" else 2)]
        assert all(line.startswith("export ") for line in lines)
        try:
            yield process, dict(line[7:].strip().split("=", 1) for line in lines)
        finally:
            process.kill()  # else leaving the block waits for it without an end


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_commands_record_and_replay_until_they_are_told(
    upstream: RawServer, path: Path, told: signal.Signals
):
    upstream.expect(whole(b"recorded"))
    options = ("--tape", str(path), "--port", "0")
    with running("record", "--upstream", upstream.base_url, *options) as (process, variables):
        assert ask(variables["OPENAI_BASE_URL"]).body == b"recorded"
        process.send_signal(told)
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert said.splitlines()[1:] == ["1: GET /v1/models: 200, 1 chunks, complete"]
    with running("replay", *options) as (process, variables):
        assert variables["OPENAI_API_KEY"] == "sk-openai-mock"
        assert ask(variables["OPENAI_BASE_URL"]).body == b"recorded"
        process.send_signal(told)
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert len(said.splitlines()) == 1


@pytest.mark.usefixtures("told_at_once")
def test_replay_that_goes_otherwise_fails(
    upstream: RawServer, path: Path, capsys: pytest.CaptureFixture[str]
):
    upstream.expect(whole(b"recorded"))
    with command_recording(upstream, path) as server:
        ask(server)
    assert cli.main(["replay", "--tape", str(path), "--port", "0"]) == 1
    assert "number 1, GET /v1/models" in capsys.readouterr().err
    assert cli.main(["replay", "--tape", str(path), "--port", "0", "--allow-unused"]) == 0


@contextmanager
def command_recording(upstream: RawServer, path: Path) -> Generator[str]:
    from openai_mock import record

    with record(upstream.base_url, path) as server:
        yield server.base_url


@pytest.mark.usefixtures("told_at_once")
def test_tape_that_is_there_needs_a_word(
    upstream: RawServer, path: Path, capsys: pytest.CaptureFixture[str]
):
    arguments = ["record", "--upstream", upstream.base_url, "--tape", str(path), "--port", "0"]
    assert cli.main(arguments) == 0
    assert path.read_bytes() == tape.first_line("/v1")
    printed = capsys.readouterr()
    assert printed.out.startswith("export OPENAI_BASE_URL=http://127.0.0.1:")
    assert "Recording" in printed.err
    assert cli.main(arguments) == 1
    assert capsys.readouterr().err.startswith("openai-mock: The tape")
    assert cli.main([*arguments, "--overwrite"]) == 0


@pytest.mark.usefixtures("told_at_once")
def test_handler_and_logger_are_as_before(upstream: RawServer, path: Path):
    logger = logging.getLogger("openai_mock.recorder")
    before = (signal.getsignal(signal.SIGTERM), logger.level, list(logger.handlers))
    assert (
        cli.main(["record", "--upstream", upstream.base_url, "--tape", str(path), "--port", "0"])
        == 0
    )
    assert (signal.getsignal(signal.SIGTERM), logger.level, list(logger.handlers)) == before


def test_missing_tape_ends_in_a_message(path: Path, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["replay", "--tape", str(path)]) == 1
    assert "Record it first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["record"], "--upstream"),
        (["replay"], "--tape"),
        (["replay", "--tape", "a", "--secret-pattern", "("], "give a regular expression"),
    ],
)
def test_wrong_arguments_are_told(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "shown"), [("record", "--overwrite"), ("replay", "--allow-unused")]
)
def test_help(name: str, shown: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        cli.main([name, "--help"])
    assert caught.value.code == 0
    assert shown in capsys.readouterr().out
