from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from openai_mock.recorder.exchange import Chunk, Exchange, Message, Request
from openai_mock.recorder.lines import LineError, event_line, read_event, read_request

from .unhurried import unhurried

NAMES = [
    *("request", "method", "path", "headers", "json", "status", "chunk", "accepted", "client"),
    *("server", "end", "ms", "by", "code", "reason", "base64"),
]
ANY = st.recursive(
    st.none() | st.integers() | st.sampled_from(["", "closed", "complete", "client", "AAE="]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=4,
)


def test_bytes_are_text_where_they_are_utf8():
    assert event_line(Chunk("é".encode(), 1)) == {"chunk": "é", "ms": 1}
    assert event_line(Chunk(b"\xff", 1)) == {"chunk": {"base64": "/w=="}, "ms": 1}


def test_bytes_on_a_websocket_are_never_text():
    assert event_line(Message("client", b"a", 1)) == {"client": {"base64": "YQ=="}, "ms": 1}
    assert event_line(Message("server", "a", 1)) == {"server": "a", "ms": 1}


@unhurried
@given(st.dictionaries(st.sampled_from(NAMES), ANY))
def test_any_line_is_read_or_refused(line: dict[str, Any]):
    for read in (read_request, read_event):
        with suppress(LineError):
            read(line)


def test_exchange_is_called_by_its_number():
    request = Request("GET", "/v1/models?limit=2", (), {})
    assert str(Exchange(3, request, ())) == "number 3, GET /v1/models?limit=2"
