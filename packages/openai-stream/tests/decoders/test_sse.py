import tracemalloc

import pytest
from openai_stream import EventTooLargeError, ServerSentEvent, SSEDecoder
from openai_stream.decoders import sse
from openai_types.errors import APIError, DecodeError

E = ServerSentEvent


def decoded(
    *chunks: bytes, max_event_size: int = 1000, error_field: bool = False
) -> list[ServerSentEvent]:
    decoder = SSEDecoder(max_event_size=max_event_size, error_field=error_field)
    return [event for chunk in chunks for event in decoder.feed(chunk)]


def test_feed_with_one_event_gives_it():
    assert decoded(b"data: hello\n\n") == [E(None, b"hello")]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_feed_with_each_line_end_gives_the_same(end: bytes):
    stream = end.join([b"event: add", b"data: 1", b"data: 2", b"", b""])
    assert decoded(stream) == [E("add", b"1\n2")]


def test_feed_with_crlf_split_across_chunks_counts_one_line_end():
    assert decoded(b"data: 1\r", b"\ndata: 2\r\n\r", b"\ndata: 3\n\n") == [
        E(None, b"1\n2"),
        E(None, b"3"),
    ]


def test_feed_with_crlf_split_around_an_empty_chunk_counts_one_line_end():
    assert decoded(b"data: 1\r", b"", b"\ndata: 2\r\n\r\n") == [E(None, b"1\n2")]


def test_feed_with_cr_dispatches_without_waiting_for_lf():
    assert decoded(b"data: 1\r\r") == [E(None, b"1")]


def test_feed_with_separators_that_only_text_has_keeps_them():
    data = "a\x0bb\x0cc\x1cd\x85e\u2028f".encode()
    assert decoded(b"data: " + data + b"\n\n") == [E(None, data)]


def test_feed_with_bom_drops_it():
    assert decoded(b"\xef\xbb\xbfdata: 1\n\n") == [E(None, b"1")]


def test_feed_with_bom_split_across_chunks_drops_it():
    assert decoded(b"\xef", b"\xbb", b"", b"\xbf", b"data: 1\n\n") == [E(None, b"1")]


def test_feed_with_two_boms_drops_the_first_only():
    assert decoded(b"\xef\xbb\xbf\xef\xbb\xbfdata: 1\n\ndata: 2\n\n") == [E(None, b"2")]


def test_feed_with_bom_later_keeps_it():
    assert decoded(b"data: 1\n\ndata: \xef\xbb\xbf\n\n")[1] == E(None, b"\xef\xbb\xbf")


def test_feed_with_half_a_bom_takes_it_as_text():
    assert decoded(b"\xef\xbb", b"data: 1\n\ndata: 2\n\n") == [E(None, b"2")]


def test_feed_with_utf8_split_across_chunks_joins_it():
    assert [event.data for event in decoded(b"data: \xe2", b"\x82", b"\xac\n\n")] == ["€"]


def test_data_with_invalid_utf8_is_replaced():
    [event] = decoded(b"data: a\xffb\xe2\x82\n\n")
    assert event.data == "a\ufffdb\ufffd"


def test_feed_with_comments_ignores_them():
    assert decoded(b": ping\n\n:\n\n: x\ndata: 1\n: y\ndata: 2\n\n: ping\n\n") == [E(None, b"1\n2")]


def test_feed_with_retry_alone_gives_no_event_and_keeps_the_time():
    assert decoded(b"retry: 3000\n\ndata: 1\n\n") == [E(None, b"1", retry=3000)]


@pytest.mark.parametrize("value", [b"", b"3 s", b"-1", b"1.5", "٣".encode(), b"9" * 500])
def test_feed_with_retry_of_other_than_digits_ignores_it(value: bytes):
    assert decoded(b"retry: " + value + b"\ndata: 1\n\n") == [E(None, b"1")]


def test_id_persists_until_the_next():
    stream = b"data: 0\n\nid: a\ndata: 1\n\ndata: 2\n\nid: b\n\ndata: 3\n\nid\ndata: 4\n\n"
    assert [event.id for event in decoded(stream)] == [None, "a", "a", "b", ""]


def test_id_with_nul_is_ignored():
    assert decoded(b"id: a\nid: b\0c\ndata: 1\n\n") == [E(None, b"1", "a")]


def test_event_does_not_persist():
    assert decoded(b"event: a\ndata: 1\n\ndata: 2\n\n") == [E("a", b"1"), E(None, b"2")]


def test_event_of_a_block_without_data_does_not_persist():
    assert decoded(b"event: a\n\ndata: 1\n\n") == [E(None, b"1")]


def test_feed_without_space_after_the_colon_takes_the_value():
    assert decoded(b"event:a\ndata:1\ndata:  2\n\n") == [E("a", b"1\n 2")]


def test_feed_with_field_without_colon_takes_an_empty_value():
    # The example of the standard: an empty event, one of a line feed, one that is not complete.
    assert decoded(b"data\n\ndata\ndata\n\ndata:") == [E(None, b""), E(None, b"\n")]


def test_feed_with_unknown_fields_ignores_them():
    assert decoded(b"error: {}\nDATA: 1\n data: 2\nfoo\n\n") == []


def test_feed_with_error_field_gives_an_error_event_if_asked_for():
    stream = b'data: 1\n\nerror: {"code": 500}\n\ndata: [DONE]\n\n'
    assert decoded(stream, error_field=True) == [
        E(None, b"1"),
        E("error", b'{"code": 500}'),
        E(None, b"[DONE]"),
    ]


def test_feed_with_error_field_right_before_data_keeps_them_apart():
    stream = b"error: x\ndata: [DONE]\n\n"
    assert decoded(stream, error_field=True) == [E("error", b"x"), E(None, b"[DONE]")]


def test_finish_gives_the_event_without_a_blank_line_after_it():
    decoder = SSEDecoder()
    assert decoder.feed(b"event: a\ndata: 1\ndata: 2") == []
    assert decoder.finish() == [E("a", b"1\n2")]
    assert decoder.finish() == []


def test_finish_after_a_complete_event_gives_nothing():
    decoder = SSEDecoder()
    assert decoder.feed(b"data: 1\n\nevent: a\nid: b") == [E(None, b"1")]
    assert decoder.finish() == []


def test_feed_with_an_endless_line_is_an_error():
    decoder = SSEDecoder(max_event_size=100)
    decoder.feed(b"data: " + b"x" * 90)
    with pytest.raises(EventTooLargeError, match=r"larger than 100 bytes.*max_event_size"):
        decoder.feed(b"x" * 10)


def test_feed_with_endless_data_lines_is_an_error():
    decoder = SSEDecoder(max_event_size=100)
    for _ in range(14):
        decoder.feed(b"data: x\n")
    with pytest.raises(EventTooLargeError):
        decoder.feed(b"data: x\n")


def test_feed_with_an_event_too_large_keeps_the_events_before_it():
    with pytest.raises(EventTooLargeError) as caught:
        decoded(b"data: 1\n\ndata: " + b"x" * 100 + b"\n\n", max_event_size=100)
    assert caught.value.events == [E(None, b"1")]
    assert isinstance(caught.value, APIError)


def test_size_counts_each_event_alone_and_no_comments():
    stream = b"data: 0123456789\n: 0123456789\n\n" * 100
    assert len(decoded(stream, max_event_size=30)) == 100


@pytest.mark.parametrize("field", ["event: ", "id: ", "retry: ", "unknown: ", ": ", "error: ", ""])
def test_feed_with_an_endless_field_of_any_kind_is_an_error(field: str):
    decoder = SSEDecoder(max_event_size=100)
    decoder.feed(field.encode() + b"x" * 80)
    with pytest.raises(EventTooLargeError):
        decoder.feed(b"x" * 100)


@pytest.mark.parametrize("field", [b"event: x\n", b"id: x\n", b"retry: 1\n", b"unknown\n"])
def test_feed_with_endless_fields_and_no_blank_line_is_an_error(field: bytes):
    with pytest.raises(EventTooLargeError):
        decoded(*[field] * 100, max_event_size=100)


def test_size_counts_the_name_of_an_event_with_its_data():
    stream = b"event: " + b"x" * 60 + b"\ndata: " + b"x" * 60 + b"\n\n"
    with pytest.raises(EventTooLargeError):
        decoded(stream, max_event_size=100)
    assert len(decoded(stream, max_event_size=133)) == 1


def peak_of(stream: bytes) -> int:
    """Bytes of memory that decoding takes at most, beside those of the stream itself."""
    tracemalloc.start()
    try:
        decoded(stream, max_event_size=len(stream))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_for_many_short_lines_is_in_proportion_to_their_bytes(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(sse, "STEP", 1000)
    stream = b"data:xy\n" * 60_000 + b"\n"
    assert peak_of(stream) < 2 * len(stream)  # the list of the lines would have seven times that


def test_memory_for_a_chunk_of_line_ends_is_that_of_a_step(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sse, "STEP", 1000)
    assert peak_of(b"\n" * 100_000) < 50_000  # the list of all lines would have 800,000


def test_memory_for_a_large_event_in_pieces_is_two_copies():
    size = 1_000_000
    chunks = [b"data: ", *[b"x" * 1000] * (size // 1000), b"\n\n"]
    tracemalloc.start()
    try:
        [event] = decoded(*chunks, max_event_size=2 * size)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(event.raw_data) == size
    assert peak < 2.3 * size  # the line as it grows, with its reserve, and the event's data


def test_feed_byte_by_byte_keeps_no_more_than_the_event():
    decoder = SSEDecoder(max_event_size=200_000)
    event = b"data: " + b"x" * 150_000 + b"\n\n"
    received = [got for _ in range(2) for byte in event for got in decoder.feed(bytes([byte]))]
    assert received == [E(None, b"x" * 150_000)] * 2


def test_json_gives_the_value():
    assert E(None, b'{"a": [1, null]}').json() == {"a": [1, None]}


@pytest.mark.parametrize("data", [b"", b"[DONE]", b'{"a":', b"[" * 100_000])
def test_json_of_other_data_is_a_decode_error(data: bytes):
    with pytest.raises(DecodeError, match="not JSON") as caught:
        E(None, data).json()
    assert caught.value.data == data
