"""Bodies of requests that are not sent at once, for libraries that take them piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_http.transports.httpx import encoded_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openai_http.messages import Request

_PIECE = 2**16  # bytes; larger bodies are written piece by piece


def cut(request: Request) -> tuple[Mapping[str, str], Iterator[bytes] | None]:
    """The headers that the body needs, and its pieces; None for a small one, sent as it is."""
    if request.form is not None:
        return encoded_form(request)
    if request.streamed is not None:
        return {}, iter(request.streamed)
    if len(request.content) > _PIECE:
        return {"content-length": str(len(request.content))}, _pieces(request.content)
    return {}, None


def _pieces(content: bytes) -> Iterator[bytes]:
    for begin in range(0, len(content), _PIECE):
        yield content[begin : begin + _PIECE]
