"""A request and a response of HTTP, as this package hands them around and gives them to users.

They hold data and do nothing. The wire request keeps its secrets; the one that users meet, on a
response or an error, does not.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from openai_types.attempts import Attempt
from openai_types.configuration import blot_out, hidden, without_credentials
from openai_types.errors import DecodeError, OpenAIError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from openai_http.attempts.rate_limits import RateLimit
    from openai_http.bodies.streamed import StreamedBody
    from openai_http.bodies.uploads import Form

REQUEST_ID = "x-request-id"
_FIRST_ERROR = 400  # the lowest status of one


class Headers(Mapping[str, str]):
    """Headers of a response, found in any case; several of one name are joined by a comma."""

    __slots__ = ("_values", "raw")

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self.raw = tuple(raw)
        self._values: dict[str, str] = {}
        for name, value in self.raw:
            key, text = name.decode("latin-1").lower(), value.decode("latin-1")
            self._values[key] = f"{self._values[key]}, {text}" if key in self._values else text

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __contains__(self, name: object) -> bool:  # otherwise an exception would say so
        return isinstance(name, str) and name.lower() in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({hidden(self._values)})"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.raw,)


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """A request.

    Attributes:
        method: in capitals.
        url: the whole URL.
        headers: with lower-case names.
        content: the body; empty where it is a form, or streamed.
        form: the body as a multipart form, which the transport writes.
        streamed: the body as what is read while it is sent.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes = b""
    form: Form | None = None
    streamed: StreamedBody | None = None

    def without_secrets(self) -> Request:
        """What users may see of it, on a response or an error: no key, and no open file."""
        return Request(
            self.method, without_credentials(self.url), hidden(self.headers), self.content
        )

    def __repr__(self) -> str:
        return f"Request({self.method!r}, {without_credentials(self.url)!r})"

    @property
    def has_body(self) -> bool:
        """Whether it carries more than its head."""
        return bool(self.content) or self.form is not None or self.streamed is not None

    def rewind(self) -> None:
        """Make the body ready to be sent again, the same bytes.

        Raises:
            InvalidArgumentError: a file of it, or an iterator, cannot be read again.
        """
        for read in (self.form, self.streamed):
            if read is not None:
                read.rewind()

    @property
    def endpoint(self) -> str:
        """The method and the URL without its query, for messages."""
        return f"{self.method} {without_credentials(self.url).partition('?')[0]}"


class _Reading(Protocol):
    """A stream that reads a response."""

    @property
    def outcome(self) -> object | None: ...
    def cancel(self) -> None: ...
    def close(self) -> Awaitable[None] | None: ...


class Response:
    """The head of a response, and its body once it has been read.

    Attributes:
        status_code: the status, like 200.
        http_version: the version of HTTP that was spoken, like "HTTP/1.1".
        retries_taken: how many times the request was sent before, without success.
    """

    __slots__ = (
        "_began",
        "_content",
        "_earlier",
        "_ended",
        "_headers",
        "_raw_headers",
        "_reader",
        "_sent",
        "_wire_request",
        "http_version",
        "retries_taken",
        "status_code",
    )

    def __init__(
        self,
        status_code: int,
        raw_headers: Iterable[tuple[bytes, bytes]],
        request: Request,
        *,
        http_version: str = "HTTP/1.1",
    ) -> None:
        self.status_code = status_code
        self.http_version = http_version
        self.retries_taken = 0
        self._began = self._sent = time.perf_counter()
        self._ended: float | None = None
        self._earlier: tuple[Attempt, ...] = ()
        self._raw_headers = raw_headers
        self._headers: Headers | None = None
        self._wire_request = request
        self._content: bytes | None = None
        self._reader: Callable[[], _Reading | None] | None = None

    @property
    def headers(self) -> Headers:
        """The headers, found in any case."""
        if self._headers is None:
            self._headers = Headers(self._raw_headers)
        return self._headers

    @property
    def request(self) -> Request:
        """The request that it answers, without its secrets."""
        return self._wire_request.without_secrets()

    @property
    def wire_request(self) -> Request:
        """The request as it was sent, secrets included; for this package only."""
        return self._wire_request

    @property
    def url(self) -> str:
        """The URL of the request, without its secrets."""
        return self.request.url

    @property
    def request_id(self) -> str | None:
        """The id under which the server knows this call; for support requests."""
        return self.headers.get(REQUEST_ID)

    @property
    def rate_limit(self) -> RateLimit | None:
        """What the server said of the limits; None if it said nothing."""
        from openai_http.attempts.rate_limits import read_rate_limit

        return read_rate_limit(self.headers)

    @property
    def is_success(self) -> bool:
        """Whether the status is one of 200 to 299."""
        return 200 <= self.status_code < 300  # noqa: PLR2004 - the class of HTTP

    @property
    def is_error(self) -> bool:
        """Whether the status is one of 400 or more."""
        return self.status_code >= _FIRST_ERROR

    @property
    def reason_phrase(self) -> str:
        """The words that HTTP has for the status; empty if it has none."""
        from http import HTTPStatus

        return next((known.phrase for known in HTTPStatus if known == self.status_code), "")

    def read_by(self, reader: Callable[[], _Reading | None]) -> None:
        """Note which stream reads the body: `reader` gives it, or None when it is gone."""
        self._reader = reader

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is received: the body was read, or its stream has ended."""
        if self._content is not None or self._reader is None:
            return self._content is not None
        stream = self._reader()
        return stream is None or stream.outcome is not None

    def close(self) -> None:
        """End the stream that reads the body, if there is one."""
        stream = None if self._reader is None else self._reader()
        if stream is not None:
            stream.cancel()

    async def aclose(self) -> None:
        """End the asynchronous stream that reads the body, if there is one."""
        stream = None if self._reader is None else self._reader()
        closing = None if stream is None else stream.close()
        if closing is not None:
            await closing

    def note_attempt(self, sent: float, began: float, earlier: tuple[Attempt, ...]) -> None:
        """Note when the request was sent and the call began, by `time.perf_counter`.

        `earlier` are the attempts before.
        """
        self._sent = sent
        self._began = began
        self._earlier = earlier
        self.retries_taken = len(earlier)

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """What the call tried, the attempt with this answer included."""
        last = Attempt(
            number=len(self._earlier) + 1,
            started=self._sent - self._began,
            seconds=self.elapsed.total_seconds(),
            outcome="answered",
            status=self.status_code,
        )
        return (*self._earlier, last)

    @property
    def elapsed(self) -> timedelta:
        """The time from the sending of the request to the end of the body, or until now."""
        ended = time.perf_counter() if self._ended is None else self._ended
        return timedelta(seconds=ended - self._sent)

    @property
    def is_read(self) -> bool:
        """Whether the body has been read."""
        return self._content is not None

    @property
    def content(self) -> bytes:
        """The body.

        Raises:
            OpenAIError: it has not been read, because it is being streamed.
        """
        if self._content is None:
            raise OpenAIError("The body has not been read: this response is being streamed.")
        return self._content

    @content.setter
    def content(self, content: bytes) -> None:
        self._content = content
        self._ended = time.perf_counter()

    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced."""
        return self.content.decode(errors="replace")

    def forget_secrets(self) -> None:
        """Remove the secrets of the request: from it, and from the answer if they are in it."""
        request = self._wire_request

        def clean(text: str) -> str:
            return blot_out(text, request.headers, request.url)

        pairs = ((name, value.decode("latin-1")) for name, value in self._raw_headers)
        self._raw_headers = tuple((name, clean(text).encode("latin-1")) for name, text in pairs)
        self._headers = None
        if self._content is not None:
            text = self.text
            cleaned = clean(text)
            self._content = self._content if cleaned == text else cleaned.encode()
        self._wire_request = self.request

    def blot_out_secrets(self) -> str:
        """Do the same; gives the text of the body, which has been read."""
        self.forget_secrets()
        return self.text

    def json(self) -> object:
        """The body as JSON.

        Raises:
            DecodeError: it is not JSON.
        """
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError) as error:
            raise DecodeError(f"The body is not JSON: {error}.", data=self.content) from error

    def __repr__(self) -> str:
        return f"<Response {self.status_code} to {self._wire_request.endpoint}>"

    def __getstate__(self) -> dict[str, object]:
        return {
            "status_code": self.status_code,
            "http_version": self.http_version,
            "retries_taken": self.retries_taken,
            "_sent": 0.0,  # the clock of another process has another beginning
            "_began": self._began - self._sent,
            "_earlier": self._earlier,
            "_ended": self.elapsed.total_seconds(),
            "_raw_headers": self.headers.raw,
            "_headers": None,
            "_wire_request": self.request,
            "_content": self._content,
            "_reader": None,
        }

    def __setstate__(self, state: dict[str, object]) -> None:
        for name, value in state.items():
            setattr(self, name, value)
