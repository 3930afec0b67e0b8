import socket
import ssl
from dataclasses import replace

import pytest
from openai_http import PoolExhaustedError
from openai_http.failures.connecting import connection_error, timeout_error
from openai_http.messages import Request

REQUEST = Request(
    "POST", "http://u:pw@h:8000/v1/x?key=k", {"authorization": "Bearer sk-0123456789"}
)


class ProxyError(Exception):
    pass


class RemoteProtocolError(Exception):
    pass


class ConnectError(Exception):
    pass


class ReadError(Exception):
    pass


class DecodingError(Exception):
    pass


class WriteError(Exception):
    pass


class PoolError(Exception):
    pass


class ClientConnectorError(Exception):
    """As aiohttp calls it: no connection."""


class ClientConnectionResetError(Exception):
    """As aiohttp calls it: a connection that there was."""


def caused(error: Exception, by: BaseException) -> Exception:
    error.__cause__ = by
    return error


CASES: list[tuple[Exception, str | None, str, str]] = [
    (ConnectionRefusedError(111, "refused"), "connect", "TCP connection, it was refused", "start"),
    (caused(ConnectError(), ConnectionRefusedError()), "connect", "it was refused", "start the"),
    (caused(ConnectError("All"), OSError("x")), "connect", "no TCP connection", "and the proxy"),
    (
        caused(ConnectError(), ExceptionGroup("", [OSError(), ConnectionRefusedError()])),
        "connect",
        "it was refused",
        "correct base_url",
    ),
    (ExceptionGroup("", [OSError("a"), OSError("b")]), None, "connection failed", "Check the net"),
    (caused(ConnectError(), socket.gaierror(-2, "?")), "dns", "host is not known", "Check the ho"),
    (ssl.SSLCertVerificationError("bad"), "tls", "certificate is not accepted", "SSL_CERT_FILE"),
    (ssl.SSLError("record"), "tls", "the handshake failed", "a server with TLS"),
    (caused(ConnectError(), ssl.SSLError("x")), "tls", "the handshake failed", "takes http://"),
    (caused(ReadError(), ssl.SSLError("x")), "read", "while the answer was awaited", "try again"),
    (ConnectionResetError(), "read", "was reset", "try again"),
    (caused(WriteError(), ConnectionResetError()), "write", "was reset", "try again"),
    (WriteError(), "write", "while the request was sent", "try again"),
    (ProxyError("407"), "proxy", "the proxy refused", "HTTPS_PROXY"),
    (RemoteProtocolError("closed"), "read", "broke off or is not HTTP", "takes https://"),
    (DecodingError("bad gzip"), "read", "cannot be decompressed", "between you and the server"),
    (ReadError(), "read", "broke off while the answer was awaited", "try again"),
    (ConnectionAbortedError(), "read", "broke off while the answer was awaited", "try again"),
    (ClientConnectionResetError(), "read", "while the answer was awaited", "try again"),
    (caused(ClientConnectorError(), OSError("x")), "connect", "no TCP connection", "the proxy"),
    (PoolError(), "pool", "no connection became free", "fewer calls"),
    (RuntimeError("whatever"), None, "the connection failed", "Check the network"),
]


@pytest.mark.parametrize(("error", "phase", "what", "remedy"), CASES)
def test_failure_is_named_with_its_remedy(
    error: Exception, phase: str | None, what: str, remedy: str
):
    made = connection_error(REQUEST, error)
    message = str(made)
    assert message.startswith("POST http://h:8000/v1/x: ")
    assert f"{what} (h:8000): " in message
    assert remedy in message
    assert made.request == REQUEST.without_secrets()
    assert (made.host, made.phase) == ("h:8000", phase)
    never_sent = phase in {"pool", "dns", "connect", "tls", "proxy"}
    assert made.outcome == ("never_sent" if never_sent else "unknown")


def test_reset_while_tls_is_negotiated_is_of_tls():
    def start_tls() -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError) as caught:
        start_tls()
    made = connection_error(REQUEST, caused(ConnectError(), caught.value))
    assert (made.phase, made.outcome) == ("tls", "never_sent")
    timeout = timeout_error(REQUEST, phase="connect", error=caught.value)
    assert (timeout.phase, timeout.outcome) == ("tls", "never_sent")
    assert "the handshake of TLS was not done in time" in str(timeout)


@pytest.mark.parametrize(
    "error", [caused(ConnectError(), socket.gaierror(-2, "?")), ConnectionRefusedError()]
)
def test_connection_to_a_proxy_is_of_the_proxy(error: Exception):
    made = connection_error(REQUEST, error, proxy="http://user:hidden-pw@proxy.test:3128")
    assert (made.host, made.phase, made.outcome) == ("proxy.test:3128", "proxy", "never_sent")
    assert "to the proxy (proxy.test:3128): " in str(made)
    assert "NO_PROXY" in str(made)
    assert "hidden-pw" not in str(made)


def test_connection_through_a_proxy_is_of_the_server():
    made = connection_error(REQUEST, ReadError(), proxy="http://proxy.test:3128")
    assert (made.host, made.phase) == ("h:8000", "read")
    timeout = timeout_error(REQUEST, phase="connect", proxy="http://proxy.test:3128")
    assert (timeout.host, timeout.phase) == ("proxy.test:3128", "proxy")


def test_cause_is_cleaned_of_secrets():
    class RequestError(Exception):
        def __init__(self, *args: object) -> None:
            super().__init__(*args)
            self._request = REQUEST

    inner = ValueError(b"Illegal header value b'Bearer sk-0123456789'", 5)
    error = caused(RequestError("sk-0123456789 and http://u:a-password@h/"), inner)
    request = replace(REQUEST, url="http://u:a-password@h/v1")
    connection_error(request, error)
    assert error.args == ("[removed] and http://u:[removed]@h/",)
    assert inner.args == ("Illegal header value b'[removed]'", 5)
    assert vars(error)["_request"] is None


def test_failure_that_was_hidden_in_the_context_is_found():
    error = ConnectError()
    error.__context__ = ConnectionResetError()
    assert "was reset" in str(connection_error(REQUEST, error))


def test_text_of_the_failure_is_in_the_message_once_and_without_secrets():
    message = str(connection_error(REQUEST, RuntimeError("No sk-0123456789 here.")))
    assert "(h:8000): No [removed] here. Check" in message
    assert "pw" not in message
    assert ": RuntimeError. Check" in str(connection_error(REQUEST, RuntimeError()))


@pytest.mark.parametrize(
    ("phase", "text"),
    [
        ("connect", "no TCP connection was made"),
        ("read", "sent nothing"),
        ("write", "did not take"),
        ("pool", "no connection became free"),
    ],
)
def test_timeout_names_the_part_to_raise(phase: str, text: str):
    message = str(timeout_error(REQUEST, phase=phase))
    assert message.startswith("Request timed out: POST http://h:8000/v1/x (h:8000): ")
    assert text in message
    assert message.endswith(f"or raise timeout=Timeout(..., {phase}=seconds).")
    made = timeout_error(REQUEST, phase=phase)
    assert (made.host, made.phase) == ("h:8000", phase)
    assert made.outcome == ("never_sent" if phase in {"connect", "pool"} else "unknown")
    assert isinstance(made, PoolExhaustedError) == (phase == "pool")


def test_name_that_cannot_be_one_stays_so():
    with pytest.raises(UnicodeError) as caught:
        "a..b".encode("idna")
    made = connection_error(REQUEST, caught.value)
    assert (made.phase, made.outcome, made.is_permanent) == ("dns", "never_sent", True)
    assert "the name of the host cannot be one (h:8000)" in str(made)


def test_what_is_none_of_the_network_stays_so():
    made = connection_error(REQUEST, LookupError("x"), usual=False)
    assert (made.phase, made.outcome, made.is_permanent) == (None, "unknown", True)
    assert "the HTTP client failed (h:8000): x. That is not the network" in str(made)
    assert not connection_error(REQUEST, LookupError("x")).is_permanent


def test_cause_that_is_a_circle_is_looked_at_once():
    """As `raise error from error` makes it, and a group that one of its own errors hides."""
    own, inner = ValueError("own"), OSError("inner")
    own.__cause__ = own
    inner.__context__ = ExceptionGroup("around", [inner, ConnectionRefusedError()])

    assert connection_error(REQUEST, own).phase is None
    assert connection_error(REQUEST, inner).phase == "connect"
