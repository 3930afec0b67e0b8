import json
from typing import Any

import pytest
from openai_mock import MockServerError, tool_call
from openai_mock.replies import JsonReply
from openai_types import Decoder
from openai_types.chat import ChatCompletion, ChatCompletionChunk
from openai_types.responses import Response, ResponseStreamEvent
from openai_types.shared import Completion
from pydantic import BaseModel, Field

event = Decoder[Any](ResponseStreamEvent, strict=True)  # Any: a union of all events
chunk = Decoder[ChatCompletionChunk](ChatCompletionChunk, strict=True)
CITY = {"city": "Paris, the capital of France"}


def streamed(answer: Any) -> list[str]:
    lines = answer.text.splitlines()
    return [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]


def test_text_of_a_chat_completion(scripted: Any):
    scripted.on.chat.completions.create().reply("Hello you there.").times(2)
    body = Decoder[ChatCompletion](ChatCompletion, strict=True)(scripted.chat(n=2).content)
    assert [each.message.content for each in body.choices] == ["Hello you there."] * 2
    assert body.usage
    assert body.usage.completion_tokens == 4  # the full stop is one
    assert body.usage.total_tokens == body.usage.prompt_tokens + 4
    *chunks, done = streamed(scripted.chat(stream=True, stream_options={"include_usage": True}))
    assert done == "[DONE]"
    decoded = [chunk(each) for each in chunks]
    text = "".join(each.choices[0].delta.content or "" for each in decoded if each.choices)
    assert text == "Hello you there."
    assert decoded[-1].usage


def test_text_of_a_response(scripted: Any):
    scripted.on.responses.create().reply("Hello you there.").times(2)
    body = Decoder[Response](Response, strict=True)(scripted.respond().content)
    assert (body.output_text, body.status) == ("Hello you there.", "completed")
    events = [event(each) for each in streamed(scripted.respond(stream=True))]
    assert events[-1].response.output_text == "Hello you there."
    deltas = [each.delta for each in events if each.type == "response.output_text.delta"]
    assert "".join(deltas) == "Hello you there."
    assert [each.sequence_number for each in events] == list(range(len(events)))


def test_text_of_a_completion(scripted: Any):
    scripted.on.completions.create().reply("Hello you.").times(2)
    request = {"model": "gpt-3.5-turbo-instruct", "prompt": "Hi"}
    answer = scripted.client.post("/completions", json=request)
    body = Decoder[Completion](Completion, strict=True)(answer.content)
    assert body.choices[0].text == "Hello you."
    request["stream"] = True  # type: ignore[assignment]
    *chunks, done = streamed(scripted.client.post("/completions", json=request))
    assert done == "[DONE]"
    texts = [json.loads(each)["choices"][0]["text"] for each in chunks]
    assert "".join(texts) == "Hello you."


def test_tool_calls_of_a_chat_completion(scripted: Any):
    calls = [tool_call("weather", CITY, id="call_1"), {"name": "time", "arguments": "{"}]
    scripted.on.chat.completions.create().reply(tool_calls=calls).times(2)
    [choice] = scripted.chat().json()["choices"]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] is None
    first, second = choice["message"]["tool_calls"]
    assert (first["id"], json.loads(first["function"]["arguments"])) == ("call_1", CITY)
    assert second["function"] == {"name": "time", "arguments": "{"}
    chunks = [chunk(each) for each in streamed(scripted.chat(stream=True))[:-1]]
    parts = [part for each in chunks for part in each.choices[0].delta.tool_calls or ()]
    assert {part.index for part in parts} == {0, 1}
    joined = [part.function.arguments for part in parts if part.index == 0 and part.function]
    assert json.loads("".join(each or "" for each in joined)) == CITY


def test_tool_calls_of_a_response(scripted: Any):
    calls = [tool_call("weather", CITY)]
    scripted.on.responses.create().reply("I look.", tool_calls=calls).times(2)
    body = Decoder[Response](Response, strict=True)(scripted.respond().content)
    assert [each.type for each in body.output] == ["message", "function_call"]
    events = [event(each) for each in streamed(scripted.respond(stream=True))]
    kind = "response.function_call_arguments"
    deltas = [each.delta for each in events if each.type == f"{kind}.delta"]
    assert json.loads("".join(deltas)) == CITY
    [done] = [each for each in events if each.type == f"{kind}.done"]
    assert (json.loads(done.arguments), done.name) == (CITY, "weather")


def test_object_is_laid_over_the_usual_answer(scripted: Any):
    over = {"service_tier": "flex", "choices": [{"message": {"refusal": "No."}}]}
    scripted.on.chat.completions.create().reply(over).times(2)
    body = scripted.chat().json()
    assert (body["service_tier"], body["object"]) == ("flex", "chat.completion")
    [choice] = body["choices"]
    assert choice["message"]["refusal"] == "No."
    assert choice["message"]["content"] == "You wrote: Hi"
    assert '"refusal":"No."' in scripted.chat(stream=True).text


def test_object_as_it_is(scripted: Any):
    scripted.on.responses.create().reply({"mine": 1}, exactly=True, status=202)
    answer = scripted.respond()
    assert (answer.status_code, answer.json()) == (202, {"mine": 1})


def test_what_is_scripted_is_there(scripted: Any):
    on, client = scripted.on, scripted.client
    on.responses.retrieve(response_id="resp_1").reply({"status": "failed"})
    on.vector_stores.files.list(vector_store_id="vs_1").reply({"data": []})
    on.files.delete(file_id="file-1").reply({"deleted": False})
    body = client.get("/responses/resp_1").content
    assert Decoder[Response](Response, strict=True)(body).status == "failed"
    page = client.get("/vector_stores/vs_1/files").json()
    assert (page["data"], page["object"]) == ([], "list")
    assert client.delete("/files/file-1").json() == {
        "id": "file-1",
        "object": "file",
        "deleted": False,
    }


def test_model_of_the_library_is_an_object(scripted: Any):
    made = Decoder[Response](Response)(scripted.respond("other").content)
    scripted.on.responses.create().reply(made, exactly=True)
    assert scripted.respond().json() == made.to_dict()


class Verdict(BaseModel):
    """As a model of another package: only the base is known."""

    type: str
    kind: str = Field(serialization_alias="class")
    unset: int = 0


def test_any_other_model_is_what_was_set_on_it(scripted: Any):
    made = Verdict(type="verdict", kind="good")
    wire = {"type": "verdict", "class": "good"}
    scripted.on.responses.create(input="object").reply(made, exactly=True)
    scripted.on.responses.create(input="stream").reply_events([made])
    assert scripted.respond("object").json() == wire
    answer = scripted.respond("stream", stream=True)
    assert [json.loads(each) for each in streamed(answer)] == [wire]
    assert answer.text.startswith("event: verdict\n")


@pytest.mark.parametrize("wrong", [5, ["text"], print])
def test_what_is_no_answer_is_told_at_once(scripted: Any, wrong: object):
    with pytest.raises(MockServerError, match="is no answer"):
        scripted.on.responses.create().reply(wrong)
    with pytest.raises(MockServerError, match="is no answer"):
        scripted.on.responses.create().reply_events([wrong])


def test_reply_as_it_is(scripted: Any):
    scripted.on.responses.create().reply(JsonReply([1], status=203))
    answer = scripted.respond()
    assert (answer.status_code, answer.json()) == (203, [1])


def test_nothing_is_the_usual_answer(scripted: Any):
    scripted.on.files.delete().reply()
    scripted.on.responses.create().reply(status=201)
    assert scripted.client.delete("/files/none").status_code == 404
    assert scripted.respond().status_code == 201


def test_models_that_nobody_knows_can_be_scripted(scripted: Any):
    scripted.on.chat.completions.create(model="mine").reply("Hello.").times(2)
    assert scripted.chat(model="mine").json()["model"] == "mine"
    assert '"model":"mine"' in scripted.chat(model="mine", stream=True).text
    assert scripted.respond(model="mine").status_code == 404


def test_scripted_answer_is_what_is_kept(scripted: Any):
    scripted.on.responses.create().reply("Hello.")
    made = scripted.respond().json()
    kept = scripted.client.get(f"/responses/{made['id']}").json()
    assert kept["output"][0]["content"][0]["text"] == "Hello."


def test_bytes_and_texts(scripted: Any):
    speech = {"model": "tts-1", "input": "Hi", "voice": "alloy"}
    scripted.on.audio.speech.create().reply(b"ID3", media_type="audio/mpeg")
    answer = scripted.client.post("/audio/speech", json=speech)
    assert (answer.content, answer.headers["content-type"]) == (b"ID3", "audio/mpeg")
    scripted.on.audio.transcriptions.create().reply("Hello.")
    form: Any = {"files": {"file": ("a.wav", b"x")}, "data": {"model": "whisper-1"}}
    answer = scripted.client.post("/audio/transcriptions", **form)
    assert answer.text == "Hello."


def test_events_with_and_without_names(scripted: Any):
    scripted.on.chat.completions.create().reply_events([{"choices": []}, "not json"])
    scripted.on.responses.create().reply_events([{"type": "response.created"}, ("x", {"a": 1})])
    scripted.on.beta.threads.runs.create().reply_events([{"event": "thread.run.queued", "data": 1}])
    chat = scripted.chat(stream=True).text
    assert chat == 'data: {"choices":[]}\n\ndata: not json\n\ndata: [DONE]\n\n'
    assert scripted.respond(stream=True).text == (
        'event: response.created\ndata: {"type":"response.created"}\n\nevent: x\ndata: {"a":1}\n\n'
    )
    headers = {"openai-beta": "assistants=v2"}
    thread = scripted.client.post("/threads", json={}, headers=headers).json()["id"]
    run = {"assistant_id": "asst_1", "stream": True}
    answer = scripted.client.post(f"/threads/{thread}/runs", json=run, headers=headers)
    assert answer.text == "event: thread.run.queued\ndata: 1\n\nevent: done\ndata: [DONE]\n\n"


def test_events_without_their_mark(scripted: Any):
    scripted.on.chat.completions.create().reply_events([{"a": 1}], done=False)
    assert scripted.chat(stream=True).text == 'data: {"a":1}\n\n'


def test_errors(scripted: Any):
    scripted.on.responses.create().error(429).error(
        400, message="no", code="c", type="t", param="input", headers={"x-a": "b"}
    ).error(500)
    first, second, third = (scripted.respond() for _ in range(3))
    assert first.json()["error"]["code"] == "rate_limit_exceeded"
    expected = {"message": "no", "type": "t", "param": "input", "code": "c"}
    assert second.json()["error"] == expected
    assert second.headers["x-a"] == "b"
    assert third.json()["error"]["type"] == "server_error"


def test_object_where_a_stream_is_asked_for_is_told(scripted: Any):
    scripted.on.images.generate().reply({"data": []}).times(2)
    request = {"prompt": "a tree", "stream": True}
    answer = scripted.client.post("/images/generations", json=request)
    assert answer.status_code == 400
    assert "reply_events" in answer.json()["error"]["message"]
    answer = scripted.client.post("/images/generations", json={"prompt": "a tree"})
    assert answer.json()["data"] == []


def test_object_where_there_are_bytes_is_told(scripted: Any):
    scripted.on.audio.speech.create().reply({"a": 1})
    speech = {"model": "tts-1", "input": "Hi", "voice": "alloy"}
    answer = scripted.client.post("/audio/speech", json=speech)
    assert answer.json()["error"]["code"] == "impossible_script"


def test_impossible_answers_are_told_at_once(scripted: Any):
    on, calls = scripted.on, [tool_call("f")]
    for wrong in (
        lambda: on.moderations.create().reply("text"),
        lambda: on.moderations.create().reply(tool_calls=calls),
        lambda: on.completions.create().reply(tool_calls=calls),
        lambda: on.responses.create().reply({"a": 1}, tool_calls=calls),
        lambda: on.responses.create().reply(tool_calls=[{"nome": "f"}]),
        lambda: on.models.list().reply_events([]),
        lambda: on.models.list().reply({}, status=100),
        lambda: on.models.list().reply({"data": print}),
        lambda: on.models.list().reply({"data": print}, exactly=True),
        lambda: on.models.list().reply(JsonReply({"data": print})),
        lambda: on.models.list().reply(JsonReply({}, headers={"a b": "c"})),
        lambda: on.models.list().reply({}).headers({"a": "b\n"}),
        lambda: on.models.list().error(500, headers={"a": "b\n"}),
        lambda: on.models.list().error(500, message="\ud800"),
        lambda: on.responses.create().reply("\ud800"),
        lambda: on.responses.create().reply_events([{"type": print}]),
        lambda: on.responses.create().rate_limits(reset_requests="€"),
    ):
        with pytest.raises(MockServerError):
            wrong()
