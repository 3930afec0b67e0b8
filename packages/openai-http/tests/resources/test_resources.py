"""What every group of operations keeps to: signatures, parameters, and the two kinds of answer."""

import inspect
from typing import Any, Unpack, get_args, get_origin, get_type_hints

import pytest
from openai_http import AsyncOpenAI, OpenAI
from openai_http.resources import chat, responses
from openai_types.chat import ChatCompletion, CompletionCreateParamsBase
from openai_types.responses import ResponseCreateParamsBase

pytestmark = pytest.mark.anyio

GROUPS: list[tuple[Any, type, Any]] = [
    (chat.Completions, CompletionCreateParamsBase, chat.CHAT_COMPLETIONS_CREATE),
    (chat.AsyncCompletions, CompletionCreateParamsBase, chat.CHAT_COMPLETIONS_CREATE),
    (responses.Responses, ResponseCreateParamsBase, responses.RESPONSES_CREATE),
    (responses.AsyncResponses, ResponseCreateParamsBase, responses.RESPONSES_CREATE),
]
COMPLETED = b'data: {"type": "response.completed", "response": {"id": "r", "output": []}}\n\n'


@pytest.mark.parametrize(("group", "params", "operation"), GROUPS)
def test_signature_can_be_evaluated_and_names_the_parameters(
    group: Any, params: type, operation: Any
):
    hints = get_type_hints(group.create)
    assert get_origin(hints["params"]) is Unpack
    assert get_args(hints["params"]) == (params,)
    signature = inspect.signature(group.create, eval_str=True)
    expected = ["stream", "extra_headers", "extra_query", "extra_body", "timeout", "params"]
    assert list(signature.parameters)[1:] == expected
    names = {*get_type_hints(params), "stream"}
    assert operation.body == names
    assert set(operation.required) == set(getattr(params, "__required_keys__"))  # noqa: B009


def test_groups_are_on_the_clients():
    client, asynchronous = OpenAI(api_key="k"), AsyncOpenAI(api_key="k")
    assert type(client.chat.completions) is chat.Completions
    assert type(client.responses) is responses.Responses
    assert type(asynchronous.chat.completions) is chat.AsyncCompletions
    assert type(asynchronous.responses) is responses.AsyncResponses
    for each in (client, asynchronous):
        assert inspect.signature(each.chat.completions.create)


async def test_chat_completion(caller: Any, server: Any):
    server.play(server.json(200, {"id": "c", "choices": []}, x_request_id="req_1"))
    completion = await caller.call()
    assert type(completion) is ChatCompletion
    assert (completion.id, completion._request_id) == ("c", "req_1")
    (request,) = server.requests
    assert (request.method, request.target) == ("POST", "/v1/chat/completions")
    assert request.body == b'{"model":"gpt-test","messages":[]}'
    assert request.headers == {
        "host": f"127.0.0.1:{server.port}",
        "accept-encoding": "gzip, deflate",
        "accept": "application/json",
        "content-type": "application/json",
        "user-agent": request.headers["user-agent"],
        "authorization": f"Bearer {caller.key}",
        "content-length": str(len(request.body)),
    }


async def test_chat_completion_streamed(caller: Any, server: Any):
    server.play(server.whole_stream())
    received: list[Any] = []
    await caller.stream(received)
    assert [chunk.choices[0].delta.content for chunk in received] == ["Hello", None]
    assert server.requests[0].json() == {"model": "gpt-test", "messages": [], "stream": True}


async def test_response(caller: Any, server: Any):
    server.play(server.json(200, {"id": "r", "output": []}))
    async with caller.client() as client:
        response = await caller.do(client.responses.create, model="m", input="Hi", stream=False)
    assert (response.id, response.output_text) == ("r", "")
    assert server.requests[0].target == "/v1/responses"
    assert server.requests[0].json() == {"model": "m", "input": "Hi", "stream": False}


async def test_response_streamed(caller: Any, server: Any):
    server.play((server.events(COMPLETED), server.close))
    received: list[Any] = []
    async with caller.client() as client:
        stream = await caller.do(client.responses.create, input="Hi", stream=True)
        assert stream.response.headers["content-type"] == "text/event-stream"
        await caller.collect(stream, received)
    assert [event.type for event in received] == ["response.completed"]
