import ssl

import pytest
from openai_realtime.handshake import failed, refused
from openai_realtime.settings import ConnectionSettings

KEY = "sk-secret-of-this-test"
SETTINGS = ConnectionSettings(
    "wss://user:password@api.example.com/v1/realtime?model=gpt-realtime",
    {"authorization": f"Bearer {KEY}"},
)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "'gpt-realtime'"),
        (401, "Check the API key"),
        (403, "permissions"),
        (404, "'gpt-realtime'"),
        (418, "Check the base URL"),
        (429, "Wait"),
        (500, "connect again"),
        (503, "connect again"),
    ],
)
def test_refused_names_status_and_remedy(status: int, said: str):
    error = refused(SETTINGS, status, b"")
    assert said in str(error)
    assert f"status {status}" in str(error)
    assert error.status_code == status


def test_refused_with_the_apis_error_body_says_its_message():
    body = b'{"error":{"message":"Incorrect API key.","type":"invalid_request_error"}}'
    error = refused(SETTINGS, 401, body)
    assert "(Incorrect API key.)" in str(error)
    assert error.body == body


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"upstream down", "upstream down"),
        (b"[]", "[]"),
        (b'{"error":"text"}', "text"),
        (b'{"error":{"message":7}}', '{"error":{"message":7}}'),
        (b'{"detail":"gone"}', "gone"),
        (b"<html><title>502 Bad Gateway</title></html>", "502 Bad Gateway"),
    ],
)
def test_refused_with_another_body_shows_what_it_says(body: bytes, said: str):
    error = refused(SETTINGS, 502, body)
    assert f"({said})" in str(error)
    assert error.body == body


def test_refused_with_a_long_body_keeps_all_and_shows_the_start():
    error = refused(SETTINGS, 502, b"x" * 10_000)
    assert len(str(error)) < 1000
    assert len(error.body) == 10_000


def test_refused_with_a_body_that_is_no_text():
    assert "�" in str(refused(SETTINGS, 502, b"\xff"))


def test_refused_with_a_body_that_repeats_the_key_blots_it_out():
    error = refused(SETTINGS, 401, b"bad key " + KEY.encode())
    assert KEY not in f"{error}{error.body!r}{error.__dict__}"
    assert error.body == b"bad key [removed]"


def test_refused_with_a_redirect_names_the_target():
    error = refused(SETTINGS, 307, b"", "https://{elsewhere}/v1/realtime")
    assert "redirects to https://{elsewhere}/v1/realtime" in str(error)


def test_refused_shows_no_password_and_no_query():
    assert str(refused(SETTINGS, 500, b"")).startswith(
        "wss://api.example.com/v1/realtime refused the connection"
    )


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "start the server"),
        (TimeoutError(), "TimeoutError. It did not answer in time"),
        (ssl.SSLCertVerificationError("self-signed"), "certificate"),
        (OSError("no such host"), "no such host. Check the host"),
        (ImportError("python-socks"), "install python-socks"),
        (EOFError("gone"), "Realtime API"),
    ],
)
def test_failed_names_cause_and_remedy(cause: Exception, said: str):
    error = failed(SETTINGS, cause)
    assert said in str(error)
    assert "wss://api.example.com/v1/realtime" in str(error)
    assert error.status_code is None
    assert error.body == b""
