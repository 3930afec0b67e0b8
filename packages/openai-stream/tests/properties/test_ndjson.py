"""Any split of any bytes gives the lines of the whole."""

import itertools
import json

from hypothesis import given
from hypothesis import strategies as st
from openai_stream import EventTooLargeError, NDJSONDecoder

PIECES = [b"\n", b"\r\n", b"\r", b" ", b"{}", b'"', b"\xef\xbb\xbf", b"\xff", b"\x85", b"12"]
streams = st.lists(st.sampled_from(PIECES) | st.binary(max_size=4)).map(b"".join)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def split(stream: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    return [stream[a:b] for a, b in itertools.pairwise(edges)]


def lines_of(chunks: list[bytes], *, limit: int = 1000) -> tuple[list[object], bool]:
    """The lines, and whether one was too large."""
    decoder = NDJSONDecoder(max_event_size=limit)
    events: list[object] = []
    try:
        for chunk in chunks:
            events += decoder.feed(chunk)
        events += decoder.finish()
    except EventTooLargeError as error:
        return [*events, *error.events], True
    return events, False


@given(streams, st.lists(st.integers(0, 100)), st.integers(0, 30))
def test_any_split_gives_the_same_also_at_the_limit(stream: bytes, cuts: list[int], limit: int):
    chunks = split(stream, cuts)
    assert lines_of(chunks) == lines_of([stream])
    assert lines_of(chunks, limit=limit) == lines_of([stream], limit=limit)


@given(st.lists(values), st.sampled_from(["\n", "\r\n"]), st.lists(st.integers(0, 300)))
def test_rendered_values_come_back(written: list[object], end: str, cuts: list[int]):
    stream = "".join(json.dumps(value, ensure_ascii=False) + end for value in written).encode()
    decoder = NDJSONDecoder()
    events = [event for chunk in split(stream, cuts) for event in decoder.feed(chunk)]
    assert [event.json() for event in events] == written
    assert decoder.finish() == []
