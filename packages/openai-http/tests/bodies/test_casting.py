from typing import Any

import httpx
import httpx2
import pytest
from openai_http import Headers, HttpxBinaryResponseContent, Request, Response
from openai_http.bodies.casting import as_response, is_response
from openai_types import responses

SECRET = "sk-test-0123456789"


def content() -> HttpxBinaryResponseContent:
    request = Request("GET", "https://h/v1/x", {"authorization": f"Bearer {SECRET}"})
    encoding = b"content-encoding", b"gzip"
    made = Response(201, [encoding, (b"Content-Type", b"text/plain")], request)
    made.content = b"inflated"
    return HttpxBinaryResponseContent(made)


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_response_of_a_library_has_all_but_secrets(library: Any):
    made = as_response(content(), library.Response)
    assert (made.status_code, made.text) == (201, "inflated")
    assert (made.request.method, str(made.url)) == ("GET", "https://h/v1/x")
    assert SECRET not in str(made.request.headers)


def test_response_of_this_package_is_itself():
    made = content()
    assert as_response(made, HttpxBinaryResponseContent) is made
    assert as_response(made, Response) is made.response


@pytest.mark.parametrize("type_", [responses.Response, dict, str, Headers, dict[str, int]])
def test_other_types_are_no_responses(type_: type[object]):
    assert not is_response(type_)
