"""The body of an answer that is a file: audio, a video, the content of an upload.

It has been read when a call returns it, so reading it again costs nothing and cannot fail.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openai_types.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from os import PathLike

    from openai_http.messages import Response

CHUNK = 64 * 1024  # bytes that are written or given at a time


class HttpxBinaryResponseContent:
    """The bytes of an answer; the name is that of the official package.

    Attributes:
        response: the answer itself.
    """

    __slots__ = ("response",)

    def __init__(self, response: Response) -> None:
        self.response = response

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

    def read(self) -> bytes:
        """All of it."""
        return self.response.content

    async def aread(self) -> bytes:
        """All of it."""
        return self.response.content

    def json(self, **options: Any) -> Any:  # Any: the options of `json.loads`, and its result
        """All of it as JSON; the options are those of `json.loads`.

        Raises:
            DecodeError: it is not JSON.
        """
        try:
            return json.loads(self.content, **options)
        except (ValueError, RecursionError) as error:
            raise DecodeError(f"The content is not JSON: {error}.", data=self.content) from error

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Give it in pieces of `chunk_size` bytes."""
        size = chunk_size or CHUNK
        for start in range(0, len(self.content), size):
            yield self.content[start : start + size]

    def iter_raw(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Give it in pieces of `chunk_size` bytes."""
        return self.iter_bytes(chunk_size)

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """Give it as text, in pieces of `chunk_size` characters."""
        text, size = self.text, chunk_size or CHUNK
        for start in range(0, len(text), size):
            yield text[start : start + size]

    def iter_lines(self) -> Iterator[str]:
        """Give it as text, line by line."""
        yield from self.text.splitlines()

    async def aiter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """Give it in pieces of `chunk_size` bytes."""
        for piece in self.iter_bytes(chunk_size):
            yield piece

    async def aiter_raw(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """Give it in pieces of `chunk_size` bytes."""
        for piece in self.iter_bytes(chunk_size):
            yield piece

    async def aiter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        """Give it as text, in pieces of `chunk_size` characters."""
        for piece in self.iter_text(chunk_size):
            yield piece

    async def aiter_lines(self) -> AsyncIterator[str]:
        """Give it as text, line by line."""
        for line in self.iter_lines():
            yield line

    def write_to_file(self, file: str | PathLike[str]) -> None:
        """Write it to a file, which is replaced."""
        Path(file).write_bytes(self.content)

    def stream_to_file(self, file: str | PathLike[str], *, chunk_size: int | None = None) -> None:
        """Write it to a file, which is replaced, in pieces of `chunk_size` bytes."""
        with Path(file).open("wb") as opened:
            opened.writelines(self.iter_bytes(chunk_size))

    async def astream_to_file(
        self, file: str | PathLike[str], *, chunk_size: int | None = None
    ) -> None:
        """Write it to a file, which is replaced, without holding up the event loop."""
        from anyio import open_file

        async with await open_file(file, "wb") as opened:
            for piece in self.iter_bytes(chunk_size):
                await opened.write(piece)

    def close(self) -> None:
        """Nothing is open: the content has been read."""

    async def aclose(self) -> None:
        """Nothing is open: the content has been read."""

    def __repr__(self) -> str:
        kind = self.response.headers.get("content-type", "bytes")
        return f"<{len(self.content)} bytes of {kind}>"
