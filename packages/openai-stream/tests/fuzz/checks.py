"""What holds for any bytes at all: the checks that the fuzzer makes, and the replay of its corpus.

Each takes the bytes of a stream. How they are split is drawn from the bytes themselves, so that an
input which fails does so again.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from openai_stream import (
    EventReader,
    EventTooLargeError,
    NDJSONDecoder,
    PartialJSON,
    ServerSentEvent,
    SSEDecoder,
)
from openai_stream.errors import NotAStreamError
from openai_stream.parsing.partial_json import MAX_DEPTH, PartialMode
from openai_stream.terminal import TerminalContract, chat_completions, responses
from openai_types import Decoder
from openai_types.chat import ChatCompletionChunk
from openai_types.errors import APIError
from openai_types.responses import ResponseStreamEvent

from .references import by_lines, by_the_standard, by_the_standard_parser, utf8

HERE = Path(__file__).parent
FOLDERS = (HERE / "corpus", HERE.parent / "transcripts/chat")
"""Where streams are: adversarial ones, those that the fuzzer found, and one of each provider."""
DRIPPED = 500  # bytes of a stream that are also given one by one
CUTS = 8

chunk: Decoder[Any] = Decoder(ChatCompletionChunk)  # Any: whatever the bytes make of it
response_event: Decoder[Any] = Decoder(ResponseStreamEvent)


def corpus() -> list[Path]:
    """The files in those folders that tests replay."""
    return sorted(path for folder in FOLDERS for path in folder.iterdir())


def splits(stream: bytes) -> Iterator[list[bytes]]:
    """Some ways to split a stream, the same ones each time."""
    edges = [0, *sorted(_random(stream).choices(range(len(stream) + 1), k=CUTS)), len(stream)]
    yield [stream[a:b] for a, b in pairwise(edges)]
    if len(stream) <= DRIPPED:
        yield [bytes([byte]) for byte in stream]


def _random(stream: bytes) -> random.Random:
    return random.Random(zlib.crc32(stream))  # noqa: S311 - to be the same again, not secret


def check_sse(stream: bytes) -> None:
    """The decoder agrees with the standard; any split, also at a limit, is as good as the whole."""
    assert utf8(SSEDecoder().feed(stream)) == utf8(by_the_standard(stream))
    for limit in (2**20, 100):
        whole = _decoded(SSEDecoder(max_event_size=limit, error_field=True), [stream])
        for pieces in splits(stream):
            split = _decoded(SSEDecoder(max_event_size=limit, error_field=True), pieces)
            assert split == whole, (pieces, limit)


def check_ndjson(stream: bytes) -> None:
    """The decoder agrees with the plain way; any split is as good as the whole, also at a limit."""
    events, _ = _decoded(NDJSONDecoder(), [stream])
    assert [event.raw_data for event in events] == by_lines(stream)
    for limit in (2**20, 100):
        whole = _decoded(NDJSONDecoder(max_event_size=limit), [stream])
        for pieces in splits(stream):
            assert _decoded(NDJSONDecoder(max_event_size=limit), pieces) == whole, (pieces, limit)


def check_events(stream: bytes) -> None:
    """Typed streams end in events or a documented error, the same for any split."""
    for decode, contract in ((chunk, chat_completions), (response_event, responses)):
        whole = _outcome([stream], decode, contract)
        for pieces in splits(stream):
            assert _outcome(pieces, decode, contract) == whole, pieces


def check_partial_json(stream: bytes) -> None:
    """Any split of a text is read alike, and as the standard parser reads it if it is JSON."""
    text = stream.decode(errors="replace")
    whole = _parsed([text])
    edges = [0, *sorted(_random(stream).choices(range(len(text) + 1), k=CUTS)), len(text)]
    assert _parsed([text[a:b] for a, b in pairwise(edges)]) == whole
    known, value = by_the_standard_parser(text.removeprefix("\ufeff"), deepest=MAX_DEPTH)
    if known:
        assert (whole.complete, whole.value) == (value is not None, value), text


CHECKS = (check_sse, check_ndjson, check_events, check_partial_json)


class Parsed(NamedTuple):
    """What came of a text."""

    complete: bool
    value: str | None  # as `repr`: numbers are compared as they are, and 1 is not 1.0
    parts: list[str]
    error: bool


def _parsed(pieces: list[str]) -> Parsed:
    parser = PartialJSON()
    parts = [repr(each) for piece in pieces for each in parser.feed(piece)]
    # What a token that cannot be JSON had before it went wrong depends on the pieces.
    modes: tuple[PartialMode, ...] = ("on", "trailing-strings", "all")
    known = [] if parser.error else [repr(parser.value(mode)) for mode in modes]
    parts += [repr(each) for each in parser.finish()]
    value = repr(parser.value("on")) if parser.complete else None
    # Where in a token it went wrong depends on the pieces, and so does what the error shows.
    error = parser.error is not None
    return Parsed(parser.complete, value, parts + known, error)


def _decoded(
    decoder: SSEDecoder | NDJSONDecoder, chunks: list[bytes]
) -> tuple[list[ServerSentEvent], bool]:
    """The events, and whether one was too large."""
    events: list[ServerSentEvent] = []
    try:
        for piece in chunks:
            events += decoder.feed(piece)
        events += decoder.finish()
    except EventTooLargeError as error:
        before = [event for event in error.events if isinstance(event, ServerSentEvent)]
        return events + before, True
    return events, False


def _outcome(
    chunks: list[bytes], decode: Decoder[Any], contract: Callable[[], TerminalContract[Any]]
) -> tuple[str, str]:
    reader = EventReader(decode, contract())
    for piece in chunks:
        reader.feed(piece)
    try:
        reader.finish()
        ending = "complete"
    except NotAStreamError:  # how much of it had come by then depends on the pieces
        ending = "no stream"
    except APIError as error:
        ending = f"{type(error).__name__} {error}"
    return repr(reader.events), ending  # repr: not-a-number is never equal to itself
