import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpx
import pytest
from openai_mock import Journal, MockServer, MockServerError, create_app, serve
from openai_mock.described import openapi
from openai_mock.state.clock import Clock
from openai_types import Decoder
from openai_types.chat import ChatCompletion, ChatCompletionChunk
from openai_types.realtime import RealtimeServerEvent
from openai_types.responses import Response, ResponseStreamEvent
from starlette.applications import Starlette
from starlette.routing import Mount

CHAT = {"model": "gpt-5.5", "messages": [{"role": "user", "content": "Is <b>it</b> 🌳?"}]}
RESPONSE = {"model": "gpt-5.5", "input": "Is <b>it</b> 🌳?"}
PATIENCE = 30.0  # seconds; reached only when something is broken
ECHO = "You wrote: Is <b>it</b> 🌳?"
BODIES = {"/chat/completions": CHAT, "/responses": RESPONSE}
server_event = Decoder[Any](RealtimeServerEvent, strict=True)  # Any: a union of all events


def frames(answer: httpx.Response) -> list[list[str]]:
    """The lines of each frame of a stream."""
    assert answer.headers["content-type"].startswith("text/event-stream")
    return [frame.split("\n") for frame in answer.text.removesuffix("\n\n").split("\n\n")]


def test_chat_completion(client: httpx.Client):
    answer = client.post("/chat/completions", json=CHAT)
    assert answer.headers["content-type"] == "application/json"
    body = Decoder[ChatCompletion](ChatCompletion, strict=True)(answer.content)
    assert body.choices[0].message.content == ECHO


def test_streamed_chat_completion(client: httpx.Client):
    answer = client.post("/chat/completions", json={**CHAT, "stream": True})
    *data, [done] = frames(answer)
    assert done == "data: [DONE]"
    decode = Decoder[ChatCompletionChunk](ChatCompletionChunk, strict=True)
    chunks = [decode(line.removeprefix("data: ")) for [line] in data]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == ECHO
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_response(client: httpx.Client):
    answer = client.post("/responses", json=RESPONSE)
    body = Decoder[Response](Response, strict=True)(answer.content)
    assert body.output_text == ECHO


def test_streamed_response(client: httpx.Client):
    answer = client.post("/responses", json={**RESPONSE, "stream": True})
    decode = Decoder[Any](ResponseStreamEvent, strict=True)
    events: list[Any] = []
    for name, data in frames(answer):
        events.append(decode(data.removeprefix("data: ")))
        assert name == f"event: {events[-1].type}"
    assert events[-1].response.output_text == ECHO


def test_answers_are_deterministic_but_for_their_ids(client: httpx.Client):
    first, second = (client.post("/responses", json=RESPONSE).json() for _ in range(2))
    assert first["id"] != second["id"]
    assert first["usage"] == second["usage"]
    assert first["output"][0]["content"] == second["output"][0]["content"]


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize(
    ("header", "words"), [(None, "No API key"), ("Bearer sk-wrong-but-secret", "Incorrect API key")]
)
def test_wrong_key(mock: MockServer, path: str, header: str | None, words: str):
    headers = {"authorization": header} if header else {}
    answer = httpx.post(mock.base_url + path, json=BODIES[path], headers=headers, trust_env=False)
    assert answer.status_code == 401
    error = answer.json()["error"]
    assert (error["code"], error["type"]) == ("invalid_api_key", "invalid_request_error")
    assert words in error["message"]
    assert "sk-wrong-but-secret" not in answer.text


@pytest.mark.parametrize("path", ["/nowhere", "/responses/", "/realtime"])
def test_unknown_route(client: httpx.Client, path: str):
    answer = client.post(path, json={})
    assert answer.status_code == 404
    assert f"POST /v1{path}" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("path", "allowed"), [("/chat/completions", "GET, POST"), ("/responses", "POST")]
)
def test_wrong_method(client: httpx.Client, path: str, allowed: str):
    answer = client.delete(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert answer.json()["error"]["code"] == "method_not_supported"


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize(
    ("content_type", "body", "code"),
    [
        ("text/plain", b"{}", "unsupported_content_type"),
        ("application/json", b"{", "invalid_json"),
        ("application/json", b"[]", "invalid_json"),
        ("application/json", b"", "invalid_json"),
        ("application/json", b"{}", "missing_required_parameter"),
    ],
)
def test_wrong_body(client: httpx.Client, path: str, content_type: str, body: bytes, code: str):
    answer = client.post(path, content=body, headers={"content-type": content_type})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("model", ["gpt-imaginary", "no-such-model"])
def test_unknown_model(client: httpx.Client, path: str, model: str):
    answer = client.post(path, json={**BODIES[path], "model": model})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (404, "model_not_found")
    assert model in error["message"]


def test_unknown_model_is_refused_but_not_where_it_is_scripted(client: httpx.Client):
    vectors = {"model": "no-such-model", "input": "Hi"}
    answer = client.post("/embeddings", json=vectors)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["param"]) == (404, "model_not_found", "model")
    with serve() as server:
        server.on.embeddings.create(model="no-such-model").reply({"object": "list"})
        headers = {"authorization": f"Bearer {server.api_key}"}
        answer = httpx.post(f"{server.base_url}/embeddings", json=vectors, headers=headers)
        assert answer.json()["model"] == "no-such-model"


def test_personalities_have_models_of_any_name():
    with serve(personality="vllm") as server:
        vectors = {"model": "BAAI/bge-m3", "input": "Hi"}
        headers = {"authorization": f"Bearer {server.api_key}"}
        answer = httpx.post(f"{server.base_url}/embeddings", json=vectors, headers=headers)
    assert (answer.status_code, answer.json()["model"]) == (200, "BAAI/bge-m3")


def test_wrong_parameter_is_named(client: httpx.Client):
    messages = [{"role": "usr", "content": "Hi"}]
    answer = client.post("/chat/completions", json={**CHAT, "messages": messages})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "messages[0].role"


def test_app_runs_without_a_socket_and_by_a_clock_of_its_own():
    transport = httpx.ASGITransport(
        create_app(api_key="sk-other", clock=Clock(lambda: 1_750_000_000.9))
    )

    async def ask() -> Any:
        headers = {"authorization": "Bearer sk-other"}
        async with httpx.AsyncClient(transport=transport, headers=headers) as inside:
            return (await inside.post("http://mock/v1/responses", json=RESPONSE)).json()

    assert anyio.run(ask)["created_at"] == 1_750_000_000


@pytest.mark.parametrize("prefix", ["/mock", "/a b/ü"])
def test_app_may_be_mounted_in_another(prefix: str):
    journal = Journal()
    outer = Starlette(routes=[Mount(prefix, create_app(journal=journal))])
    headers = {"authorization": "Bearer sk-openai-mock"}

    async def ask(path: str) -> httpx.Response:
        transport = httpx.ASGITransport(outer)
        async with httpx.AsyncClient(transport=transport, headers=headers) as inside:
            return await inside.post(f"http://mock{prefix}{path}", json=RESPONSE)

    assert anyio.run(ask, "/v1/responses").status_code == 200
    error = anyio.run(ask, "/v1/threads/a%2Fb").json()["error"]
    assert error["code"] == "invalid_beta"  # so it was found: what is quoted is one segment
    assert journal.requests[0].request.path == "/v1/responses"
    assert "POST /nowhere" in anyio.run(ask, "/nowhere").json()["error"]["message"]


def test_sockets_of_a_mounted_app():
    outer = Starlette(routes=[Mount("/mock", create_app())])
    sent: list[Any] = []
    received = iter([{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1000}])

    async def receive() -> Any:
        return next(received)

    async def send(message: Any) -> None:
        sent.append(message)

    async def connect() -> None:
        path = "/mock/v1/realtime"
        scope = {
            "type": "websocket",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"model=gpt-realtime",
            "headers": [(b"authorization", b"Bearer sk-openai-mock")],
            "subprotocols": [],
            "scheme": "ws",
            "client": ("127.0.0.1", 1),
            "server": ("mock", 80),
        }
        await outer(scope, receive, send)

    anyio.run(connect)
    assert sent[0]["type"] == "websocket.accept"


def test_app_does_not_start_with_an_impossible_key():
    with pytest.raises(MockServerError, match="api_key"):
        create_app(api_key="two words")


def test_app_leaves_other_kinds_of_scope_alone():
    async def lifespan() -> list[Any]:
        sent: list[Any] = []
        messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive() -> Any:
            return next(messages)

        async def send(message: Any) -> None:
            sent.append(message["type"])

        await create_app()({"type": "lifespan"}, receive, send)
        return sent

    assert anyio.run(lifespan) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_others_are_answered_while_the_document_is_made(
    mock: MockServer, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
):
    begun, answered = threading.Event(), threading.Event()

    def document() -> bytes:
        begun.set()
        assert answered.wait(PATIENCE)
        return b"{}"

    monkeypatch.setattr(openapi, "document", document)
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(httpx.get, f"{mock.url}/openapi.json", timeout=None, trust_env=False)
        assert begun.wait(PATIENCE)
        assert client.get("/models").status_code == 200
        answered.set()
        assert asked.result().content == b"{}"
