import tracemalloc

import pytest
from openai_stream import EventTooLargeError, NDJSONDecoder, ServerSentEvent
from openai_stream.decoders import ndjson

E = ServerSentEvent


def decoded(*chunks: bytes, max_event_size: int = 1000) -> list[ServerSentEvent]:
    decoder = NDJSONDecoder(max_event_size=max_event_size)
    return [event for chunk in chunks for event in decoder.feed(chunk)]


def test_feed_gives_each_line():
    assert decoded(b'{"a": 1}\n{"a": 2}\n{"a"') == [E(None, b'{"a": 1}'), E(None, b'{"a": 2}')]


def test_feed_joins_what_is_split():
    assert decoded(b'{"a', b'": 1', b"}", b"\n") == [E(None, b'{"a": 1}')]


def test_feed_takes_any_line_end_and_white_space():
    assert decoded(b"1\r\n\r\n \t2\t\n\n3\n") == [E(None, b"1"), E(None, b"2"), E(None, b"3")]


def test_feed_keeps_separators_that_only_text_has():
    data = '"a\x0bb\x0c\x1c\x85\u2028"'.encode()
    assert decoded(data + b"\n") == [E(None, data)]


def test_feed_drops_a_byte_order_mark_at_the_beginning_only():
    assert decoded(b"\xef\xbb", b"\xbf1\n\xef\xbb\xbf2\n") == [
        E(None, b"1"),
        E(None, b"\xef\xbb\xbf2"),
    ]


def test_feed_takes_the_marker_of_the_end_as_json():
    assert decoded(b'"[DONE]"\n') == [E(None, b"[DONE]")]


def test_finish_gives_the_last_line_once():
    decoder = NDJSONDecoder()
    assert decoder.feed(b"1\n2") == [E(None, b"1")]
    assert decoder.finish() == [E(None, b"2")]
    assert decoder.finish() == []


def test_feed_with_an_endless_line_is_an_error_with_the_lines_before_it():
    decoder = NDJSONDecoder(max_event_size=10)
    with pytest.raises(EventTooLargeError, match=r"larger than 10 bytes.*max_event_size") as caught:
        decoder.feed(b"1\n" + b"2" * 11)
    assert caught.value.events == [E(None, b"1")]


def test_feed_with_endless_white_space_is_an_error():
    decoder = NDJSONDecoder(max_event_size=10)
    decoder.feed(b" " * 10)
    with pytest.raises(EventTooLargeError):
        decoder.feed(b" ")


def test_memory_for_a_chunk_of_line_ends_is_that_of_a_step(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ndjson, "STEP", 1000)
    stream = b"\n" * 100_000
    tracemalloc.start()
    try:
        decoded(stream)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50_000  # the list of all lines would have 800,000


@pytest.mark.parametrize(
    "header", ["application/x-ndjson", "Application/JSONL; charset=utf-8", "application/ndjson "]
)
def test_header_that_says_so(header: str):
    assert ndjson.is_ndjson(header)


@pytest.mark.parametrize("header", ["", "application/json", "text/event-stream", "x-ndjson"])
def test_header_that_says_something_else(header: str):
    assert not ndjson.is_ndjson(header)
