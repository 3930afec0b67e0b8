"""An answer as a class of responses that a user names: ours, that of bytes, or one of httpx."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from openai_http.bodies.binary import HttpxBinaryResponseContent

T = TypeVar("T")

_OF_THE_WIRE = (b"content-encoding", b"content-length", b"transfer-encoding")


def is_response(cast_to: object) -> bool:
    """Whether a type is a class of responses; the model of the API with that name is none."""
    name = getattr(cast_to, "__name__", "")
    is_of_http = name == "Response" and hasattr(cast_to, "is_success")
    return is_of_http or name == "HttpxBinaryResponseContent"


def as_response(content: HttpxBinaryResponseContent, cast_to: type[T]) -> T:
    """A response as the class of responses that was asked for, ours or that of httpx."""
    response = content.response
    for ours in (content, response):
        if isinstance(ours, cast_to):
            return ours
    # It has been decompressed, and is not to be so again.
    headers = [pair for pair in response.headers.raw if pair[0].lower() not in _OF_THE_WIRE]
    # Any: a library that need not be there, and a class of it.
    library: Any = import_module(cast_to.__module__.partition(".")[0])
    made: Any = cast_to
    asked = library.Request(response.request.method, response.url, headers=response.request.headers)
    return made(response.status_code, headers=headers, content=response.content, request=asked)
