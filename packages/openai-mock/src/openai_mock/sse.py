"""Events as bytes of a `text/event-stream`. Knows the framing, not what the events mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MEDIA_TYPE = "text/event-stream"
DONE = b"data: [DONE]\n\n"


def named(events: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    """Frames that repeat the event's type as its name, as the Responses API sends them."""
    for event in events:
        yield b"event: %b\ndata: %b\n\n" % (str(event["type"]).encode(), to_json(event))


def unnamed(chunks: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    """Frames without a name and the mark of the end, as chat completions are sent."""
    for chunk in chunks:
        yield b"data: %b\n\n" % to_json(chunk)
    yield DONE
