"""Keys that a function gives: real sockets, and each kind of client."""

import pickle
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from anyio.lowlevel import checkpoint
from openai_http import APIConnectionError, AsyncOpenAI, AuthenticationError, OpenAI, omit
from openai_http.hooks.events import AttemptAnswered, CallBegan
from openai_http.settings import KEY_TO_COME
from openai_types.errors import InvalidTypeError, OpenAIError

pytestmark = pytest.mark.anyio

in_tasks = pytest.mark.parametrize("kind", ["asyncio", "trio"])
RETRIED: dict[str, str] = {"retry_after_ms": "0"}


def numbered() -> Callable[[], str]:
    """Gives another key each time."""
    numbers = count(1)
    return lambda: f"sk-secret-{next(numbers)}"


def keys(server: Any) -> list[str | None]:
    """What authenticated each request."""
    return [each.headers.get("authorization") for each in server.requests]


async def test_function_is_asked_before_each_attempt_of_each_call(caller: Any, server: Any):
    server.play(server.answer(500, **RETRIED), server.close, server.json(), server.json())
    async with caller.client(api_key=numbered(), max_retries=2) as client:
        await caller.chat(client)
        await caller.chat(client)
        assert client.api_key == ""
        assert client.auth_headers == {}
        assert "authorization" not in client.default_headers
    assert keys(server) == [f"Bearer sk-secret-{number}" for number in (1, 2, 3, 4)]


@in_tasks
async def test_coroutine_function_is_awaited(caller: Any, server: Any):
    async def token() -> str:
        await checkpoint()
        return "sk-awaited"

    server.play(server.json())
    await caller.call(api_key=token)
    assert keys(server) == ["Bearer sk-awaited"]


async def test_function_is_set_and_replaced_like_a_key(caller: Any, server: Any):
    server.play(*[server.json()] * 5)
    async with caller.client() as client:
        await caller.chat(client.copy(api_key=lambda: "sk-copy"))
        await caller.chat(client.with_key(lambda: "sk-with-key"))
        client.api_key = lambda: "sk-set"
        await caller.chat(client)
        await caller.chat(client.with_options(max_retries=1))
        client.api_key = "sk-text"
        assert client.key_function is None
        await caller.chat(client)
    named = ["sk-copy", "sk-with-key", "sk-set", "sk-set", "sk-text"]
    assert keys(server) == [f"Bearer {name}" for name in named]


async def test_function_is_not_asked_where_its_key_would_not_be_sent(
    caller: Any, server: Any, other: Any
):
    def never() -> str:
        raise AssertionError

    deleted = {"id": "key_1", "object": "organization.admin_api_key.deleted", "deleted": True}
    server.play(*[server.json()] * 4, server.json(200, deleted))
    other.play(other.json())
    mine = {"Authorization": "Bearer mine"}
    async with caller.client(api_key=never, admin_api_key="sk-admin") as client:
        await caller.chat(client, extra_headers=mine)
        await caller.chat(client, extra_headers={"Authorization": omit})
        await caller.chat(client.copy(default_headers=mine))
        await caller.chat(client.copy(default_headers={"api-key": "mine"}))
        await caller.do(client.admin.organization.admin_api_keys.delete, "key_1")
        await caller.do(client.get, f"{other.url}/models", cast_to=object)
    assert keys(server) == ["Bearer mine", None, "Bearer mine", None, "Bearer sk-admin"]
    assert keys(other) == [None]


async def test_redirect_keeps_the_key_of_its_attempt_on_its_server(
    caller: Any, server: Any, other: Any
):
    server.play(server.answer(303, location=f"{server.url}/a"))
    server.play(server.answer(303, location=f"{other.url}/b"))
    other.play(other.json())
    async with caller.client(api_key=numbered()) as client:
        await caller.chat(client)
    assert keys(server) == ["Bearer sk-secret-1"] * 2
    assert keys(other) == [None]


async def test_error_of_the_function_passes_and_nothing_is_sent(
    caller: Any, server: Any, told: Any
):
    error = APIConnectionError(message="The server that gives tokens is down.")

    def token() -> str:
        raise error

    async with caller.client(api_key=token, max_retries=2, hooks=[told]) as client:
        with pytest.raises(APIConnectionError) as caught:
            await caller.chat(client)
    assert caught.value is error
    assert error.attempts == ()
    assert server.requests == []
    assert told.names == ["CallBegan", "CallEnded"]
    assert told[-1].error is error


async def test_key_that_cannot_be_sent_names_the_function(caller: Any, server: Any):
    with pytest.raises(OpenAIError, match=r"<lambda> gave contains a line break") as caught:
        await caller.call(api_key=lambda: "sk-secret\n")
    assert "sk-secret" not in str(caught.value)
    assert server.requests == []


async def test_stream_and_raw_response_are_asked_for_with_the_key(caller: Any, server: Any):
    server.play(server.close, server.whole_stream(), server.json())
    events: list[Any] = []
    async with caller.client(api_key=numbered(), max_retries=1) as client:
        await caller.collect(await caller.chat(client, stream=True), events)
        raw = client.chat.completions.with_raw_response.create
        await caller.do(raw, model="gpt-test", messages=[])
    assert events
    assert keys(server) == [f"Bearer sk-secret-{number}" for number in (1, 2, 3)]


async def test_header_of_a_hook_authenticates_instead(caller: Any, server: Any):
    def hook(event: Any) -> None:
        if isinstance(event, CallBegan):
            event.headers["authorization"] = "Bearer of-a-hook"

    server.play(server.json())
    await caller.call(api_key=numbered(), hooks=[hook])
    assert keys(server) == ["Bearer of-a-hook"]


async def test_no_error_hook_or_pickle_shows_the_key(
    caller: Any, server: Any, told: Any, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("DEBUG", logger="openai_http")
    server.play(server.json(401, {"error": {"message": "Wrong key: sk-secret-1."}}))
    async with caller.client(api_key=numbered(), hooks=[told]) as client:
        with pytest.raises(AuthenticationError) as caught:
            await caller.chat(client)
        shown = f"{client!r} {vars(client)}"
    answer = told.only(AttemptAnswered).response
    assert answer.request.headers["authorization"] == "[removed]"
    shown += f"{caught.value!r} {caught.value} {vars(caught.value)} {told} {caplog.text}"
    assert "Wrong key: [removed]." in shown
    assert "secret-1" not in shown
    assert b"secret-1" not in pickle.dumps(caught.value)
    assert KEY_TO_COME not in shown


def test_coroutine_function_is_refused_by_the_synchronous_client():
    async def token() -> str:
        raise NotImplementedError

    client: Any = OpenAI(api_key="sk-1")
    wrong: Any = token
    with pytest.raises(InvalidTypeError, match=r"The function .*token .* is a coroutine function"):
        OpenAI(api_key=wrong)
    with pytest.raises(InvalidTypeError, match="coroutine function"):
        client.with_key(token)
    with pytest.raises(InvalidTypeError, match="coroutine function"):
        client.copy(api_key=token)
    with pytest.raises(InvalidTypeError, match="coroutine function"):
        client.api_key = token
    assert client.api_key == "sk-1"


def test_what_is_neither_text_nor_a_function_is_refused():
    for made in (OpenAI, AsyncOpenAI):
        wrong: Any = 5
        with pytest.raises(InvalidTypeError, match="api_key is of type int"):
            made(api_key=wrong)
