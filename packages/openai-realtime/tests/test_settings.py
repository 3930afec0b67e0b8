from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import pytest
from openai_realtime.settings import ConnectionSettings, build, from_client, from_environment
from openai_types.errors import OpenAIError

VARIABLES = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID")


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def environment(
    *,
    api_key: str | None = None,
    base_url: str | None = None,
    organization: str | None = None,
    project: str | None = None,
    extra_headers: Mapping[str, str] | None = None,
    query: Mapping[str, str | int | bool | None] | None = None,
) -> ConnectionSettings:
    return from_environment(
        api_key=api_key,
        base_url=base_url,
        organization=organization,
        project=project,
        extra_headers=extra_headers,
        query=query or {},
    )


@dataclass
class Client:
    api_key: str = "sk-client"
    base_url: str = "https://proxy.example.com/openai/v1/"
    websocket_base_url: str | None = None
    organization: str | None = None
    project: str | None = None
    default_headers: Mapping[str, str] = field(default_factory=dict[str, str])


def test_settings_from_arguments():
    settings = environment(
        api_key="sk-1", organization="org-1", project="proj-1", query={"model": "gpt-realtime"}
    )
    assert settings.url == "wss://api.openai.com/v1/realtime?model=gpt-realtime"
    assert settings.headers["authorization"] == "Bearer sk-1"
    assert settings.headers["openai-organization"] == "org-1"
    assert settings.headers["openai-project"] == "proj-1"
    assert settings.headers["user-agent"].startswith("openai-realtime/")
    assert settings.model == "gpt-realtime"


def test_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    values = ("sk-env", "http://127.0.0.1:8000/v1", "org-env", "proj-env")
    for name, value in zip(VARIABLES, values, strict=True):
        monkeypatch.setenv(name, value)
    settings = environment()
    assert settings.url == "ws://127.0.0.1:8000/v1/realtime"
    assert settings.headers["authorization"] == "Bearer sk-env"
    assert settings.headers["openai-organization"] == "org-env"
    assert settings.headers["openai-project"] == "proj-env"


def test_settings_with_arguments_ignore_the_environment(monkeypatch: pytest.MonkeyPatch):
    for name in VARIABLES:
        monkeypatch.setenv(name, "http://ignored")
    settings = environment(api_key="sk-1", base_url="https://a/v1", organization="o", project="p")
    assert "ignored" not in f"{settings.url}{settings.headers}"


def test_settings_without_organization_and_project_send_neither():
    assert set(environment(api_key="sk-1").headers) == {"user-agent", "authorization"}


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("https://h/v1", "wss://h/v1/realtime"),
        ("https://h/v1/", "wss://h/v1/realtime"),
        ("http://h:8000", "ws://h:8000/realtime"),
        ("ws://[::1]:80/v1", "ws://[::1]:80/v1/realtime"),
        ("wss://h/v1", "wss://h/v1/realtime"),
        ("HTTPS://H/v1", "wss://H/v1/realtime"),
        (" https://h/v1\n", "wss://h/v1/realtime"),
    ],
)
def test_base_url_becomes_a_websocket_url(base_url: str, url: str):
    assert environment(api_key="k", base_url=base_url).url == url


def test_query_is_encoded_and_keeps_what_the_base_url_has():
    url = environment(
        api_key="k",
        base_url="https://h/v1?api-version=2&empty=",
        query={"model": "a b&c=ü", "flag": True, "number": 3, "none": None},
    ).url
    assert parse_qsl(urlsplit(url).query, keep_blank_values=True) == [
        ("api-version", "2"),
        ("empty", ""),
        ("model", "a b&c=ü"),
        ("flag", "true"),
        ("number", "3"),
    ]


def test_model_without_one_is_none():
    assert environment(api_key="k").model is None


@pytest.mark.parametrize("empty", ["", " "])
def test_empty_base_url_names_the_remedy(empty: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_BASE_URL", empty)
    with pytest.raises(OpenAIError, match="base URL in OPENAI_BASE_URL is empty"):
        environment(api_key="k")
    with pytest.raises(OpenAIError, match="base URL in base_url is empty"):
        environment(api_key="k", base_url=empty)


@pytest.mark.parametrize("base_url", ["ftp://h/v1", "api.openai.com/v1", "https:///v1", "/v1"])
def test_base_url_of_another_kind_is_refused(base_url: str):
    with pytest.raises(OpenAIError, match=r"must be a URL with a host that begins with .*wss://"):
        environment(api_key="k", base_url=base_url)


@pytest.mark.parametrize("base_url", ["https://h:port/v1", "https://[::1/v1", "https://h:99999"])
def test_malformed_base_url_is_refused(base_url: str):
    with pytest.raises(OpenAIError, match="malformed"):
        environment(api_key="k", base_url=base_url)


@pytest.mark.parametrize("scheme", ["http", "ws"])
def test_unencrypted_base_url_of_the_api_is_refused(scheme: str):
    with pytest.raises(OpenAIError, match=rf"unencrypted\. Use {scheme}s://"):
        environment(api_key="k", base_url=f"{scheme}://api.openai.com/v1")


def test_unencrypted_base_url_of_another_host_is_allowed():
    url = environment(api_key="k", base_url="http://notopenai.com/v1").url
    assert url == "ws://notopenai.com/v1/realtime"


@pytest.mark.parametrize("missing", [None, ""])
def test_missing_key_names_the_remedy(missing: str | None):
    with pytest.raises(OpenAIError, match="Set the environment variable OPENAI_API_KEY"):
        environment(api_key=missing)


@pytest.mark.parametrize("key", ["sk-1\n", "\nsk-1", "sk 1", "sk-ü", "sk-1\r\nX-Evil: 1"])
def test_key_that_cannot_be_sent_is_refused_without_showing_it(key: str):
    with pytest.raises(OpenAIError, match="API key in api_key contains a line break") as caught:
        environment(api_key=key)
    assert "sk" not in str(caught.value)


def test_extra_headers_replace_others_in_any_case():
    headers = environment(api_key="k", extra_headers={"User-Agent": "mine", "X-Extra": "1"}).headers
    assert headers["user-agent"] == "mine"
    assert headers["x-extra"] == "1"


@pytest.mark.parametrize("name", ["Authorization", "api-key"])
def test_credentials_in_extra_headers_replace_the_key(name: str):
    headers = environment(extra_headers={name: "other"}).headers
    assert headers[name.lower()] == "other"
    assert len({"authorization", "api-key"} & headers.keys()) == 1


def test_headers_of_a_body_and_of_the_handshake_are_left_out():
    given = {"Content-Type": "application/json", "Host": "h", "Sec-WebSocket-Key": "k"}
    assert set(environment(api_key="k", extra_headers=given).headers) == {
        "authorization",
        "user-agent",
    }


@pytest.mark.parametrize(
    "headers", [{"x-a": "1\r\nx-b: 2"}, {"x-a": "\x00"}, {"x a": "1"}, {"": "1"}, {"x\n": "1"}]
)
def test_header_that_cannot_be_sent_is_refused(headers: dict[str, str]):
    with pytest.raises(OpenAIError, match="cannot be sent"):
        environment(api_key="k", extra_headers=headers)


def test_organization_with_a_line_break_is_refused():
    with pytest.raises(OpenAIError, match="openai-organization"):
        environment(api_key="k", organization="org\n")


def test_settings_from_a_client():
    client = Client(organization="org", project="proj", default_headers={"X-Default": "1"})
    settings = from_client(client, extra_headers={"X-Extra": "2"}, query={"model": "m"})
    assert settings.url == "wss://proxy.example.com/openai/v1/realtime?model=m"
    assert settings.headers == {
        "user-agent": settings.headers["user-agent"],
        "authorization": "Bearer sk-client",
        "openai-organization": "org",
        "openai-project": "proj",
        "x-default": "1",
        "x-extra": "2",
    }


def test_settings_from_a_client_with_a_url_for_websockets():
    client = Client(websocket_base_url="ws://127.0.0.1:1/v1")
    settings = from_client(client, extra_headers=None, query={})
    assert settings.url == "ws://127.0.0.1:1/v1/realtime"


def test_repr_shows_no_headers():
    assert "sk-1" not in repr(environment(api_key="sk-1"))


def test_endpoint_shows_no_password_and_no_query():
    settings = environment(api_key="k", base_url="https://u:p@h:1/v1", query={"model": "m"})
    assert settings.endpoint == "wss://h:1/v1/realtime"


def test_blot_out_removes_credentials_only():
    settings = build(
        api_key="sk-secret",
        base_url="https://h",
        organization="org",
        project=None,
        headers={"Cookie": "crumbs"},
        query={},
    )
    assert settings.blot_out("sk-secret crumbs org") == "[removed] [removed] org"
