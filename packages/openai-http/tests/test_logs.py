from __future__ import annotations

import logging
import subprocess
import sys
from typing import Any

import pytest
from openai_http import InternalServerError, OpenAI
from openai_http.logs import FIELD, configure, logger

SECRET = "sk-very-secret-0123456789"


@pytest.fixture
def client(server: Any):
    with OpenAI(api_key=SECRET, base_url=server.url, max_retries=1) as made:
        yield made


def fields(records: list[logging.LogRecord]) -> list[dict[str, Any]]:
    return [vars(record)[FIELD] for record in records]


def test_answers_and_retries_are_logged(
    client: OpenAI, server: Any, caplog: pytest.LogCaptureFixture
):
    server.play(
        server.answer(500, f"no: {SECRET}", retry_after_ms="0"),
        server.json(200, {"id": "m"}, x_request_id="req_1"),
    )
    with caplog.at_level(logging.DEBUG, logger=logger.name):
        client.models.retrieve("m", extra_query={"token": SECRET})
    records = [record for record in caplog.records if record.name == logger.name]
    first, failed, wait, second, answered = fields(records)
    assert (first["attempt"], second["attempt"]) == (1, 2)
    assert (failed["status"], answered["status"]) == (500, 200)
    assert (wait["error"], wait["wait"], wait["outcome"]) == ("InternalServerError", 0, "answered")
    assert answered["request_id"] == "req_1"
    assert all(each["endpoint"] == f"GET {server.url}/models/m" for each in fields(records))
    assert SECRET not in caplog.text + repr(fields(records))
    assert "trying again in 0.00 s" in caplog.text


def test_end_of_a_call_is_logged(client: OpenAI, server: Any, caplog: pytest.LogCaptureFixture):
    server.play(server.answer(500, retry_after_ms="0"), server.answer(500))
    with (
        caplog.at_level(logging.INFO, logger=logger.name),
        pytest.raises(InternalServerError),
    ):
        client.models.list()
    assert fields(caplog.records)[-1]["wait"] is None
    assert "attempt 2 failed with InternalServerError" in caplog.text


def test_nothing_is_made_where_nobody_listens(
    client: OpenAI, server: Any, caplog: pytest.LogCaptureFixture
):
    server.play(server.json(200, {"id": "m"}))
    with caplog.at_level(logging.WARNING, logger=logger.name):
        client.models.retrieve("m")
    assert not caplog.records


def test_variable_shows_what_is_logged(server: Any):
    server.play(server.json(200, {"id": "m"}))
    code = (
        "from openai_http import OpenAI\n"
        f"with OpenAI(api_key='k', base_url={server.url!r}) as client: client.models.retrieve('m')"
    )
    environment = {"OPENAI_LOG": "info", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert f"openai_http INFO] GET {server.url}/models/m: 200 after" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("level", [None, "", "loud"])
def test_other_values_of_the_variable_change_nothing(level: str | None):
    before = logger.level, list(logger.handlers)
    configure(level)
    assert (logger.level, list(logger.handlers)) == before
