"""Heads of requests that go out together with what follows them; httpcore writes them apart.

Each piece costs a call of the system, a packet, and a record of TLS. This is for connections that
carry one request at a time: there, httpcore always writes again after a head, be it nothing, and
reads only afterwards. With HTTP/2, whose requests mingle, one could wait for what another holds.
"""

from __future__ import annotations

from typing import Any

_COPIED = 64 * 1024  # bytes of a body that are copied to its head

OF_OPENING = float("nan")
"""The limit of an operation that httpcore gives none: it then speaks to a SOCKS proxy."""


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
class AsyncOpeningBackend:
    """Opens streams whose opening has a limit in all its steps.

    Attributes:
        opened: the last one.
    """

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self.opened: AsyncOpeningStream | None = None

    async def connect_tcp(self, *args: Any, **kwargs: Any) -> AsyncOpeningStream:
        """Connect; the arguments are those of httpcore."""
        stream = self._around(await self._backend.connect_tcp(*args, **kwargs))
        stream.opening = kwargs.get("timeout")
        self.opened = stream
        return stream

    def _around(self, stream: Any) -> AsyncOpeningStream:
        return AsyncOpeningStream(stream)


class AsyncJoiningBackend(AsyncOpeningBackend):
    """Opens streams that join what they write, too."""

    def _around(self, stream: Any) -> AsyncOpeningStream:
        return AsyncJoiningStream(stream)


class AsyncOpeningStream:
    """A connection.

    Attributes:
        opening: the limit of what it takes to open it.
    """

    __slots__ = ("_stream", "opening")

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.opening: float | None = None

    async def read(self, max_bytes: int, timeout: float | None = OF_OPENING) -> bytes:
        """Read what is there, at most so many bytes."""
        limit = self.opening if timeout is OF_OPENING else timeout
        return await self._stream.read(max_bytes, limit)

    async def write(self, buffer: bytes, timeout: float | None = OF_OPENING) -> None:
        """Write all of it."""
        await self._stream.write(buffer, self.opening if timeout is OF_OPENING else timeout)

    async def aclose(self) -> None:
        """Close it."""
        await self._stream.aclose()

    async def start_tls(self, *args: Any, **kwargs: Any) -> AsyncOpeningStream:
        """Begin TLS; the arguments are those of httpcore."""
        return type(self)(await self._stream.start_tls(*args, **kwargs))

    def get_extra_info(self, info: str) -> Any:
        """What is known of the connection under a name."""
        return self._stream.get_extra_info(info)


class AsyncJoiningStream(AsyncOpeningStream):
    """One that joins what it writes."""

    __slots__ = ("_joining",)

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self._joining = Joining()

    async def read(self, max_bytes: int, timeout: float | None = OF_OPENING) -> bytes:
        """Read what is there, at most so many bytes, after what was written is sent."""
        for piece in self._joining.reading():
            await super().write(piece, timeout)
        return await super().read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = OF_OPENING) -> None:
        """Write all of it; a head with what comes next."""
        for piece in self._joining.written(buffer):
            await super().write(piece, timeout)
