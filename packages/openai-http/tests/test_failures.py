import socket
import ssl

import pytest
from openai_http.failures import connection_error, timeout_error
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


def caused(error: Exception, by: BaseException) -> Exception:
    error.__cause__ = by
    return error


@pytest.mark.parametrize(
    ("error", "what", "remedy"),
    [
        (ConnectionRefusedError(111, "refused"), "no connection, it was refused", "start the"),
        (caused(ConnectError(), ConnectionRefusedError()), "it was refused", "start the server"),
        (caused(ConnectError("All failed"), OSError("x")), "no connection", "network and the pr"),
        (
            caused(ConnectError(), ExceptionGroup("", [OSError(), ConnectionRefusedError()])),
            "it was refused",
            "correct base_url",
        ),
        (ExceptionGroup("", [OSError("a"), OSError("b")]), "connection failed", "Check the net"),
        (caused(ConnectError(), socket.gaierror(-2, "?")), "the host is not known", "Check the ho"),
        (ssl.SSLCertVerificationError("bad"), "certificate is not accepted", "SSL_CERT_FILE"),
        (ssl.SSLError("record"), "TLS failed", "names a server with TLS"),
        (ConnectionResetError(), "was reset", "try again"),
        (ProxyError("407"), "the proxy refused", "HTTPS_PROXY"),
        (RemoteProtocolError("closed"), "broke off or is not HTTP", "Try again"),
        (DecodingError("bad gzip"), "cannot be decompressed", "between you and the server"),
        (ReadError(), "the connection broke off", "try again"),
        (RuntimeError("whatever"), "the connection failed", "Check the network"),
    ],
)
def test_failure_is_named_with_its_remedy(error: Exception, what: str, remedy: str):
    made = connection_error(REQUEST, error)
    message = str(made)
    assert message.startswith("POST http://h:8000/v1/x: ")
    assert f"{what} (h:8000): " in message
    assert remedy in message
    assert made.request == REQUEST.without_secrets()


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
        ("connect", "no connection was made"),
        ("read", "sent nothing"),
        ("write", "did not take"),
        ("pool", "no connection became free"),
    ],
)
def test_timeout_names_the_part_to_raise(phase: str, text: str):
    message = str(timeout_error(REQUEST, phase=phase))
    assert message.startswith("POST http://h:8000/v1/x timed out (h:8000): ")
    assert text in message
    assert message.endswith(f"or raise timeout=Timeout(..., {phase}=seconds).")
