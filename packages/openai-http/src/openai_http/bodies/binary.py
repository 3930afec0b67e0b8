"""The body of an answer that is a file: audio, a video, the content of an upload.

It has been read when a call returns it, so reading it again costs nothing and cannot fail.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from openai_types.errors import DecodeError

from openai_http.bodies.downloads import Tally, save, save_async
from openai_http.bodies.pieces import checked_size
from openai_http.failures.answers import check_bytes

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from os import PathLike
    from typing import Self

    from openai_http.attempts.rate_limits import RateLimit
    from openai_http.bodies.downloads import Progress
    from openai_http.messages import Response
    from openai_http.operations import Operation

T = TypeVar("T")
E = TypeVar("E")
P = TypeVar("P", bytes, str)

CHUNK = 64 * 1024  # bytes that are written or given at a time


def binary_content(operation: Operation[T, E], response: Response) -> HttpxBinaryResponseContent:
    """What a call of an operation gives whose answer is a file.

    Raises:
        APIStatusError: the answer reports an error.
        APIResponseValidationError: it is something else than a file.
    """
    if operation.is_described:
        check_bytes(operation, response)
    return HttpxBinaryResponseContent(response)


class AsyncPieces(Generic[P]):
    """Pieces for `async for`, which may be awaited before, as in the official package."""

    __slots__ = ("_pieces",)

    def __init__(self, pieces: Iterator[P]) -> None:
        self._pieces = pieces

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> P:
        for piece in self._pieces:
            return piece
        raise StopAsyncIteration

    def __await__(self) -> Generator[None, None, Self]:
        yield from ()
        return self


class HttpxBinaryResponseContent:
    """The bytes of an answer; the name is that of the official package.

    Attributes:
        response: the answer itself.
    """

    __slots__ = ("response",)

    def __init__(self, response: Response) -> None:
        self.response = response

    @property
    def _request_id(self) -> str | None:
        """The `x-request-id` of the answer, as models have it; for support requests."""
        return self.response.request_id

    @property
    def rate_limit(self) -> RateLimit | None:
        """What the server said of the limits; None if it said nothing."""
        return self.response.rate_limit

    @property
    def content(self) -> bytes:
        """All of it."""
        return self.response.content

    @property
    def text(self) -> str:
        """All of it as text; what is not UTF-8 is replaced."""
        return self.response.text

    @property
    def encoding(self) -> str | None:
        """The character set that the server names."""
        _, _, charset = self.response.headers.get("content-type", "").partition("charset=")
        return charset.partition(";")[0].strip(' "') or None

    @property
    def charset_encoding(self) -> str | None:
        """The character set that the server names."""
        return self.encoding

    def read(self, *, progress: Progress | None = None) -> bytes:
        """All of it; `progress` is told its size."""
        Tally(progress, len(self.content)).add(self.content)
        return self.content

    async def aread(self, *, progress: Progress | None = None) -> bytes:
        """All of it; `progress` is told its size."""
        return self.read(progress=progress)

    def json(self, **options: Any) -> Any:  # Any: the options of `json.loads`, and its result
        """All of it as JSON; the options are those of `json.loads`.

        Raises:
            DecodeError: it is not JSON.
        """
        try:
            return json.loads(self.content, **options)
        except (ValueError, RecursionError) as error:
            raise DecodeError(f"The content is not JSON: {error}.", data=self.content) from error

    def iter_bytes(
        self, chunk_size: int | None = None, *, progress: Progress | None = None
    ) -> Iterator[bytes]:
        """Give it in pieces of `chunk_size` bytes; `progress` is told how many were given."""
        size = checked_size(chunk_size) or CHUNK
        tally = Tally(progress, len(self.content))
        for start in range(0, len(self.content), size):
            piece = self.content[start : start + size]
            tally.add(piece)
            yield piece

    def iter_raw(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Give it in pieces of `chunk_size` bytes."""
        return self.iter_bytes(chunk_size)

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """Give it as text, in pieces of `chunk_size` characters."""
        text, size = self.text, checked_size(chunk_size) or CHUNK
        for start in range(0, len(text), size):
            yield text[start : start + size]

    def iter_lines(self) -> Iterator[str]:
        """Give it as text, line by line."""
        yield from self.text.splitlines()

    def aiter_bytes(
        self, chunk_size: int | None = None, *, progress: Progress | None = None
    ) -> AsyncPieces[bytes]:
        """Give it in pieces of `chunk_size` bytes; `progress` is told how many were given."""
        return AsyncPieces(self.iter_bytes(chunk_size, progress=progress))

    def aiter_raw(self, chunk_size: int | None = None) -> AsyncPieces[bytes]:
        """Give it in pieces of `chunk_size` bytes."""
        return AsyncPieces(self.iter_raw(chunk_size))

    def aiter_text(self, chunk_size: int | None = None) -> AsyncPieces[str]:
        """Give it as text, in pieces of `chunk_size` characters."""
        return AsyncPieces(self.iter_text(chunk_size))

    def aiter_lines(self) -> AsyncPieces[str]:
        """Give it as text, line by line."""
        return AsyncPieces(self.iter_lines())

    def write_to_file(self, file: str | PathLike[str], *, progress: Progress | None = None) -> None:
        """Write it to a file, which is replaced; `progress` is told how much was written."""
        self.stream_to_file(file, progress=progress)

    def stream_to_file(
        self,
        file: str | PathLike[str],
        *,
        chunk_size: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Write it to a file, which is replaced, in pieces of `chunk_size` bytes.

        `progress` is told how much was written. If it fails, nothing is left of it.
        """
        save(self.iter_bytes(chunk_size, progress=progress), file)

    async def astream_to_file(
        self,
        file: str | PathLike[str],
        *,
        chunk_size: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        """The same, without holding up the event loop."""
        await save_async(self.aiter_bytes(chunk_size, progress=progress), file)

    def close(self) -> None:
        """Nothing is open: the content has been read."""

    async def aclose(self) -> None:
        """Nothing is open: the content has been read."""

    def __repr__(self) -> str:
        kind = self.response.headers.get("content-type", "bytes")
        return f"<{len(self.content)} bytes of {kind}>"
