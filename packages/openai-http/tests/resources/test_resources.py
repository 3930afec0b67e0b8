"""What every group of operations keeps to: signatures, parameters, and the two kinds of answer."""

import inspect
from typing import Any, Unpack, get_args, get_origin, get_type_hints

import pytest
from openai_http import AsyncOpenAI, OpenAI
from openai_http.requests import CallOptions
from openai_http.resources import chat, responses
from openai_types.audio import Transcription, TranscriptionVerbose
from openai_types.chat import ChatCompletion, CompletionCreateParamsBase
from openai_types.errors import OpenAIError
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
    names = {*get_type_hints(params), "stream"}
    shown = list(inspect.signature(group.create).parameters)
    assert {*shown} == {"self", *names, *CallOptions._fields}
    assert shown[-len(CallOptions._fields) :] == list(CallOptions._fields)
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


RESULTS: list[tuple[dict[str, str], bytes, Any]] = [
    ({}, b'{"text": "Hi"}', Transcription),
    ({"response_format": "json"}, b'{"text": "Hi"}', Transcription),
    ({"response_format": "verbose_json"}, b'{"text": "Hi"}', TranscriptionVerbose),
    ({"response_format": "text"}, b"Hi", str),
]


@pytest.mark.parametrize(("given", "body", "kind"), RESULTS)
async def test_result_has_the_type_that_a_parameter_asks_for(
    caller: Any, server: Any, given: dict[str, str], body: bytes, kind: Any
):
    server.play(server.answer(200, body))
    async with caller.client() as client:
        create = client.audio.transcriptions.create
        result = await caller.do(create, file=("a.wav", b"RIFF"), model="m", **given)
    assert type(result) is kind
    assert (result if kind is str else result.text) == "Hi"


async def test_operation_that_returns_nothing(caller: Any, server: Any):
    server.play(server.answer(204))
    async with caller.client() as client:
        assert await caller.do(client.responses.delete, "resp_1") is None
    (request,) = server.requests
    assert (request.method, request.target) == ("DELETE", "/v1/responses/resp_1")
    assert request.headers["accept"] == "*/*"


async def test_operation_that_returns_text(caller: Any, server: Any):
    server.play(server.answer(200, "Grüße"))
    async with caller.client() as client:
        assert await caller.do(client.files.retrieve_content, "file_1") == "Grüße"


async def test_events_with_names_of_their_own(caller: Any, server: Any):
    event = b'event: thread.created\ndata: {"id": "thread_1"}\n\n'
    server.play((server.events(event, b"event: done\ndata: [DONE]\n\n"), server.close))
    received: list[Any] = []
    async with caller.client() as client:
        create = client.beta.threads.create_and_run
        await caller.collect(await caller.do(create, assistant_id="a", stream=True), received)
    assert [(each.event, each.data.id) for each in received] == [("thread.created", "thread_1")]
    assert server.requests[0].json() == {"assistant_id": "a", "stream": True}
    assert server.requests[0].headers["openai-beta"] == "assistants=v2"


async def test_operation_of_administrators_takes_their_key(caller: Any, server: Any):
    server.play(server.json(200, {"id": "user_1"}))
    async with caller.client(api_key=None, admin_api_key="sk-admin") as client:
        await caller.do(client.admin.organization.users.retrieve, "user_1")
        with pytest.raises(OpenAIError, match="OPENAI_API_KEY"):
            await caller.do(client.files.retrieve, "file_1")
    (request,) = server.requests
    assert request.headers["authorization"] == "Bearer sk-admin"


async def test_operation_of_administrators_without_their_key(caller: Any, server: Any):
    async with caller.client() as client:
        with pytest.raises(OpenAIError, match="OPENAI_ADMIN_KEY"):
            await caller.do(client.admin.organization.users.retrieve, "user_1")
    assert server.requests == []


@pytest.mark.parametrize("vector", [[0.5, 1.0], "AAAAPwAAgD8="])
async def test_row_30_embeddings_are_asked_for_as_the_caller_has_it(
    caller: Any, server: Any, vector: Any
):
    entry = {"object": "embedding", "index": 0, "embedding": vector}
    server.play(*[server.json(200, {"object": "list", "model": "m", "data": [entry]})] * 2)
    async with caller.client() as client:
        for more in ({}, {"encoding_format": "base64"}):
            given: dict[str, Any] = {"model": "m", "input": "Hi", **more}
            answer = await caller.do(client.embeddings.create, **given)
            assert answer.data[0].embedding == vector
            assert server.requests[-1].json() == given
