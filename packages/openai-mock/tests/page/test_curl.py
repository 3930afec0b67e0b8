import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai_mock.journal import Request
from openai_mock.page.curl import curl
from starlette.datastructures import Headers, QueryParams

SHELL = shutil.which("sh")
# Prints its arguments, each ended by a byte that none can have.
STAND_IN = "curl() { printf '%s\\0' \"$@\"; }\nOPENAI_API_KEY=sk-own\n"
ANY_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


def request(method: str = "POST", body: bytes = b"", **changes: object) -> Request:
    fields: dict[str, object] = {
        "headers": Headers({"host": "127.0.0.1:8000", "authorization": "[removed]"}),
        "body": body,
        "dropped": 0,
        "method": method,
        "path": "/v1/files/a b",
        "query": QueryParams(""),
        "read": True,
    }
    return Request(**{**fields, **changes})  # type: ignore[arg-type]


def arguments(command: str | None) -> list[str]:
    """What the command gives to curl, by a real shell."""
    if SHELL is None:
        pytest.skip("no shell: sh is not installed")
    done = subprocess.run(
        [SHELL, "-c", STAND_IN + (command or "")], capture_output=True, check=True
    )
    return done.stdout.decode().split("\0")[:-1]


@settings(max_examples=25)
@given(body=ANY_TEXT, value=st.text("a'\"$`\\ b;", min_size=1))
def test_request_survives_the_shell(body: str, value: str):
    headers = Headers({"host": "x:1", "x-note": value, "user-agent": "a", "authorization": "z"})
    query = QueryParams([("include[]", value), ("include[]", "b")])
    given = arguments(curl(request(body=body.encode(), headers=headers, query=query)))
    url, *rest = given
    assert url == f"http://x:1/v1/files/a%20b?{query}"
    assert rest == [
        *("-H", f"x-note: {value}"),
        *("-H", "Authorization: Bearer sk-own"),
        *("--data-raw", body),
    ]


@pytest.mark.parametrize(
    ("sent", "rest"),
    [
        (request("GET"), []),
        (request("DELETE"), ["-X", "DELETE"]),
        (request("POST"), ["-X", "POST"]),
        (request("POST", b"\xff"), ["--data-binary", "@body.bin"]),
        (request("POST", b"a\0"), ["--data-binary", "@body.bin"]),
        (request("POST", b"a", dropped=1), ["--data-binary", "@body.bin"]),
        (request("POST", b"", read=False), ["--data-binary", "@body.bin"]),
    ],
)
def test_methods_and_bodies(sent: Request, rest: list[str]):
    _, *given = arguments(curl(sent))
    assert [each for each in given if each != "-H" and "Bearer" not in each] == rest


def test_websocket_has_no_command():
    assert curl(request("WEBSOCKET")) is None


def test_secrets_of_other_headers_are_left_to_be_filled_in():
    headers = Headers({"x-api-key": "[removed]"})
    assert arguments(curl(request("GET", headers=headers)))[-1] == "x-api-key: REMOVED"
