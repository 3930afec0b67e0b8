from __future__ import annotations

import io
import logging

import httpx
import pytest
from openai_suite.demo.stage import Stage
from openai_suite.demo.wire import frame_of, watched_http_client, watched_websockets

LOGGER = logging.getLogger("openai_realtime.websocket")


def test_requests_and_responses_are_shown_without_headers(monkeypatch: pytest.MonkeyPatch):
    def answer(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={}, request=request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", answer)
    out = io.StringIO()
    with watched_http_client(Stage(out)) as client:
        client.post("http://h/v1", content="body", headers={"authorization": "Bearer sk-secret"})
    assert "→ POST http://h/v1" in out.getvalue()
    assert "body" in out.getvalue()
    assert "← 200 OK, application/json, no request id" in out.getvalue()
    assert "sk-secret" not in out.getvalue()


@pytest.mark.parametrize(
    ("record", "frame"),
    [
        ('> TEXT \'{"type":"a"}\' [12 bytes]', '{"type":"a"} [12 bytes]'),
        ("< TEXT '{...}' [9 bytes]", "{...} [9 bytes]"),
    ],
)
def test_frame_is_taken_out_of_its_log_record(record: str, frame: str):
    assert frame_of(record) == frame


def test_text_frames_are_shown_and_nothing_else(capsys: pytest.CaptureFixture[str]):
    out = io.StringIO()
    with watched_websockets(Stage(out)):
        LOGGER.debug("> TEXT '%s' [2 bytes]", "{}")
        LOGGER.debug('< TEXT \'{"type":"response.output_text.delta"}\' [40 bytes]')
        LOGGER.debug('< TEXT \'{"type":"response.done"}\' [20 bytes]')
        LOGGER.debug("> authorization: %s", "[removed]")
        LOGGER.debug("= connection is OPEN")
    LOGGER.debug("> TEXT 'later' [5 bytes]")
    assert out.getvalue() == ('  → {} [2 bytes]\n  ← {"type":"response.done"} [20 bytes]\n')
    assert capsys.readouterr().err == ""
