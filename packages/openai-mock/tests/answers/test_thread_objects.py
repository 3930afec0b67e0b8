import json
from typing import Any

from openai_mock.answers import thread_objects
from openai_types import Decoder
from openai_types.beta import Assistant, Thread
from openai_types.beta.threads import Message, Run
from openai_types.beta.threads.runs import RunStep


def decoded(type_: Any, document: object) -> Any:
    return Decoder[Any](type_, strict=True)(json.dumps(document))


ASSISTANT = thread_objects.assistant(
    {"model": "gpt-5.5", "instructions": "Be brief.", "name": None}, key="asst_1", created=1
)


def run(**request: Any) -> dict[str, object]:
    return thread_objects.run(request, ASSISTANT, key="run_1", thread_id="thread_1", created=1)


def test_objects_are_as_described():
    assert decoded(Assistant, ASSISTANT).instructions == "Be brief."
    made = thread_objects.thread({"metadata": {"a": "b"}}, key="thread_1", created=1)
    assert decoded(Thread, made).metadata == {"a": "b"}
    assert decoded(Run, run()).status == "queued"
    creation: dict[str, object] = {
        "type": "message_creation",
        "message_creation": {"message_id": "msg_1"},
    }
    step = thread_objects.step(run(), creation, key="step_1", created=1)
    assert decoded(RunStep, step).run_id == "run_1"


def test_run_is_as_its_assistant_says_where_it_says_nothing():
    made = run(temperature=0.5, instructions=None)
    assert (made["model"], made["temperature"], made["top_p"]) == ("gpt-5.5", 0.5, 1.0)
    assert made["instructions"] == "Be brief."


def test_instructions_are_replaced_and_added_to():
    assert run(instructions="Be long.")["instructions"] == "Be long."
    assert run(additional_instructions="In French.")["instructions"] == "Be brief.\nIn French."


def test_texts_of_a_message_are_objects_when_it_is_kept():
    parts = [
        {"type": "text", "text": "Look"},
        {"type": "image_file", "image_file": {"file_id": "file-1"}},
        {"type": "text", "text": "here"},
    ]
    request = {"role": "user", "content": parts}
    made = thread_objects.message(request, key="msg_1", thread_id="thread_1", created=1)
    message = decoded(Message, made)
    assert [each.type for each in message.content] == ["text", "image_file", "text"]
    assert thread_objects.text_of(made) == "Look\nhere"
