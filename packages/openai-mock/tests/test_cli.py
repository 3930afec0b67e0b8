import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from openai_mock import cli
from openai_mock.version import __version__

# A shell lets what it runs in the background ignore Ctrl-C, and children inherit that.
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from openai_mock.cli import main
exit(main())
"""
COMMAND = [sys.executable, "-W", "error", "-c", PROGRAM]
PATIENCE = 60  # seconds; reached only when something is broken


def variables(lines: list[str]) -> dict[str, str]:
    assert all(line.startswith("export ") for line in lines)
    return dict(line.removeprefix("export ").strip().split("=", 1) for line in lines)


def interrupted(_: float) -> None:
    raise KeyboardInterrupt


def test_variables_are_printed_for_a_shell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(cli, "time", SimpleNamespace(sleep=interrupted))
    assert cli.main(["serve", "--port", "0", "--api-key", "sk-$mine"]) == 130
    printed = capsys.readouterr()
    found = variables(printed.out.splitlines())
    assert found["OPENAI_API_KEY"] == "'sk-$mine'"
    assert found["OPENAI_BASE_URL"].startswith("http://127.0.0.1:")
    assert found["OPENAI_BASE_URL"].endswith("/v1")
    assert found["OPENAI_WEBHOOK_SECRET"].startswith("whsec_")
    assert "Ctrl-C" in printed.err


@pytest.mark.parametrize(("option", "status"), [([], "queued"), (["--instant-jobs"], "completed")])
def test_jobs_may_be_instant(
    option: list[str],
    status: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    seen: list[str] = []

    def poll(_: float) -> None:
        found = variables(capsys.readouterr().out.splitlines())
        headers = {"authorization": f"Bearer {found['OPENAI_API_KEY']}"}
        with httpx.Client(
            base_url=found["OPENAI_BASE_URL"], headers=headers, trust_env=False
        ) as client:
            made = client.post("/videos", files={"prompt": (None, "A cat")}).json()
            seen.append(client.get(f"/videos/{made['id']}").json()["status"])
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "time", SimpleNamespace(sleep=poll))
    assert cli.main(["serve", "--port", "0", *option]) == 130
    assert seen == [status]


@pytest.mark.parametrize(
    ("arguments", "busy_with"),
    [
        (["serve"], "openai_mock.server.serve"),
        (["openapi"], "openai_mock.described.openapi.document"),
        (
            ["record", "--upstream", "http://a/v1", "--tape", "a"],
            "openai_mock.recorder.sessions.record",
        ),
        (["replay", "--tape", "a"], "openai_mock.recorder.sessions.replay"),
    ],
)
def test_commands_may_be_told_to_end_while_they_begin(
    arguments: list[str],
    busy_with: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setattr(busy_with, lambda *_, **__: interrupted(0))
    assert cli.main(arguments) == 130
    assert capsys.readouterr() == ("", "")


def test_port_in_use_ends_in_a_message(capsys: pytest.CaptureFixture[str]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert cli.main(["serve", "--port", str(taken.getsockname()[1])]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("openai-mock: The mock server cannot listen")


def test_impossible_key_ends_in_a_message(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["serve", "--port", "0", "--api-key", ""]) == 1
    assert "api_key" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [("--as", "deepsek", "Did you mean 'deepseek'"), ("--fault", "cutt:1", "Did you mean 'cut'")],
)
def test_wrong_name_ends_in_a_message(
    option: str, value: str, told: str, capsys: pytest.CaptureFixture[str]
):
    assert cli.main(["serve", "--port", "0", option, value]) == 1
    assert told in capsys.readouterr().err


def test_quirks_are_told(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["quirks", "deepseek"]) == 0
    assert "- No balance is a 402: [no_balance].\n" in capsys.readouterr().out
    assert cli.main(["quirks", "deepsek"]) == 1
    assert "Did you mean 'deepseek'" in capsys.readouterr().err


def test_server_is_told_its_provider_and_faults(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    found: list[httpx.Response] = []

    def ask(_: float) -> None:
        url = variables(capsys.readouterr().out.splitlines())["OPENAI_BASE_URL"]
        found.append(httpx.get(f"{url}/models", trust_env=False))
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "time", SimpleNamespace(sleep=ask))
    options = ["--as", "zhipu", "--fault", "retry_after:7", "--fault", "content_type:text/x"]
    assert cli.main(["serve", "--port", "0", *options]) == 130
    [answer] = found
    assert answer.request.url.path == "/api/paas/v4/models"
    assert answer.json()["error"]["code"] == "1000"
    assert (answer.headers["retry-after"], answer.headers["content-type"]) == ("7", "text/x")


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]):
    assert cli.main([]) == 2
    assert "serve" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["--version"], __version__),
        (["--help"], "serve"),
        (["serve", "--help"], "--api-key"),
        (["serve", "--help"], "  deepseek       DeepSeek: "),
        (["serve", "--help"], "  cut:after_bytes,after_events  Close the connection"),
    ],
)
def test_what_is_told_without_serving(
    arguments: list[str], shown: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 0
    assert shown in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_command_serves_until_it_is_told_to_end(
    number: signal.Signals, status: int, tmp_path: Path
):
    state = tmp_path / "state.db"
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--state", str(state)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        found = variables([process.stdout.readline() for _ in range(3)])
        headers = {"authorization": f"Bearer {found['OPENAI_API_KEY']}"}
        body = {"model": "gpt-5.5", "input": "Hi"}
        url = f"{found['OPENAI_BASE_URL']}/responses"
        answer = httpx.post(url, json=body, headers=headers, trust_env=False)
        process.send_signal(number)
        try:
            _, said = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()  # else leaving the block waits for it without an end
    assert answer.status_code == 200
    assert process.returncode == status
    assert "Traceback" not in said
    assert len(said.splitlines()) == 1
    assert [*tmp_path.iterdir()] == [state]  # it was closed, and has no log left


@pytest.mark.skipif(os.name == "nt", reason="Windows tells of a closed pipe in other ways")
def test_reader_may_have_enough_of_the_document():
    short = "import openai_mock.described.openapi as it; it.document = lambda: b'long' * 100_000"
    command = [*COMMAND[:-1], f"{short}\n{PROGRAM}", "openapi"]  # making it takes seconds
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        process.stdout.close()
        try:
            assert process.stderr
            said = process.stderr.read()
            assert (process.wait(PATIENCE), said) == (0, "")
        finally:
            process.kill()
