from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from openai_suite import __version__
from openai_suite.cli import main

FULL = Path("/dev/full")
COMMAND = [sys.executable, "-W", "error", "-m", "openai_suite"]


def run(
    *arguments: str, stdout: int = subprocess.PIPE, **variables: str
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with these variables and no other of the API's."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    return subprocess.run(
        [*COMMAND, *arguments],
        env={**plain, "PYTHONUTF8": "1", **variables},
        stdout=stdout,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_version(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"openai-suite {__version__}\n"


def test_no_command_prints_the_help(capsys: pytest.CaptureFixture[str]):
    assert main([]) == 2
    assert "demo" in capsys.readouterr().out


def test_demo_shows_every_job_and_succeeds():
    done = run("demo")
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 of 4 worked" in done.stdout
    assert "Say hello to whoever reads this." in done.stdout
    assert "client.responses.create(" in done.stdout
    assert "→ POST http://127.0.0.1:" in done.stdout
    assert "← 200 OK" in done.stdout
    assert "response.create" in done.stdout
    assert "response.completed of resp_" in done.stdout


def test_demo_without_colours_where_the_output_is_no_terminal():
    assert "\x1b[" not in run("demo").stdout


def test_demo_against_a_server_that_is_not_there_fails_with_the_remedy():
    port = free_port()
    done = run("demo", "--base-url", f"http://127.0.0.1:{port}/v1")
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stdout
    assert "start the server, or correct base_url" in done.stdout
    assert "1 of 4 worked" in done.stdout  # the webhook comes from the mock all the same
    assert "Traceback" not in done.stderr


def test_demo_with_a_key_that_cannot_be_sent_ends_at_once():
    done = run("demo", OPENAI_API_KEY="sk-secret\n")
    assert done.returncode == 1
    assert "OPENAI_API_KEY" in done.stderr
    assert "sk-secret" not in done.stdout + done.stderr


def test_demo_with_an_empty_base_url_ends_at_once():
    done = run("demo", OPENAI_API_KEY="sk-test", OPENAI_BASE_URL="")
    assert done.returncode == 1
    assert "The base URL in OPENAI_BASE_URL is empty" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows tells of a closed pipe in other ways")
def test_reader_of_the_demo_may_have_enough():
    reading, writing = os.pipe()
    os.close(reading)
    done = run("demo", stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not FULL.exists(), reason="no device here is always full")
def test_demo_that_cannot_be_written_says_so():
    with FULL.open("wb") as full:
        done = run("demo", stdout=full.fileno())
    assert done.returncode == 1
    assert done.stderr.startswith("openai-suite: [Errno 28]")
    assert len(done.stderr.splitlines()) == 1


def test_demo_is_shown_where_there_are_no_arrows():
    done = run("demo", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "? POST http://127.0.0.1:" in done.stdout
