"""What the errors of pyreqwest mean: never that nothing was sent, where it may have been."""

import traceback
from typing import Any

import pytest
from openai_http import APIConnectionError, APITimeoutError, InvalidArgumentError
from openai_http.messages import Request
from openai_http.transports.explaining import raise_explained
from openai_http.transports.patience import PartIsOverError
from openai_http.transports.pools import PoolIsFullError
from openai_http.transports.pyreqwest_errors import meaning_of
from pyreqwest import exceptions

REQUEST = Request("POST", "https://u:pw@h:8000/v1/x?key=s3cret", {"authorization": "Bearer s3cret"})
SENDS = "error sending request for url (https://h:8000/v1/x?key=s3cret)"
CONNECTS, TALKS = "client error (Connect)", "client error (SendRequest)"


def of(kind: Any, *causes: str) -> Exception:
    return kind("connection error", {"causes": [{"message": each} for each in causes]})


CASES: list[tuple[Exception, str | None, str]] = [
    (
        of(exceptions.ConnectError, SENDS, CONNECTS, "tcp connect error", "Connection refused"),
        "connect",
        "never_sent",
    ),
    (of(exceptions.ConnectError, SENDS, CONNECTS, "tcp connect error"), "connect", "never_sent"),
    (of(exceptions.ConnectError, SENDS, CONNECTS, "dns error", "x"), "dns", "never_sent"),
    (of(exceptions.ConnectError, SENDS, CONNECTS, "tls handshake eof"), "tls", "never_sent"),
    (
        of(exceptions.ConnectError, SENDS, CONNECTS, "invalid peer certificate: UnknownIssuer"),
        "tls",
        "never_sent",
    ),
    (of(exceptions.ConnectError, SENDS, CONNECTS, "tunnel error: x"), "proxy", "never_sent"),
    (of(exceptions.ConnectTimeoutError, SENDS, CONNECTS, "x"), "connect", "never_sent"),
    # What pyreqwest calls connecting, too.
    (of(exceptions.ConnectTimeoutError, SENDS, "operation timed out"), "read", "unknown"),
    (
        of(exceptions.ConnectError, SENDS, TALKS, "connection closed before message completed"),
        "read",
        "unknown",
    ),
    (
        of(exceptions.ConnectError, SENDS, TALKS, "connection error", "Connection reset by peer"),
        "read",
        "unknown",
    ),
    (of(exceptions.DecodeError, SENDS, TALKS, "invalid HTTP version"), "read", "unknown"),
    (exceptions.WriteError("request body connection error", {"causes": None}), "write", "unknown"),
    (exceptions.WriteTimeoutError("request body timeout", {"causes": None}), "write", "unknown"),
    (of(exceptions.RequestError), "read", "unknown"),
    (of(exceptions.ReadTimeoutError, "operation timed out"), "read", "unknown"),
    (PoolIsFullError(), "pool", "never_sent"),
    (PartIsOverError("write"), "write", "unknown"),
    (ConnectionAbortedError("it was broken off"), "read", "unknown"),
    (RuntimeError("x"), None, "unknown"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case[0].args)[-50:])
def test_error_is_explained(case: tuple[Exception, str | None, str]):
    error, phase, outcome = case
    with pytest.raises(APIConnectionError) as caught:
        raise_explained(meaning_of, error, REQUEST)
    assert (caught.value.phase, caught.value.outcome) == (phase, outcome)
    assert isinstance(caught.value, APITimeoutError) == isinstance(
        error, TimeoutError | PoolIsFullError | PartIsOverError
    )
    told = "".join(traceback.format_exception(caught.value))
    told += repr([vars(each) for each in (error, caught.value, caught.value.__cause__)])
    assert "s3cret" not in told
    assert "pw" not in told


def test_certificate_that_is_not_accepted_lasts():
    error = of(exceptions.ConnectError, CONNECTS, "invalid peer certificate: UnknownIssuer")
    with pytest.raises(APIConnectionError, match="certificate is not accepted") as caught:
        raise_explained(meaning_of, error, REQUEST)
    assert caught.value.is_permanent


@pytest.mark.parametrize("text", ["tunnel error: x", "error connecting to socks proxy"])
def test_proxy_is_named(text: str):
    with pytest.raises(APIConnectionError, match="proxy") as caught:
        raise_explained(
            meaning_of, of(exceptions.ConnectError, CONNECTS, text), REQUEST, "http://u:pw@p:1"
        )
    assert (caught.value.phase, caught.value.host) == ("proxy", "p:1")


def test_refusal_by_the_proxy_s_host_is_one_of_the_proxy():
    causes = (CONNECTS, "tunnel error: failed", "tcp connect error", "Connection refused")
    with pytest.raises(APIConnectionError) as caught:
        raise_explained(meaning_of, of(exceptions.ConnectError, *causes), REQUEST, "http://p:1")
    assert (caught.value.phase, caught.value.outcome) == ("proxy", "never_sent")


def test_our_own_errors_stay_what_they_are():
    with pytest.raises(InvalidArgumentError, match="mine"):
        raise_explained(meaning_of, InvalidArgumentError("mine"), REQUEST)


def test_mistakes_in_code_last():
    with pytest.raises(APIConnectionError, match="the HTTP client failed") as caught:
        raise_explained(meaning_of, LookupError("x"), REQUEST)
    assert caught.value.is_permanent
