"""What is sent to where a redirect leads; that it is sent is shown in test_flows."""

import pytest
from openai_http.attempts.redirects import REDIRECTS, redirected
from openai_http.bodies.uploads import Form, Part
from openai_http.messages import Request, Response

SECRET = "sk-test-0123456789"
HEADERS = {
    "authorization": f"Bearer {SECRET}",
    "content-type": "application/json",
    "host": "api.test",
    "x-a": "1",
}
REQUEST = Request("POST", "https://api.test/v1/chat", HEADERS, b"{}")


def following(status: int, location: str | None, request: Request = REQUEST) -> Request | None:
    headers = [] if location is None else [(b"location", location.encode())]
    return redirected(request, Response(status, headers, request))


@pytest.mark.parametrize("status", [200, 300, 304, 400, 503])
def test_other_statuses_are_no_redirects(status: int):
    assert status not in REDIRECTS
    assert following(status, "/v2") is None


@pytest.mark.parametrize("status", sorted(REDIRECTS))
def test_redirect_without_a_place_leads_nowhere(status: int):
    assert following(status, None) is None
    assert following(status, "") is None


@pytest.mark.parametrize("status", [307, 308])
def test_method_and_body_are_kept(status: int):
    form = Form((("purpose", "batch"),), (Part("file", "f", b"x"),))
    upload = Request("POST", "https://api.test/v1/files", {}, form=form)
    for request in (REQUEST, upload):
        found = following(status, "/v2", request)
        assert found is not None
        assert found.url == "https://api.test/v2"
        assert (found.method, found.content, found.form) == ("POST", request.content, request.form)


@pytest.mark.parametrize("status", [301, 302, 303])
def test_others_become_a_get_without_a_body(status: int):
    found = following(status, "https://other.test/")
    assert found is not None
    assert (found.method, found.content, found.headers) == ("GET", b"", {"x-a": "1"})


@pytest.mark.parametrize(
    "location", ["https://other.test/v1", "https://api.test:444/", "http://api.test/"]
)
def test_body_goes_to_no_other_server(location: str):
    assert following(307, location) is None


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_place_that_is_not_ascii_is_read_as_it_was_written(encoding: str):
    response = Response(307, [(b"location", "/v2/café¡".encode(encoding))], REQUEST)
    found = redirected(REQUEST, response)
    assert found is not None
    assert found.url == "https://api.test/v2/café¡"
