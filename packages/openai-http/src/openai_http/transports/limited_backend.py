"""A network backend for httpcore that asks for what is left before each operation.

httpcore asks for a limit once for the whole head and once for the whole body, however many times
it reads them; a server that sends byte by byte would re-arm it for ever. Only synchronous code
needs this: asynchronous code is cancelled.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from openai_http.timing.timeout import Left
from openai_http.transports.aborting import shut_down
from openai_http.transports.joining import OF_OPENING, Joining

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_WRITTEN = 64 * 1024  # bytes at a time, between which the limit is looked at


# Any, here and below: objects and arguments of httpcore, which this package does not import.
def limit_operations(transport: Any, *, joined: bool = False) -> None:
    """Put the backend into a transport of httpx.

    Args:
        transport: that of httpx.
        joined: heads go out with what follows, as `joining` does it.
    """
    stream = JoiningStream if joined else LimitedStream
    replace_backend(transport, LimitedBackend, lambda backend: LimitedBackend(backend, stream))


def replace_backend(transport: Any, kind: type, made: Callable[[Any], Any]) -> None:
    """Put a backend around that of a transport of httpx, which has no argument for it.

    Should another version of httpx keep its pool elsewhere, there is none: limits then hold less
    exactly, and heads go out alone.
    """
    pool = getattr(transport, "_pool", None)
    backend = getattr(pool, "_network_backend", None)
    if pool is not None and backend is not None and not isinstance(backend, kind):
        pool._network_backend = made(backend)  # noqa: SLF001 - there is no other way


def limit_client(client: Any) -> None:
    """Do the same for a client of the user's, which notices nothing of it.

    Limits that are not of this package are handed on as they are. Connections that it has opened
    before stay as they are, too.
    """
    limit_operations(getattr(client, "_transport", None))
    mounts: Any = getattr(client, "_mounts", None)
    for transport in cast("dict[Any, Any]", mounts or {}).values():
        limit_operations(transport)


class LimitedBackend:
    """Opens streams that ask for what is left.

    Attributes:
        opened: the last one.
    """

    def __init__(self, backend: Any, stream: type[LimitedStream]) -> None:
        self._backend = backend
        self._stream = stream
        self.opened: LimitedStream | None = None

    def connect_tcp(self, *args: Any, **kwargs: Any) -> LimitedStream:
        """Connect; the arguments are those of httpcore."""
        stream = self._stream(self._backend.connect_tcp(*args, **kwargs))
        stream.opening = kwargs.get("timeout")
        self.opened = stream
        return stream

    def connect_unix_socket(self, *args: Any, **kwargs: Any) -> LimitedStream:
        """Connect; the arguments are those of httpcore."""
        return self._stream(self._backend.connect_unix_socket(*args, **kwargs))

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._backend.sleep(seconds)


class LimitedStream:
    """A connection that asks for what is left before each operation.

    Attributes:
        opening: the limit of what it takes to open it.
    """

    __slots__ = ("_most", "_process", "_stream", "opening")

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._process = os.getpid()
        self._most: float | None = None
        self.opening: float | None = None

    @contextmanager
    def limited_to(self, seconds: float) -> Generator[None]:
        """Wait no longer than this when reading, whatever the limits are."""
        self._most = seconds
        try:
            yield
        finally:
            self._most = None

    def read(self, max_bytes: int, timeout: float | None = OF_OPENING) -> bytes:
        """Read what is there, at most so many bytes."""
        most = self._most
        timeout = self.opening if timeout is OF_OPENING else timeout
        return self._stream.read(max_bytes, _now(timeout) if most is None else most)

    def write(self, buffer: bytes, timeout: float | None = OF_OPENING) -> None:
        """Write all of it."""
        timeout = self.opening if timeout is OF_OPENING else timeout
        if not isinstance(timeout, Left):
            self._stream.write(buffer, timeout)
            return
        for start in range(0, len(buffer), _WRITTEN):
            self._stream.write(buffer[start : start + _WRITTEN], timeout.now())

    def close(self) -> None:
        """Close it; who reads it in another thread gets its end."""
        if self._process == os.getpid():  # the socket is also that of the process before a fork
            shut_down(self._stream.get_extra_info("socket"))
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> LimitedStream:
        """Begin TLS; the arguments are those of httpcore."""
        return type(self)(self._stream.start_tls(ssl_context, server_hostname, _now(timeout)))

    def get_extra_info(self, info: str) -> Any:
        """What is known of the connection under a name."""
        return self._stream.get_extra_info(info)


class JoiningStream(LimitedStream):
    """One that joins what it writes."""

    __slots__ = ("_joining",)

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self._joining = Joining()

    def read(self, max_bytes: int, timeout: float | None = OF_OPENING) -> bytes:
        """Read what is there, at most so many bytes, after what was written is sent."""
        for piece in self._joining.reading():
            super().write(piece, timeout)
        return super().read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = OF_OPENING) -> None:
        """Write all of it; a head with what comes next."""
        for piece in self._joining.written(buffer):
            super().write(piece, timeout)


def _now(timeout: float | None) -> float | None:
    return timeout.now() if isinstance(timeout, Left) else timeout
