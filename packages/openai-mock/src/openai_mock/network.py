"""Forbids connections to other machines while tests run.

Decides which addresses are of this machine. Replaces functions of Python's sockets and of uvloop,
which asks the system by itself; it does not see what other libraries in C or Rust do so.
"""

from __future__ import annotations

import importlib
import importlib.util
import ipaddress
import socket
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

from openai_mock.errors import NetworkForbiddenError

if TYPE_CHECKING:
    from collections.abc import Generator

# The methods of sockets that are given an address, and which argument it is.
_METHODS = {"connect": 0, "connect_ex": 0, "sendto": -1, "sendmsg": 3}
_LOOK_UPS = ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr")
_LOCAL = frozenset({"", "localhost", "localhost.localdomain", "ip6-localhost"})


@contextmanager
def forbidden_network() -> Generator[None]:
    """Let nothing go to other machines while a block runs, and none of their names be looked up.

    In the block, `NetworkForbiddenError` is raised where code wants to reach one.
    """
    with ExitStack() as replaced:
        for name, position in _METHODS.items():
            if hasattr(socket.socket, name):  # Windows has no sendmsg
                replaced.enter_context(_guarded_method(name, position))
        for name in _LOOK_UPS:
            replaced.enter_context(_guarded_look_up(name))
        if importlib.util.find_spec("uvloop"):
            replaced.enter_context(_forbidden_on(importlib.import_module("uvloop").Loop))
        yield


def _guarded_method(name: str, position: int) -> AbstractContextManager[object]:
    original = getattr(socket.socket, name)

    def guarded(self: socket.socket, *arguments: Any) -> Any:  # Any: each method has its own
        if len(arguments) > max(position, 0):
            _check_address(self, arguments[position])
        return original(self, *arguments)

    return patch.object(socket.socket, name, guarded)


def _guarded_look_up(name: str) -> AbstractContextManager[object]:
    original = getattr(socket, name)

    def guarded(host: Any, *arguments: Any, **named: Any) -> Any:  # Any: each has its own
        _check_host(host)
        return original(host, *arguments, **named)

    return patch.object(socket, name, guarded)


@contextmanager
def _forbidden_on(loop_type: Any) -> Generator[None]:  # Any: uvloop need not be installed
    """The same for what an event loop does without Python's sockets."""
    create_connection, getaddrinfo = loop_type.create_connection, loop_type.getaddrinfo
    create_datagram_endpoint = loop_type.create_datagram_endpoint

    async def guarded_connection(
        self: Any, factory: Any, host: Any = None, *arguments: Any, **named: Any
    ) -> Any:
        _check_host(host)
        return await create_connection(self, factory, host, *arguments, **named)

    async def guarded_getaddrinfo(self: Any, host: Any, *arguments: Any, **named: Any) -> Any:
        _check_host(host)
        return await getaddrinfo(self, host, *arguments, **named)

    async def guarded_endpoint(
        self: Any, factory: Any, local_addr: Any = None, remote_addr: Any = None, **named: Any
    ) -> Any:
        if remote_addr and named.get("family") != socket.AF_UNIX:
            _check_host(remote_addr[0])
        return await create_datagram_endpoint(self, factory, local_addr, remote_addr, **named)

    with (
        patch.object(loop_type, "create_connection", guarded_connection),
        patch.object(loop_type, "create_datagram_endpoint", guarded_endpoint),
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
        f"{name!r} was to be reached, and this test run forbids the network. Let the code "
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
