import math
import pickle
from typing import Any

import pytest
from openai_http import NOT_GIVEN, Timeout, omit
from openai_http.attempts.retries import RetryPolicy
from openai_http.settings import Settings, merge_headers, read_settings
from openai_http.settings import user_agent as own_user_agent
from openai_http.timing.timeout import DEFAULT_TIMEOUT
from openai_types.errors import InvalidArgumentError, InvalidTypeError, OpenAIError


def read(*, own_timeout: bool = False, **given: Any) -> Settings:
    arguments: dict[str, Any] = {
        "api_key": "sk-given",
        "admin_api_key": None,
        "organization": None,
        "project": None,
        "webhook_secret": None,
        "base_url": None,
        "websocket_base_url": None,
        "timeout": NOT_GIVEN,
        "max_retries": NOT_GIVEN,
        "retry": None,
        "deadline": None,
        "first_event_timeout": None,
        "idle_timeout": None,
        "idempotency_keys": False,
        "user_agent": None,
        "default_headers": None,
        "default_query": None,
        "strict": False,
    }
    return read_settings(**{**arguments, **given}, own_timeout=own_timeout)


def test_settings_by_default():
    settings = read()
    assert settings.base_url == "https://api.openai.com/v1/"
    assert settings.websocket_base_url is None
    assert (settings.organization, settings.project, settings.webhook_secret) == (None, None, None)
    assert settings.timeout == DEFAULT_TIMEOUT == Timeout(600, connect=5)
    assert settings.retry == RetryPolicy(max_retries=2)
    assert settings.default_query == {}
    assert settings.strict is False
    assert settings.headers == {
        "accept": "application/json",
        "content-type": "application/json",
        "user-agent": own_user_agent(),
        "authorization": "Bearer sk-given",
    }


def test_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-env")
    monkeypatch.setenv("OPENAI_BASE_URL", " http://127.0.0.1:8000/v1/ ")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-env")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-env")
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", "whsec_env")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-One: 1\nno header\r\n X-Two :2:3 \n\n")
    settings = read(api_key=None)
    assert settings.api_key == "sk-env"
    assert settings.base_url == "http://127.0.0.1:8000/v1/"
    assert (settings.organization, settings.project) == ("org-env", "proj-env")
    assert settings.webhook_secret == "whsec_env"
    assert settings.headers["authorization"] == "Bearer sk-env"
    assert settings.headers["openai-organization"] == "org-env"
    assert settings.headers["openai-project"] == "proj-env"
    assert (settings.headers["x-one"], settings.headers["x-two"]) == ("1", "2:3")


def test_arguments_replace_the_environment(monkeypatch: pytest.MonkeyPatch):
    for name in ("API_KEY", "BASE_URL", "ORG_ID", "PROJECT_ID", "WEBHOOK_SECRET"):
        monkeypatch.setenv(f"OPENAI_{name}", "ignored\n")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-One: ignored\nX-Two: kept")
    settings = read(
        organization="org",
        project="proj",
        webhook_secret="whsec",
        base_url="https://h/v1",
        websocket_base_url="wss://h/v1",
        timeout=None,
        max_retries=0,
        default_headers={"x-ONE": "1"},
        default_query={"api-version": 1},
        strict=True,
    )
    assert "ignored" not in f"{settings}{settings.headers}{settings.webhook_secret}"
    assert (settings.headers["x-one"], settings.headers["x-two"]) == ("1", "kept")
    assert settings.websocket_base_url == "wss://h/v1"
    assert settings.timeout == Timeout(None)
    assert (settings.retry.max_retries, settings.strict) == (0, True)
    assert settings.default_query == {"api-version": 1}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://h", "https://h/"),
        ("https://h/v1", "https://h/v1/"),
        ("https://h/v1//", "https://h/v1/"),
        ("HTTP://H:80/v1", "http://H:80/v1/"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1/"),
        ("https://h/v1?api-version=2", "https://h/v1/?api-version=2"),
        ("https://h/v1#part", "https://h/v1/"),
    ],
)
def test_base_url_ends_with_a_slash(given: str, expected: str):
    assert read(base_url=given).base_url == expected


def test_base_url_of_an_http_library():
    class URL:
        def __str__(self) -> str:
            return "https://h/v1"

    assert read(base_url=URL()).base_url == "https://h/v1/"


@pytest.mark.parametrize(
    "url",
    ["", " ", "h/v1", "/v1", "ftp://h/v1", "ws://h", "https:///v1", "https://h:x", "http://h\0"],
)
def test_base_url_that_cannot_work_is_refused(url: str):
    with pytest.raises(OpenAIError, match=r"base URL in base_url"):
        read(base_url=url)


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer other"}, {"api-key": "other"}])
def test_header_that_authenticates_makes_a_key_unnecessary(headers: dict[str, str]):
    settings = read(api_key=None, default_headers=headers)
    assert settings.api_key == ""
    assert {name.lower(): value for name, value in headers.items()}.items() <= (
        settings.headers.items()
    )
    assert "Bearer sk" not in f"{settings.headers}"


def test_header_that_authenticates_replaces_the_key():
    settings = read(default_headers={"AUTHORIZATION": "Bearer other"})
    assert settings.headers["authorization"] == "Bearer other"


def test_omit_removes_a_header():
    settings = read(default_headers={"User-Agent": omit, "Accept": NOT_GIVEN, "X-None": omit})
    assert set(settings.headers) == {"content-type", "authorization"}


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"x-a": "1\r\nx-b: 2"}, "'x-a' cannot be sent"),
        ({"x-a": "\0"}, "'x-a' cannot be sent"),
        ({"x-a": " a"}, "'x-a' cannot be sent: .* blank at an end"),
        ({"x-a": "\ud800"}, "'x-a' cannot be sent"),
        ({"x a": "1"}, "'x a' cannot be sent"),
        ({"": "1"}, "'' cannot be sent"),
        ({"x-a": 1}, r"'x-a' is of type int\. Pass its value as text"),
        ({"x-a": None}, r"'x-a' is of type NoneType\."),
        ({"x-a": b"1"}, r"'x-a' is of type bytes\."),
    ],
)
def test_header_that_cannot_be_sent_is_refused(headers: dict[str, Any], message: str):
    with pytest.raises(OpenAIError, match=message):
        read(default_headers=headers)
    with pytest.raises(OpenAIError, match=message):
        merge_headers({}, headers)


@pytest.mark.parametrize("name", ["organization", "project"])
def test_organization_and_project_that_cannot_be_sent_are_refused(name: str):
    with pytest.raises(OpenAIError, match=f"openai-{name}"):
        read(**dict[str, Any]({name: "x\n"}))


@pytest.mark.parametrize("given", [-1, 1.5, True, None, "2", math.inf])
def test_max_retries_that_is_no_count_is_refused(given: Any):
    with pytest.raises(InvalidArgumentError, match=r"max_retries (cannot be|is) .*\. Pass "):
        read(max_retries=given)


def test_timeout_of_the_user_s_own_client_holds_unless_one_is_given():
    assert read(own_timeout=True).timeout is None
    assert read(own_timeout=True, timeout=3).timeout == Timeout(3)


def test_merge_headers_leaves_the_others_alone():
    old = {"a": "1", "b": "2"}
    assert merge_headers(old, {"B": "3", "A": omit, "C": "é"}) == {"b": "3", "c": "é"}
    assert old == {"a": "1", "b": "2"}


def test_repr_shows_no_secret():
    settings = read(webhook_secret="whsec_1", default_headers={"x-key": "gate-1"})
    for secret in ("sk-given", "whsec_1", "gate-1"):
        assert secret not in repr(settings)


def test_settings_keep_their_secrets_only_in_memory():
    # The client refuses to be pickled; so the settings go nowhere by accident.
    from openai_http import OpenAI

    with pytest.raises(TypeError, match="OpenAI cannot be pickled: it holds connections and a key"):
        pickle.dumps(OpenAI(api_key="sk-given"))


def test_admin_key_of_the_environment_or_the_argument(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin-env")
    assert read().admin_api_key == "sk-admin-env"
    settings = read(admin_api_key="sk-admin")
    assert settings.headers_for(admin=True)["authorization"] == "Bearer sk-admin"
    assert settings.headers_for(admin=False)["authorization"] == "Bearer sk-given"
    assert "sk-admin" not in repr(settings)


def test_missing_admin_key_is_named_when_it_is_needed():
    settings = read()
    assert settings.admin_api_key is None
    with pytest.raises(OpenAIError, match=r"takes an admin key.*OPENAI_ADMIN_KEY.*admin_api_key"):
        settings.headers_for(admin=True)


def test_missing_key_beside_an_admin_key_is_named_when_it_is_needed():
    settings = read(api_key=None, admin_api_key="sk-admin")
    assert settings.headers_for(admin=True)["authorization"] == "Bearer sk-admin"
    with pytest.raises(OpenAIError, match="OPENAI_API_KEY"):
        settings.headers_for(admin=False)


def test_header_that_authenticates_is_for_both_kinds_of_operations():
    settings = read(api_key=None, default_headers={"Authorization": "Bearer other"})
    for admin in (False, True):
        assert settings.headers_for(admin=admin)["authorization"] == "Bearer other"


def test_policy_or_its_number_of_retries():
    policy = RetryPolicy(max_retries=4, jitter=0)
    assert read(retry=policy).retry is policy
    assert read(max_retries=4).retry == read(retry=4).retry == RetryPolicy(max_retries=4)
    with pytest.raises(OpenAIError, match=r"Pass retry=RetryPolicy\(max_retries=...\), or"):
        read(retry=policy, max_retries=4)


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding"])
def test_headers_that_say_how_long_the_body_is_are_refused(name: str):
    """A wrong one would make two requests of one, for some servers."""
    with pytest.raises(InvalidArgumentError, match=rf"header {name.lower()} is written by this"):
        read(default_headers={name: "5"})


def test_name_of_a_header_that_is_no_text_is_refused():
    names: Any = {1: "x"}
    with pytest.raises(InvalidTypeError, match="name of a header is no text"):
        read(default_headers=names)
