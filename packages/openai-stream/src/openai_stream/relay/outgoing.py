"""Bytes to forward a stream to somebody else, a browser or another service, as it arrives.

Decides how events, errors and the end look on the wire. Knows no API but by the fields of its
events, and sends nothing: whoever forwards the bytes asks for the next piece when he has room for
it, and only then is the next event read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Generic,
    Protocol,
    TypeVar,
    cast,
    runtime_checkable,
)

from openai_types.errors import APIError, OpenAIError
from pydantic import BaseModel

from openai_stream.decoders.ndjson import DONE, MARKER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from typing import Self

E = TypeVar("E")
R = TypeVar("R")


class Form(Protocol):
    """How a stream looks on the wire."""

    def event(self, event: object) -> bytes:
        """One event."""
        ...

    def error(self, error: OpenAIError) -> bytes:
        """The error with which the stream ended."""
        ...

    def done(self) -> bytes:
        """The marker with which some APIs end their streams; empty if there is none."""
        ...


class ServerSentEvents:
    """`text/event-stream`, as the API itself sends it: `EventSource` and other SDKs read it."""

    def event(self, event: object) -> bytes:
        """One event, by its name where the API names its events, and its data as JSON."""
        name, data = _parts(event)
        return _frame(name, encoded(data))

    def error(self, error: OpenAIError) -> bytes:
        """An event of the name "error", with the API's error object."""
        return _frame("error", encoded(error_object(error)))

    def done(self) -> bytes:
        """`data: [DONE]`."""
        return _frame(None, DONE)


class LinesOfJson:
    """`application/x-ndjson`: each event is a line of JSON."""

    def event(self, event: object) -> bytes:
        """One event."""
        return encoded(event) + b"\n"

    def error(self, error: OpenAIError) -> bytes:
        """The API's error object."""
        return encoded(error_object(error)) + b"\n"

    def done(self) -> bytes:
        """The marker as JSON: without it, lines that are cut off might look whole."""
        return MARKER + b"\n"


@runtime_checkable
class Shown(Protocol):
    """An event of a high-level stream that is no model."""

    def to_dict(self, *, worked_out: bool) -> dict[str, object]:
        """What it has, or also what it works out."""
        ...


class _Pieces:
    """What both kinds of relay share: all but the reading."""

    # Any: events of every kind, here and below.
    def __init__(
        self, form: Form, convert: Callable[[Any], object] | None, is_marked: Callable[[], bool]
    ) -> None:
        self._form = form
        self._convert = convert
        self._is_marked = is_marked
        self._ended = False
        self.error: OpenAIError | None = None

    def _event(self, event: object) -> bytes:
        shown = event if self._convert is None else self._convert(event)
        return b"" if shown is None else self._form.event(shown)

    def _end(self) -> bytes:
        self._ended = True
        return self._form.done() if self._is_marked() else b""

    def _fail(self, error: OpenAIError) -> bytes:
        self._ended = True
        self.error = error
        return self._form.error(error)


class Source(Protocol):
    """A stream that can be relayed."""

    def __iter__(self) -> Iterator[object]:
        """The loop over its events; dropping it before the end closes the stream."""
        ...

    def close(self) -> None:
        """Release the connection."""
        ...


class Relay(_Pieces):
    """The bytes of a stream, a piece for each event; ends with it, also if it fails.

    The loop over the stream begins with the first piece, and is left when nobody has this any more.

    Args:
        stream: what is relayed.
        form: how it looks.
        convert: makes of an event what is sent instead; None leaves it out.
        is_marked: whether the stream, when it is over, ended with `[DONE]`.

    Attributes:
        error: what the stream raised, which the last piece tells; None if it raised nothing.
    """

    def __init__(
        self,
        stream: Source,
        form: Form,
        convert: Callable[[Any], object] | None,
        is_marked: Callable[[], bool],
    ) -> None:
        super().__init__(form, convert, is_marked)
        self._stream = stream
        self._loop: Iterator[object] | None = None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        while not self._ended:
            if piece := self._piece():
                return piece
        raise StopIteration

    def _piece(self) -> bytes:
        try:
            if self._loop is None:
                self._loop = iter(self._stream)
            return self._event(next(self._loop))
        except StopIteration:
            return self._end()
        except OpenAIError as error:
            return self._fail(error)

    def close(self) -> None:
        """Close the stream; web servers do this when the browser is gone."""
        self._ended = True
        self._stream.close()


class AsyncSource(Protocol):
    """A stream that can be relayed, for asynchronous code."""

    def __aiter__(self) -> AsyncIterator[object]:
        """The loop over its events; dropping it before the end closes the stream."""
        ...

    async def close(self) -> None:
        """Release the connection."""
        ...


class AsyncRelay(_Pieces):
    """The bytes of a stream, a piece for each event; ends with it, also if it fails.

    The loop over the stream begins with the first piece, and is left when nobody has this any more.

    Args:
        stream: what is relayed.
        form: how it looks.
        convert: makes of an event what is sent instead; None leaves it out.
        is_marked: whether the stream, when it is over, ended with `[DONE]`.

    Attributes:
        error: what the stream raised, which the last piece tells; None if it raised nothing.
    """

    def __init__(
        self,
        stream: AsyncSource,
        form: Form,
        convert: Callable[[Any], object] | None,
        is_marked: Callable[[], bool],
    ) -> None:
        super().__init__(form, convert, is_marked)
        self._stream = stream
        self._loop: AsyncIterator[object] | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        while not self._ended:
            if piece := await self._piece():
                return piece
        raise StopAsyncIteration

    async def _piece(self) -> bytes:
        try:
            if self._loop is None:
                self._loop = aiter(self._stream)
            return self._event(await anext(self._loop))
        except StopAsyncIteration:
            return self._end()
        except OpenAIError as error:
            return self._fail(error)

    async def close(self) -> None:
        """Close the stream."""
        self._ended = True
        await self._stream.close()


class Relayable(Generic[E, R]):
    """What a stream of events `E` is forwarded with; `R` is the kind of relay."""

    _relay: ClassVar[Any]  # Any: the class R, which a variable of a class cannot be said to hold

    def _is_marked(self) -> bool:
        """Whether the stream ended with `[DONE]`."""
        raise NotImplementedError

    def to_sse(self, convert: Callable[[E], object] | None = None) -> R:
        """The stream as the bytes of a `text/event-stream`, a piece for each event.

        An event is read when its piece is asked for. An error of the stream becomes a last event
        of the name "error" with the API's error object, and is in `error` of what this gives.
        `[DONE]` is the last piece if the stream ended with it. Read it back with `from_sse`.

        Args:
            convert: makes of an event what is sent instead: a model, a dict or another value of
                JSON; None leaves the event out. For what its reader need not know, like the
                instructions that events of responses repeat.
        """
        return self._relay(self, ServerSentEvents(), convert, self._is_marked)

    def to_ndjson(self, convert: Callable[[E], object] | None = None) -> R:
        """The stream as lines of JSON, a piece for each event; otherwise as `to_sse`.

        An error is a last line with the API's error object. Where the stream ended with `[DONE]`,
        this is the last line, as JSON: `"[DONE]"`. Read it back with `from_ndjson`.

        Args:
            convert: as in `to_sse`.
        """
        return self._relay(self, LinesOfJson(), convert, self._is_marked)


def error_object(error: OpenAIError) -> dict[str, dict[str, str | None]]:
    """What the API says of an error, as it says it.

    The text is that of the exception, which has no secrets. An error that is not the server's own
    has its class as the type, like "StreamTruncatedError".
    """
    kind = param = code = None
    if isinstance(error, APIError):
        kind, param, code = error.type, error.param, error.code
    told = {"message": str(error), "type": kind or type(error).__name__}
    return {"error": {**told, "param": param, "code": code}}


def encoded(value: object) -> bytes:
    """A value as JSON on one line: what it has, not what it works out when it is asked.

    Of events that know the text so far this would cost the square of the text's length.

    Raises:
        TypeError: there is something in it that JSON has not.
    """
    if isinstance(value, BaseModel):
        worked_out = {*type(value).model_computed_fields}
        return value.model_dump_json(exclude=worked_out or None).encode()
    text = json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="replace")


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Shown):
        return value.to_dict(worked_out=False)
    raise TypeError(
        f"An object of type {type(value).__name__} cannot be relayed. Pass convert= a function that"
        " makes a model, a dict or another value of JSON of each event."
    )


def _parts(event: object) -> tuple[str | None, object]:
    """The name of an event, None if it has none, and its data: assistants' events are pairs."""
    if isinstance(event, Mapping):
        read = cast("Mapping[str, object]", event).get
    else:
        read = partial(getattr, event)
    name, data, kind = (read(key, None) for key in ("event", "data", "type"))
    if isinstance(name, str) and data is not None:
        return name, data
    return (kind if isinstance(kind, str) else None), cast("object", event)


def _frame(name: str | None, data: bytes) -> bytes:
    # A line end in a name that a server made up would begin a field of its own.
    if not name or "\n" in name or "\r" in name:
        return b"data: %b\n\n" % data
    return b"event: %b\ndata: %b\n\n" % (name.encode(errors="replace"), data)
