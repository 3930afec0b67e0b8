import inspect
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from openai_http import transport
from openai_http.transports.httpx import AsyncHttpxTransport, HttpxTransport
from openai_http.transports.httpx_exchanges import AsyncHttpxExchange, HttpxExchange
from openai_http.transports.user_clients import AsyncHttpxClientTransport, HttpxClientTransport

if TYPE_CHECKING:  # type checkers see that each fits
    _SYNC: list[type[transport.Transport]] = [HttpxTransport, HttpxClientTransport]
    _ASYNC: list[type[transport.AsyncTransport]] = [AsyncHttpxTransport, AsyncHttpxClientTransport]

FITTING: list[tuple[Any, Any]] = [
    (transport.Transport, HttpxTransport),
    (transport.Transport, HttpxClientTransport),
    (transport.AsyncTransport, AsyncHttpxTransport),
    (transport.AsyncTransport, AsyncHttpxClientTransport),
    (transport.Exchange, HttpxExchange),
    (transport.AsyncExchange, AsyncHttpxExchange),
]


@pytest.mark.parametrize(("interface", "implementation"), FITTING)
def test_implementations_have_the_methods_of_the_interface(interface: Any, implementation: Any):
    for name, method in inspect.getmembers(interface, inspect.isfunction):
        if name in {"__init__", "__subclasshook__", "_no_init_or_replace_init"}:
            continue
        own = getattr(implementation, name)
        assert list(inspect.signature(own).parameters) == list(inspect.signature(method).parameters)
        assert inspect.iscoroutinefunction(own) == inspect.iscoroutinefunction(method)


def test_interface_names_no_http_library():
    assert httpx not in vars(transport).values()
