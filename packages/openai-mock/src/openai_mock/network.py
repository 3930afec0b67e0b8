"""Forbids connections to other machines while tests run.

Decides which addresses are of this machine. Replaces functions of Python's sockets and of uvloop,
which asks the system by itself; it does not see what other libraries in C or Rust do so.
"""

from __future__ import annotations

import importlib
import importlib.util
import ipaddress
import socket
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

from openai_mock.errors import NetworkForbiddenError

if TYPE_CHECKING:
    from collections.abc import Generator

_LOCAL = frozenset({"", "localhost", "localhost.localdomain", "ip6-localhost"})


@contextmanager
def forbidden_network() -> Generator[None]:
    """Let connections to other machines, and looking up their names, raise while a block runs.

    In the block, `NetworkForbiddenError` is raised where code wants to connect elsewhere.
    """
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    getaddrinfo = socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:  # Any: of any family
        _check_address(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _check_address(self, address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *arguments: Any, **named: Any) -> Any:
        _check_host(host)
        return getaddrinfo(host, *arguments, **named)

    with ExitStack() as replaced:
        replaced.enter_context(patch.object(socket.socket, "connect", guarded_connect))
        replaced.enter_context(patch.object(socket.socket, "connect_ex", guarded_connect_ex))
        replaced.enter_context(patch.object(socket, "getaddrinfo", guarded_getaddrinfo))
        if importlib.util.find_spec("uvloop"):
            replaced.enter_context(_forbidden_on(importlib.import_module("uvloop").Loop))
        yield


@contextmanager
def _forbidden_on(loop_type: Any) -> Generator[None]:  # Any: uvloop need not be installed
    """The same for what an event loop does without Python's sockets."""
    create_connection, getaddrinfo = loop_type.create_connection, loop_type.getaddrinfo

    async def guarded_connection(
        self: Any, factory: Any, host: Any = None, *arguments: Any, **named: Any
    ) -> Any:
        _check_host(host)
        return await create_connection(self, factory, host, *arguments, **named)

    async def guarded_getaddrinfo(self: Any, host: Any, *arguments: Any, **named: Any) -> Any:
        _check_host(host)
        return await getaddrinfo(self, host, *arguments, **named)

    with (
        patch.object(loop_type, "create_connection", guarded_connection),
        patch.object(loop_type, "getaddrinfo", guarded_getaddrinfo),
    ):
        yield


def _check_address(connection: socket.socket, address: object) -> None:
    """Return if a socket's address is of this machine; those of other families are not IP's."""
    if connection.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
        _check_host(cast("tuple[object, ...]", address)[0])


def _check_host(host: object) -> None:
    name = host.decode("idna") if isinstance(host, bytes) else host
    if name is None or (isinstance(name, str) and _is_local(name)):
        return
    raise NetworkForbiddenError(
        f"A connection to {name!r} was wanted, and this test run forbids the network. Let the code "
        "under test use the mock server: the fixture 'openai_mock' sets OPENAI_BASE_URL. To allow "
        "the network, leave out --openai-forbid-network and openai_forbid_network."
    )


def _is_local(name: str) -> bool:
    if name.lower() in _LOCAL or name == socket.gethostname():
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
