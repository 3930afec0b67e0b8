from typing import Any

import pytest
from openai_http import OpenAIError
from openai_http.messages import Request
from openai_http.transports.routes import Routes, checked_proxy, signed, without_user


@pytest.mark.parametrize(
    ("variables", "url", "proxy"),
    [
        ({}, "https://h/v1", None),
        ({"HTTPS_PROXY": "http://p:1"}, "https://h/v1", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1"}, "http://h/v1", None),
        ({"HTTP_PROXY": "p:1"}, "http://h/v1", "http://p:1"),
        ({"ALL_PROXY": "socks5://p:1"}, "https://h/v1", "socks5://p:1"),
        ({"HTTPS_PROXY": "http://a", "ALL_PROXY": "http://b"}, "https://h/v1", "http://a"),
        ({"HTTPS_PROXY": "http://a", "NO_PROXY": "x,h"}, "https://h/v1", None),
        ({"HTTPS_PROXY": "http://a", "NO_PROXY": ".test"}, "https://u:p@a.test:9/v1", None),
        ({"HTTPS_PROXY": "http://a", "NO_PROXY": "*"}, "https://h/v1", None),
        ({"HTTPS_PROXY": ""}, "https://h/v1", None),
    ],
)
def test_proxy_of_the_environment(
    variables: dict[str, str], url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Routes().find(url).proxy == proxy


def test_argument_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://environment")
    assert Routes("http://argument").find("https://h").proxy == "http://argument"
    assert Routes(None).find("https://h").proxy is None


def test_servers_have_routes_of_their_own_whatever_the_user_is():
    routes = Routes()
    assert routes.find("https://h/a") is routes.find("https://h/b?c")
    assert routes.find("https://h/a") == routes.find("https://u:p@h/a")
    others = {routes.find(url) for url in ("https://h", "http://h", "https://h:444", "https://g")}
    assert len(others) == 4


@pytest.mark.parametrize(
    "wrong", ["ftp://u:hidden@h", "http://", "http://u:hidden@[::1", 3, "http://a b"]
)
def test_proxy_that_cannot_be_used_is_not_shown(wrong: Any):
    with pytest.raises(OpenAIError, match="The proxy here is not the URL of one") as caught:
        checked_proxy(wrong, "here")
    assert "hidden" not in str(caught.value)


def test_user_of_a_url_becomes_a_header():
    request = Request(
        "GET", "https://me:p%20w@h:1/v1?a=b@c", {"authorization": "Bearer k", "x": "1"}
    )
    assert signed(request) == (
        "https://h:1/v1?a=b@c",
        {"authorization": "Basic bWU6cCB3", "x": "1"},
    )
    assert without_user("https://h/?a=b@c") == ("https://h/?a=b@c", None)
    for url in ("https://h/v1", "https://h/v1/a@b"):
        assert signed(Request("GET", url, {"x": "1"})) == (url, {"x": "1"})
