"""Why a call had no answer, in words: from the exception of a library to ours.

Decides in which phase a connection failed, what that is called, and what helps. It looks at the
standard library's exceptions behind the library's own, at the names of these, and at the steps
they came from, so it knows no HTTP library. What it is given keeps no secret.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast
from urllib.parse import urlsplit

from openai_types.configuration import blot_out

from openai_http.errors import APIConnectionError, APITimeoutError, PoolExhaustedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from openai_http.errors import ConnectionPhase
    from openai_http.messages import Request

ErrorT = TypeVar("ErrorT", bound=APIConnectionError)

_CUT = "The server or something on the way cut it: try again."
_CHECK_PROXY = "Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, or name the server in NO_PROXY."
_NEVER_SENT: frozenset[ConnectionPhase] = frozenset({"pool", "dns", "connect", "tls", "proxy"})


class _Diagnosis(NamedTuple):
    """What failed.

    Attributes:
        phase: where; None where that is not known.
        what: in words.
        remedy: what helps.
        lasts: whether another attempt cannot succeed.
    """

    phase: ConnectionPhase | None
    what: str
    remedy: str
    lasts: bool = False


def connection_error(
    request: Request, error: Exception, *, proxy: str | None = None, usual: bool = True
) -> APIConnectionError:
    """The error of a call that had no answer, or one that broke off.

    Args:
        request: what was to be sent.
        error: what the library raised; it is cleaned of secrets, to be the cause.
        proxy: the URL of the proxy that the request was to go through.
        usual: it is one that the network, the event loop or an HTTP library raises. Others are of
            code, like that of a user's own client, and no other attempt goes better.
    """
    _clean(error, request, proxy or "")
    found = _behind_proxy(_diagnosis(error), proxy)
    if found is _UNKNOWN and not usual:
        found = _MISTAKE
    host = _host(proxy if found.phase == "proxy" and proxy else request.url)
    cause = str(error) or type(error).__name__
    made = APIConnectionError(
        message=f"{request.endpoint}: {found.what} ({host}): {cause.rstrip('.')}. {found.remedy}",
        request=request.without_secrets(),
    )
    made.is_permanent = found.lasts
    return _placed(made, host, found.phase)


def timeout_error(
    request: Request, *, phase: str, error: Exception | None = None, proxy: str | None = None
) -> APITimeoutError:
    """The error of a call whose answer did not come in time.

    Args:
        request: what was to be sent.
        phase: the part of `Timeout` that ran out.
        error: what the library raised; it is cleaned of secrets, to be the cause.
        proxy: the URL of the proxy that the request was to go through.
    """
    if error is not None:
        _clean(error, request, proxy or "")
    made: type[APITimeoutError] = PoolExhaustedError if phase == "pool" else APITimeoutError
    found = _TIMEOUTS[phase]
    if phase == "connect":
        found = found if error is None or not _in_handshake(error) else _TIMEOUT_OF_TLS
        found = _behind_proxy(found, proxy)
    elif error is not None and _asks_proxy(error):
        found = _TIMEOUT_OF_PROXY
    host = _host(proxy if found.phase == "proxy" and proxy else request.url)
    message = (
        # Its first words are those of the official package, by which other libraries know it.
        f"Request timed out: {request.endpoint} ({host}): {found.what}. {found.remedy.rstrip('.')},"
        f" or raise timeout=Timeout(..., {phase}=seconds)."
    )
    return _placed(made(request.without_secrets(), message=message), host, found.phase)


def _placed(error: ErrorT, host: str, phase: ConnectionPhase | None) -> ErrorT:
    error.host = host
    error.phase = phase
    error.outcome = "never_sent" if phase in _NEVER_SENT else "unknown"
    return error


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _behind_proxy(found: _Diagnosis, proxy: str | None) -> _Diagnosis:
    """Who goes through a proxy connects to it, and only through it to the server."""
    if proxy is None or found.phase not in {"dns", "connect"}:
        return found
    return _Diagnosis("proxy", f"{found.what}, to the proxy", _CHECK_PROXY)


def _diagnosis(error: BaseException) -> _Diagnosis:
    name = type(error).__name__
    for cause in _causes(error):
        if any(words in str(cause) for words in _NO_NAME):
            return _MALFORMED_NAME
        for kind, found in _KNOWN:
            if isinstance(cause, kind):
                return found
    if _in_handshake(error):
        return _HANDSHAKE
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
        connects = any(part in name for part in _CONNECTING)
        return _HANDSHAKE if connects or name.startswith("SSL") else _READ
    found = next((found for part, found in _NAMED if part in name), _UNKNOWN)
    if found.phase != "proxy" and _asks_proxy(error):
        return _NO_WAY
    is_reset = any(isinstance(cause, ConnectionResetError) for cause in _causes(error))
    return found._replace(what="the connection was reset") if is_reset else found


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and what caused it, groups included; each once, as causes may be a circle."""
    seen: set[int] = set()
    left = [error]
    while left:
        cause = left.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        left.append(cause.__cause__ or cause.__context__)
        if isinstance(cause, BaseExceptionGroup):
            left += reversed(cast("BaseExceptionGroup[BaseException]", cause).exceptions)


def _in_handshake(error: BaseException) -> bool:
    """Whether it came from the handshake of TLS, which libraries count as a part of connecting."""
    return any(frame.f_code.co_name in _HANDSHAKES for frame in _steps(error))


def _asks_proxy(error: BaseException) -> bool:
    """Whether a proxy was still being asked for the way to the server, which was sent nothing."""
    return any(
        frame.f_code.co_name in _ASKING_PROXIES
        # httpcore sends the request by the same function that asks for the tunnel before.
        or ("TunnelHTTPConnection" in frame.f_code.co_qualname and not _is_open(frame))
        for frame in _steps(error)
    )


def _is_open(frame: FrameType) -> bool:
    return getattr(frame.f_locals.get("self"), "_connected", True)


def _steps(error: BaseException) -> Iterator[FrameType]:
    """Where an exception and what caused it came through."""
    for cause in _causes(error):
        traceback = cause.__traceback__
        while traceback is not None:
            yield traceback.tb_frame
            traceback = traceback.tb_next


def _clean(error: BaseException, request: Request, proxy: str) -> None:
    """Take the secrets out of what a library raised: out of its texts, and its request itself."""
    url = request.url

    def cleaned(value: object) -> object:
        if isinstance(value, bytes):
            value = value.decode(errors="replace")
        if not isinstance(value, str):
            return value
        return blot_out(blot_out(value, request.headers, url), {}, proxy)

    for cause in _causes(error):
        cause.args = tuple(cleaned(value) for value in cause.args)
        if getattr(cause, "_request", None) is not None:
            with suppress(AttributeError):
                vars(cause)["_request"] = None


_HANDSHAKES = frozenset({"start_tls", "do_handshake", "_call_sslobject_method"})
_ASKING_PROXIES = frozenset({"_init_socks5_connection", "_create_proxy_connection"})

_NO_WAY = _Diagnosis(
    "proxy",
    "the proxy did not open the way to the server",
    "Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY: the address, and whether the proxy is of the kind"
    " that the URL says.",
)
_HANDSHAKE = _Diagnosis(
    "tls",
    "no TLS connection, the handshake failed",
    "Check that base_url names a server with TLS (one without takes http://), and the proxy.",
)
_CONNECTING = ("ConnectError", "Connector")  # in the names of exceptions of HTTP libraries
_CONNECT = _Diagnosis(
    "connect", "no TCP connection", "Check the host in base_url, the network and the proxy."
)
_READ = _Diagnosis("read", "the connection broke off while the answer was awaited", _CUT)
_UNKNOWN = _Diagnosis(None, "the connection failed", "Check the network, the proxy and base_url.")
# Of the standard library in its versions, of httpx and of pyreqwest.
_NO_NAME = (
    *("'idna' codec", "label empty or too long"),
    *("Invalid IDNA hostname", "invalid international domain name"),
)
_MALFORMED_NAME = _Diagnosis(
    "dns",
    "the name of the host cannot be one",
    "Correct the host in base_url: names have parts of 1 to 63 letters, digits and hyphens.",
    lasts=True,
)
_MISTAKE = _Diagnosis(
    None,
    "the HTTP client failed",
    "That is not the network: the cause says where in the code of the client it happened.",
    lasts=True,
)

# By the exceptions of the standard library behind those of the HTTP library.
_KNOWN: tuple[tuple[type[BaseException], _Diagnosis], ...] = (
    (
        ConnectionRefusedError,
        _Diagnosis(
            "connect",
            "no TCP connection, it was refused",
            "Nothing listens there: start the server, or correct base_url.",
        ),
    ),
    (
        socket.gaierror,
        _Diagnosis(
            "dns",
            "no connection, DNS failed: the name of the host is not known",
            "Check the host in base_url and the network.",
        ),
    ),
    (
        ssl.SSLCertVerificationError,
        _Diagnosis(
            "tls",
            "no TLS connection, the certificate is not accepted",
            "Check base_url and the proxy; ca=... or SSL_CERT_FILE can name the certificates to"
            " trust.",
            lasts=True,
        ),
    ),
)
# By the names of the exceptions of HTTP libraries, of which the first that fits counts.
_NAMED = (
    (
        "Proxy",
        _Diagnosis(
            "proxy",
            "the proxy refused",
            "Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY: the address, the user and the password.",
        ),
    ),
    ("Pool", _Diagnosis("pool", "no connection became free", "Make fewer calls at once.")),
    (
        "HTTPStatus",
        _Diagnosis(
            None,
            "a hook of the HTTP client refused the answer",
            "Leave raise_for_status() out of its hooks: an error's status is told without it, with"
            " what the server says.",
        ),
    ),
    (
        "RemoteProtocol",
        _Diagnosis(
            "read",
            "the answer broke off or is not HTTP",
            "Try again; if it stays so, check base_url (a server with TLS takes https://) and what"
            " is between you and the server.",
        ),
    ),
    ("ConnectError", _CONNECT),
    ("Connector", _CONNECT),
    ("Reset", _READ),  # also those of the standard library, which do not tell when it was
    ("Aborted", _READ),
    ("Disconnected", _READ),
    ("Payload", _READ),
    ("Write", _Diagnosis("write", "the connection broke off while the request was sent", _CUT)),
    ("Read", _READ),
    (
        "Decoding",
        _Diagnosis(
            "read",
            "the answer cannot be decompressed",
            "Check what is between you and the server.",
        ),
    ),
)
_TIMEOUT_OF_TLS = _Diagnosis(
    "tls",
    "TCP connected, but the handshake of TLS was not done in time",
    "Check that base_url names a server with TLS",
)
_TIMEOUT_OF_PROXY = _Diagnosis(
    "proxy", "the proxy did not open the way to the server in time", _CHECK_PROXY
)
_TIMEOUTS = {
    "connect": _Diagnosis(
        "connect", "no TCP connection was made in time", "Check the network and base_url"
    ),
    "read": _Diagnosis(
        "read", "the server sent nothing for too long", "Large answers take their time"
    ),
    "write": _Diagnosis(
        "write", "the server did not take the request in time", "Check the network"
    ),
    "pool": _Diagnosis(
        "pool",
        "no connection became free in time",
        "Make fewer calls at once, close streams that are not read to their end",
    ),
}
