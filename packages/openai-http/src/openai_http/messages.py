"""A request and a response of HTTP, as this package hands them around and gives them to users.

They hold data and do nothing. The wire request keeps its secrets; the one that users meet, on a
response or an error, does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openai_types.configuration import blot_out, hidden, without_credentials
from openai_types.errors import DecodeError, OpenAIError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openai_http.uploads import Form

REQUEST_ID = "x-request-id"


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

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({hidden(self._values)})"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.raw,)


@dataclass(frozen=True, slots=True)
class Request:
    """A request.

    Attributes:
        method: in capitals.
        url: the whole URL.
        headers: with lower-case names.
        content: the body; empty where it is a form.
        form: the body as a multipart form, which the transport writes.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(default=b"", repr=False)
    form: Form | None = field(default=None, repr=False)

    def without_secrets(self) -> Request:
        """What users may see of it, on a response or an error: no key, and no open file."""
        return Request(
            self.method, without_credentials(self.url), hidden(self.headers), self.content
        )

    @property
    def has_body(self) -> bool:
        """Whether it carries more than its head."""
        return bool(self.content) or self.form is not None

    @property
    def endpoint(self) -> str:
        """The method and the URL without its query, for messages."""
        return f"{self.method} {without_credentials(self.url).partition('?')[0]}"


class Response:
    """The head of a response, and its body once it has been read.

    Attributes:
        status_code: the status, like 200.
    """

    __slots__ = ("_content", "_headers", "_raw_headers", "_wire_request", "status_code")

    def __init__(
        self, status_code: int, raw_headers: Iterable[tuple[bytes, bytes]], request: Request
    ) -> None:
        self.status_code = status_code
        self._raw_headers = raw_headers
        self._headers: Headers | None = None
        self._wire_request = request
        self._content: bytes | None = None

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
    def is_success(self) -> bool:
        """Whether the status is one of 200 to 299."""
        return 200 <= self.status_code < 300  # noqa: PLR2004 - the class of HTTP

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

    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced."""
        return self.content.decode(errors="replace")

    def blot_out_secrets(self) -> str:
        """Remove the secrets of the request from the body, if they are in it; gives its text."""
        text = self.text
        clean = blot_out(text, self._wire_request.headers)
        if clean != text:
            self._content = clean.encode()
        return clean

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
            "_raw_headers": self.headers.raw,
            "_headers": None,
            "_wire_request": self.request,
            "_content": self._content,
        }

    def __setstate__(self, state: dict[str, object]) -> None:
        for name, value in state.items():
            setattr(self, name, value)
