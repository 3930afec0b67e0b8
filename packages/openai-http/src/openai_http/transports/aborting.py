"""Breaking a connection off from any thread, while it is being read or when nobody reads it.

Shutting a socket down is all that may be done so: it takes no lock and waits for nothing, and a
read that waits in another thread, or in an event loop, ends at once. Closing it would not wake
anyone. Whoever owns the connection closes it afterwards.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any, Protocol


class _SocketLike(Protocol):
    """A socket of an event loop."""

    @property
    def family(self) -> int: ...
    @property
    def type(self) -> int: ...
    def fileno(self) -> int: ...


def shut_down(connection: socket.socket | _SocketLike | None) -> None:
    """Shut a socket down; harmless where it is not connected any more."""
    with suppress(OSError, ValueError):
        if isinstance(connection, socket.socket):
            # Not the method of a socket with TLS, which takes the TLS away from those who read.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)
        elif connection is not None:  # an event loop's, which may not offer it
            with socket.fromfd(connection.fileno(), connection.family, connection.type) as same:
                same.shutdown(socket.SHUT_RDWR)


# Any: what httpx knows of a response.
def abort_http1(http_version: str, extensions: dict[str, Any]) -> None:
    """Break off the connection of a response; one of HTTP/2 is of other responses, too."""
    stream = extensions.get("network_stream")
    if stream is not None and http_version != "HTTP/2":
        shut_down(stream.get_extra_info("socket"))
