import httpx
import pytest
from openai_mock import MockServer

PAGE_ROUTES = [
    *("/", "/__mock__/page.css", "/__mock__/page.js", "/__mock__/requests"),
    *("/__mock__/requests/1", "/__mock__/requests/x", "/__mock__/requests/1/request"),
]


@pytest.mark.parametrize("path", PAGE_ROUTES)
def test_what_is_asked_of_the_page_is_not_in_the_journal(watched: MockServer, path: str):
    httpx.get(watched.url + path, trust_env=False)
    assert watched.requests == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/"), ("GET", "/__mock__"), ("GET", "/__mock__/else"), ("GET", "/v1/files")],
)
def test_everything_else_is(watched: MockServer, method: str, path: str):
    answer = httpx.request(method, watched.url + path, trust_env=False)
    assert "x-request-id" in answer.headers
    assert [(each.method, each.path) for each in watched.requests] == [(method, path)]
