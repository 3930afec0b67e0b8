"""What errors and streams need to know of a request and a response, whoever made them.

Objects of this project, of httpx and of other HTTP libraries all fit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class RequestLike(Protocol):
    """A request that was sent."""

    @property
    def method(self) -> str:
        """The method, in capitals."""
        ...

    @property
    def url(self) -> object:
        """The URL; `str()` of it is the text."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, found in any case."""
        ...


class ResponseLike(Protocol):
    """The head of a response that was received."""

    @property
    def status_code(self) -> int:
        """The status, like 200."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, found in any case."""
        ...

    @property
    def request(self) -> RequestLike:
        """The request that it answers."""
        ...


class AnswerLike(ResponseLike, Protocol):
    """A response whose body was read."""

    @property
    def content(self) -> bytes:
        """The body."""
        ...

    @property
    def text(self) -> str:
        """The body as text."""
        ...

    def json(self) -> object:
        """The body as JSON."""
        ...
