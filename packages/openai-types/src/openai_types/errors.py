"""The root of every error of the suite.

    Exception
    └── OpenAIError
        ├── APIError                what a server or the network did
        ├── DecodeError             bytes that are not what was expected (also a ValueError)
        └── InvalidArgumentError    an argument or a setting that cannot work (also a ValueError)
            └── InvalidTypeError    one of a type that cannot work (also a TypeError)

The other packages add their own below these. All can be pickled, and keep what was received.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from openai_types.attempts import Attempt
    from openai_types.wire import RequestLike


def _restore(
    cls: type[OpenAIError], args: tuple[object, ...], state: dict[str, object]
) -> OpenAIError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    return error


class OpenAIError(Exception):
    """Any error of the suite."""

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by attributes: the constructors of subclasses take other arguments."""
        return _restore, (type(self), self.args, self.__dict__)


class APIError(OpenAIError):
    """A server or the network refused, failed, or answered with an error.

    Attributes:
        message: what happened and what to do.
        request: the request, without its secrets, where there was one.
        body: what was received, decoded if it was JSON.
        code, param, type: from the error object of the API, where it had them.
        events: the last events that a stream had delivered before it failed; all of them, if they
            were no more than a thousand.
        partial: what all of them are together, like a chat completion that is not complete; None
            where there was no stream.
        attempts: what the call tried, the failure that ended it included; empty where nothing was
            sent.
    """

    message: str
    request: RequestLike | None
    body: object | None
    code: str | None
    param: str | None
    type: str | None
    events: list[object]
    partial: object | None
    attempts: tuple[Attempt, ...]

    ends_stream: Literal["truncated", "stalled", "errored"] = "errored"
    """What the outcome of a stream is that raises this."""

    def __init__(
        self, message: str, request: RequestLike | None = None, *, body: object | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.request = request
        self.body = body
        self.code = _field(body, "code")
        self.param = _field(body, "param")
        self.type = _field(body, "type")
        self.events = []
        self.partial = None
        self.attempts = ()


class DecodeError(OpenAIError, ValueError):
    """Bytes that are not JSON, or not JSON of the expected outer shape.

    Attributes:
        data: the bytes.
    """

    def __init__(self, message: str, *, data: bytes) -> None:
        super().__init__(message)
        self.data = data


class InvalidArgumentError(OpenAIError, ValueError):
    """An argument or a setting that cannot work; nothing was sent."""


class InvalidTypeError(InvalidArgumentError, TypeError):
    """An argument or a setting of a type that cannot work; nothing was sent."""


def _field(body: object, name: str) -> str | None:
    """A field of an error object as text: third-party servers send numeric codes."""
    if not isinstance(body, Mapping):
        return None
    value = cast("Mapping[str, object]", body).get(name)
    return str(value) if isinstance(value, str | int | float) else None
