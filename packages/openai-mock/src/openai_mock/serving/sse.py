"""Events as bytes of a `text/event-stream`. Knows the framing, not what the events mean.

Decides how many events go out together: sending costs as much as making several of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openai_mock.replies import Frame

MEDIA_TYPE = "text/event-stream"
TOGETHER = 8192  # bytes of events, about; they are made in less than a millisecond


def written(frame: Frame) -> bytes:
    """The bytes of one event: text as it is, all else as JSON."""
    name, value = frame
    data = value.encode() if isinstance(value, str) else to_json(value)
    if name is None:
        return b"data: %b\n\n" % data
    return b"event: %b\ndata: %b\n\n" % (name.encode(), data)


def joined(frames: Iterable[Frame]) -> Iterator[bytes]:
    """The bytes of events, of several together as long as they are few.

    Nothing is held back for longer than it takes to make the others. If an event cannot be made,
    those before it come first.
    """
    held, size = list[bytes](), 0
    try:
        for frame in frames:
            event = written(frame)
            held.append(event)
            size += len(event)
            if size >= TOGETHER:
                yield b"".join(held)
                held, size = [], 0
    except Exception:
        if held:
            yield b"".join(held)
        raise
    if held:
        yield b"".join(held)
