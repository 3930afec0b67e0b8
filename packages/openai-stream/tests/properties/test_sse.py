"""Any split of any bytes gives what the standard says of the whole."""

from hypothesis import example, given
from hypothesis import strategies as st
from openai_stream import EventTooLargeError, ServerSentEvent, SSEDecoder

from ..fuzz.references import by_the_standard, utf8  # noqa: TID252 - test folders are no packages

PIECES = [b"data", b"data: ", b"event: ", b"id: ", b"retry: ", b": ", b"error: x", b"12", b"{}"]
ENDS = [b"\n", b"\r", b"\r\n", b"\n\n", b"\r\r", b"\r\n\r\n"]
OTHERS = [b"\xef\xbb\xbf", b"\0", b"\xff", b"\xe2\x82", b"\xac", b":", b" ", b"\x85", b"\x1c"]

streams = st.lists(st.sampled_from(PIECES + ENDS + OTHERS) | st.binary(max_size=4)).map(b"".join)


@st.composite
def split(draw: st.DrawFn, stream: bytes) -> list[bytes]:
    cuts = sorted(draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    return [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]


def fed(chunks: list[bytes], *, limit: int = 1000) -> tuple[list[ServerSentEvent], bool]:
    """The events, and whether one was too large."""
    decoder = SSEDecoder(max_event_size=limit)
    events: list[ServerSentEvent] = []
    try:
        for chunk in chunks:
            events += decoder.feed(chunk)
        events += decoder.finish()
    except EventTooLargeError as error:
        events += [event for event in error.events if isinstance(event, ServerSentEvent)]
        return events, True
    return events, False


@given(streams)
@example(b"\xef\xbb\xbfdata: 1\r\n\r\n")
@example(b"retry: 007\ndata\n\n")
def test_decoder_agrees_with_the_standard(stream: bytes):
    assert utf8(SSEDecoder().feed(stream)) == utf8(by_the_standard(stream))


@given(st.data(), streams)
def test_decoder_gives_the_same_for_any_split(data: st.DataObject, stream: bytes):
    assert fed(data.draw(split(stream))) == fed([stream])


@given(st.data(), streams | st.just(b"\xef\xbb\xbf"), st.integers(0, 30))
def test_limit_strikes_at_the_same_event_for_any_split(
    data: st.DataObject, stream: bytes, limit: int
):
    assert fed(data.draw(split(stream)), limit=limit) == fed([stream], limit=limit)


@given(streams)
def test_finish_gives_what_a_blank_line_would_have(stream: bytes):
    decoder = SSEDecoder()
    events = decoder.feed(stream) + decoder.finish()
    assert utf8(events) == utf8(by_the_standard(stream + b"\n\n"))


texts = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]))
events_of_a_stream = st.builds(
    ServerSentEvent,
    st.none() | texts.filter(bool),
    st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"])).map(str.encode),
    texts.filter(lambda text: "\0" not in text),
    st.integers(0, 10**17),
)


@given(st.data(), st.lists(events_of_a_stream))
def test_rendered_events_come_back(data: st.DataObject, events: list[ServerSentEvent]):
    def end() -> bytes:
        return data.draw(st.sampled_from([b"\n", b"\r\n"]))

    def noise() -> bytes:
        return data.draw(st.sampled_from([b"", b"", b": ping\n", b"unknown: 1\n", b":\r\n"]))

    stream = data.draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    for event in events:
        lines = [b"id: %s" % (event.id or "").encode(), b"retry: %d" % (event.retry or 0)]
        lines += [b"data: " + line for line in event.raw_data.split(b"\n")]
        if event.event is not None:
            lines.append(b"event: " + event.event.encode())
        stream += b"".join(noise() + line + end() for line in lines)
        stream += noise() + end()
    chunks = data.draw(split(stream))
    decoder = SSEDecoder()
    assert [event for chunk in chunks for event in decoder.feed(chunk)] == events
