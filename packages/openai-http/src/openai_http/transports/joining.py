"""Heads of requests that go out together with what follows them; httpcore writes them apart.

Each piece costs a call of the system, a packet, and a record of TLS. This is for connections that
carry one request at a time: there, httpcore always writes again after a head, be it nothing, and
reads only afterwards. With HTTP/2, whose requests mingle, one could wait for what another holds.
"""

from __future__ import annotations

from typing import Any

_COPIED = 64 * 1024  # bytes of a body that are copied to its head


class Joining:
    """What is written when, on one connection; it does not write itself."""

    __slots__ = ("_head", "_is_first")

    def __init__(self) -> None:
        self._head = b""
        self._is_first = True  # since something was read

    def written(self, buffer: bytes) -> tuple[bytes, ...]:
        """What is to be written now that this was."""
        if self._is_first:
            self._head, self._is_first = buffer, False
            return ()
        head, self._head = self._head, b""
        return (head + buffer,) if len(buffer) <= _COPIED else (head, buffer)

    def reading(self) -> tuple[bytes, ...]:
        """What is to be written before something is read."""
        left = self.written(b"") if self._head else ()
        self._is_first = True
        return left


# Any, here and below: objects and arguments of httpcore, which this package does not import.
class AsyncJoiningBackend:
    """Opens streams that join what they write."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    async def connect_tcp(self, *args: Any, **kwargs: Any) -> AsyncJoiningStream:
        """Connect; the arguments are those of httpcore."""
        return AsyncJoiningStream(await self._backend.connect_tcp(*args, **kwargs))

    async def connect_unix_socket(self, *args: Any, **kwargs: Any) -> AsyncJoiningStream:
        """Connect; the arguments are those of httpcore."""
        return AsyncJoiningStream(await self._backend.connect_unix_socket(*args, **kwargs))

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._backend.sleep(seconds)


class AsyncJoiningStream:
    """A connection that joins what it writes."""

    __slots__ = ("_joining", "_stream")

    def __init__(self, stream: Any) -> None:
        self._joining = Joining()
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, at most so many bytes, after what was written is sent."""
        for piece in self._joining.reading():
            await self._stream.write(piece, timeout)
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it; a head with what comes next."""
        for piece in self._joining.written(buffer):
            await self._stream.write(piece, timeout)

    async def aclose(self) -> None:
        """Close it."""
        await self._stream.aclose()

    async def start_tls(self, *args: Any, **kwargs: Any) -> AsyncJoiningStream:
        """Begin TLS; the arguments are those of httpcore."""
        return AsyncJoiningStream(await self._stream.start_tls(*args, **kwargs))

    def get_extra_info(self, info: str) -> Any:
        """What is known of the connection under a name."""
        return self._stream.get_extra_info(info)
