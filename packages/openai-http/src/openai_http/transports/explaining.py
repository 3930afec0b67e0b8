"""From an error of an HTTP library, or of code that it calls, to one of ours.

What the errors of a library mean is said by the module of that library; what is done with that is
the same for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

from openai_types.errors import OpenAIError

from openai_http.connections.closing import closed_error
from openai_http.failures.connecting import connection_error, timeout_error
from openai_http.transports.pools import PoolIsFullError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai_http.messages import Request


class Meaning(NamedTuple):
    """What an error of a library means.

    Attributes:
        error: it, or one whose name says what the library has only in texts and causes.
        late: the part of `Timeout` that ran out; None where that is not what happened.
        usual: the network, the event loop or the library raises it, not code like a user's client.
    """

    error: Exception
    late: str | None = None
    usual: bool = True


def raise_explained(
    meaning_of: Callable[[Exception, Request], Meaning],
    error: Exception,
    request: Request,
    proxy: str | None = None,
    *,
    closed: bool = False,
) -> NoReturn:
    """Turn an error into one of ours.

    Called where an error is handled, which costs a call without any nothing at all.

    Args:
        meaning_of: what the errors of the library mean.
        error: what was raised.
        request: what was to be sent.
        proxy: the URL of the proxy that the request was to go through.
        closed: the transport is.
    """
    if isinstance(error, OpenAIError):
        raise error
    if closed:
        raise closed_error() from connection_error(request, error, proxy=proxy)
    if isinstance(error, ImportError):
        raise OpenAIError(
            f"A proxy or a protocol needs a package that is missing: {error}"
        ) from error
    is_full = isinstance(error, PoolIsFullError)
    meaning = Meaning(error, late="pool") if is_full else meaning_of(error, request)
    told = meaning.error
    if meaning.late is not None:
        raise timeout_error(request, phase=meaning.late, error=told, proxy=proxy) from told
    raise connection_error(request, told, proxy=proxy, usual=meaning.usual) from told
