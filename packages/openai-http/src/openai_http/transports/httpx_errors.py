"""What the errors of httpx and httpx2 mean, told by their names: neither library is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_http.transports.explaining import Meaning

if TYPE_CHECKING:
    from openai_http.messages import Request

LIBRARIES = ("httpx", "httpx2")
_PHASES = {
    "ConnectTimeout": "connect",
    "ReadTimeout": "read",
    "WriteTimeout": "write",
    "PoolTimeout": "pool",
}


def meaning_of(error: Exception, _request: Request) -> Meaning:
    """What an error that came out of httpx means."""
    if isinstance(error, OSError | RuntimeError):
        return Meaning(error)
    kinds = [
        kind.__name__
        for kind in type(error).__mro__
        if kind.__module__.partition(".")[0] in LIBRARIES
    ]
    if "TimeoutException" in kinds:
        return Meaning(
            error, late=next((_PHASES[kind] for kind in kinds if kind in _PHASES), "read")
        )
    return Meaning(error, usual=bool(kinds))
