"""The attributes of clients: what they say, and what setting them does to the calls that follow."""

from typing import Any

import pytest
from openai_http import AsyncOpenAI, InvalidArgumentError, OpenAI, RetryPolicy, Timeout
from openai_types.errors import OpenAIError


@pytest.fixture(params=[OpenAI, AsyncOpenAI])
def client(request: pytest.FixtureRequest) -> Any:
    return request.param(api_key="sk-1", base_url="http://h/v1")


@pytest.mark.parametrize(
    ("name", "given", "wanted"),
    [
        ("api_key", "sk-2", "sk-2"),
        ("admin_api_key", "sk-admin", "sk-admin"),
        ("admin_api_key", None, None),
        ("organization", "o", "o"),
        ("organization", None, None),
        ("project", "p", "p"),
        ("webhook_secret", "whsec_c2VjcmV0", "whsec_c2VjcmV0"),
        ("base_url", "http://other/v2", "http://other/v2/"),
        ("websocket_base_url", "ws://other", "ws://other"),
        ("websocket_base_url", None, None),
        ("timeout", 3, Timeout(3)),
        ("timeout", None, Timeout(None)),
        ("max_retries", 7, 7),
        ("retry", RetryPolicy(jitter=0), RetryPolicy(jitter=0)),
        ("retry", 0, RetryPolicy(0)),
        ("deadline", 5, 5),
    ],
)
def test_settings_can_be_set(client: Any, name: str, given: object, wanted: object):
    copy, before = client.copy(), getattr(client, name)
    setattr(client, name, given)
    assert getattr(client, name) == wanted
    assert getattr(copy, name) == before


@pytest.mark.parametrize(
    ("name", "wrong", "says"),
    [
        ("api_key", "two\nlines", "line break"),
        ("api_key", "", "No API key"),
        ("base_url", "h/v1", "must be a URL"),
        ("timeout", -1, "Pass seconds"),
        ("max_retries", None, "Pass how many"),
        ("retry", "3", "Pass a RetryPolicy"),
        ("deadline", -1, "Pass seconds"),
        ("deadline", 1e12, "from 0 to"),
        ("organization", "two\nlines", "line break"),
    ],
)
def test_what_cannot_work_is_refused_and_changes_nothing(
    client: Any, name: str, wrong: object, says: str
):
    before = getattr(client, name), client.default_headers
    with pytest.raises(OpenAIError, match=says):
        setattr(client, name, wrong)
    assert (getattr(client, name), client.default_headers) == before


@pytest.mark.parametrize("number", [0, 3])
def test_copy_takes_a_number_of_retries_for_a_policy(client: Any, number: int):
    assert client.with_options(retry=number).retry == RetryPolicy(number)
    with pytest.raises(OpenAIError, match="retry cannot be"):
        client.with_options(retry="3")


def test_number_of_retries_leaves_the_rest_of_the_policy(client: Any):
    client.retry = RetryPolicy(2, jitter=0)
    client.max_retries = 5
    assert client.retry == RetryPolicy(5, jitter=0)


def test_key_that_would_not_be_used_is_refused(client: Any):
    client = client.copy(default_headers={"Authorization": "Bearer other"})
    with pytest.raises(InvalidArgumentError, match="authenticates this client"):
        client.api_key = "sk-2"


def test_what_servers_are_told_of_the_client(client: Any):
    assert client.auth_headers == {"Authorization": "Bearer sk-1"}
    assert client.user_agent.startswith("openai-http/")
    assert client.copy(default_headers={"User-Agent": "mine"}).user_agent == "mine"


def test_user_agent_replaces_the_name_of_this_package(client: Any):
    mine = client.copy(user_agent="mine/1.0")
    assert mine.user_agent == mine.default_headers["user-agent"] == "mine/1.0"
    assert mine.copy(api_key="sk-2").user_agent == "mine/1.0"
    assert mine.copy(user_agent="yours/2.0").user_agent == "yours/2.0"
    assert mine.copy(default_headers={"User-Agent": "header"}).user_agent == "header"
    assert type(client)(api_key="sk-1", user_agent="mine/1.0").user_agent == "mine/1.0"
    with pytest.raises(InvalidArgumentError, match="user-agent"):
        client.copy(user_agent="mine\n")


def test_next_call_has_what_was_set(server: Any):
    server.play(server.json())
    with OpenAI(api_key="sk-1", base_url="http://127.0.0.1:9/v1", max_retries=0) as client:
        completions = client.chat.completions
        client.base_url, client.api_key, client.project = server.url, "sk-2", "p"
        completions.create(model="m", messages=[])
    [request] = server.requests
    assert request.headers["authorization"] == "Bearer sk-2"
    assert request.headers["openai-project"] == "p"
