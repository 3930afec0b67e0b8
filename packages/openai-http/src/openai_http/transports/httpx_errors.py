"""What the errors of httpx and httpx2 mean, told by their names: neither library is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from openai_types.errors import OpenAIError

from openai_http.connections.closing import closed_error
from openai_http.failures.connecting import connection_error, timeout_error
from openai_http.transports.pools import PoolIsFullError

if TYPE_CHECKING:
    from openai_http.messages import Request

LIBRARIES = ("httpx", "httpx2")
_PHASES = {
    "ConnectTimeout": "connect",
    "ReadTimeout": "read",
    "WriteTimeout": "write",
    "PoolTimeout": "pool",
}


def raise_explained(
    error: Exception, request: Request, proxy: str | None = None, *, closed: bool = False
) -> NoReturn:
    """Turn every error of httpx, and of code that it calls, into one of ours.

    Called where an error is handled, which costs a call without any nothing at all; `closed` tells
    whether the transport is.
    """
    if isinstance(error, OpenAIError):
        raise error
    if closed:
        raise closed_error() from connection_error(request, error, proxy=proxy)
    if isinstance(error, PoolIsFullError):
        raise timeout_error(request, phase="pool", error=error, proxy=proxy) from error
    if isinstance(error, ImportError):
        raise OpenAIError(
            f"A proxy or a protocol needs a package that is missing: {error}"
        ) from error
    if isinstance(error, OSError | RuntimeError):
        raise connection_error(request, error, proxy=proxy) from error
    kinds = [
        kind.__name__
        for kind in type(error).__mro__
        if kind.__module__.partition(".")[0] in LIBRARIES
    ]
    if "TimeoutException" in kinds:
        phase = next((_PHASES[kind] for kind in kinds if kind in _PHASES), "read")
        raise timeout_error(request, phase=phase, error=error, proxy=proxy) from error
    raise connection_error(request, error, proxy=proxy, usual=bool(kinds)) from error
