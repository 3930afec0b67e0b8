from typing import Any

import httpx
import pytest
from openai_types import Decoder
from openai_types.responses import ResponseItemList

ASKED: dict[str, Any] = {"model": "gpt-5.5", "input": "Hi"}
# Items as the examples of the API write them, with less in them than the description wants.
ITEMS: list[dict[str, Any]] = [
    {"role": "assistant", "content": [{"type": "output_text", "text": "Hi"}]},
    {"role": "assistant", "content": [{"type": "refusal", "refusal": "No"}]},
    {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "output_text", "text": "Hi", "annotations": []}],
    },
    {"role": "user", "content": [{"type": "input_image", "image_url": "https://host/a.png"}]},
    {"type": "reasoning", "summary": []},
]


def made(client: httpx.Client, **more: Any) -> dict[str, Any]:
    answer = client.post("/responses", json={**ASKED, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def text_of(response: dict[str, Any]) -> str:
    return response["output"][0]["content"][0]["text"]


@pytest.mark.parametrize(("store", "status"), [(True, 200), (False, 404), (None, 200)])
def test_response_is_kept_unless_it_is_forbidden(
    client: httpx.Client, store: bool | None, status: int
):
    response = made(client, store=store)
    found = client.get(f"/responses/{response['id']}")
    assert found.status_code == status
    if status == 200:
        assert found.json() == response


def test_conversation_so_far_is_read(client: httpx.Client):
    first = made(client, input="My name is Ada.")
    tools = [{"type": "function", "name": "f", "parameters": {"type": "object"}, "strict": False}]
    second = made(client, input="call f", previous_response_id=first["id"], tools=tools)
    (call,) = second["output"]
    result = {"type": "function_call_output", "call_id": call["call_id"], "output": "7"}
    third = made(client, input=[result], previous_response_id=second["id"], tools=tools)
    assert text_of(third) == "The tools gave: 7"
    tokens = [each["usage"]["input_tokens"] for each in (first, second, third)]
    assert tokens == sorted({*tokens})
    fourth = made(client, input=[], previous_response_id=first["id"])
    assert text_of(fourth) == "You wrote: My name is Ada."


def test_calls_of_the_previous_response_have_to_be_answered(client: httpx.Client):
    tools = [{"type": "function", "name": "f", "parameters": {"type": "object"}, "strict": False}]
    called = made(client, input="call f", tools=tools)
    call_id = called["output"][0]["call_id"]
    ignored = {**ASKED, "previous_response_id": called["id"], "tools": tools}
    error = client.post("/responses", json=ignored).json()["error"]
    assert error["message"].startswith(f"No tool output found for function call {call_id}.")
    assert error["param"] == "input"
    result = {"type": "function_call_output", "call_id": call_id, "output": "7"}
    answered = made(client, input=[result], previous_response_id=called["id"], tools=tools)
    assert text_of(made(client, previous_response_id=answered["id"])) == "You wrote: Hi"


@pytest.mark.parametrize("kept", [False, True])
def test_previous_response_has_to_be_there(client: httpx.Client, kept: bool):
    previous = made(client, store=kept)["id"]
    if kept:
        assert client.delete(f"/responses/{previous}").status_code == 200
    answer = client.post("/responses", json={**ASKED, "previous_response_id": previous})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "previous_response_not_found")
    assert error["param"] == "previous_response_id"


def test_input_items_are_listed_in_pages(client: httpx.Client):
    texts = ["a", "b", "c"]
    key = made(client, input=[{"role": "user", "content": text} for text in texts])["id"]
    path = f"/responses/{key}/input_items"
    first = client.get(path, params={"order": "asc", "limit": 2}).json()
    assert [each["content"][0]["text"] for each in first["data"]] == ["a", "b"]
    assert first["has_more"] is True
    query = {"order": "asc", "after": first["last_id"]}
    assert [
        each["content"][0]["text"] for each in client.get(path, params=query).json()["data"]
    ] == ["c"]
    newest = client.get(path).json()["data"]
    assert [each["content"][0]["text"] for each in newest] == texts[::-1]


def test_output_can_be_referred_to(client: httpx.Client):
    item = made(client, input="first")["output"][0]
    reference = {"type": "item_reference", "id": item["id"]}
    said = [reference, {"role": "user", "content": "second"}]
    response = made(client, input=said)
    listed = client.get(f"/responses/{response['id']}/input_items").json()["data"]
    assert listed[1] == item
    answer = client.post("/responses", json={**ASKED, "input": [{**reference, "id": "msg_no"}]})
    assert (answer.status_code, answer.json()["error"]["param"]) == (404, "input")


def test_conversation_grows_by_what_is_said_and_answered(client: httpx.Client):
    key = client.post("/conversations", json={}).json()["id"]
    made(client, input="one", conversation=key)
    last = made(client, input="two", conversation={"id": key})
    items = client.get(f"/conversations/{key}/items", params={"order": "asc"}).json()["data"]
    said = [each["content"][0]["text"] for each in items]
    assert said == ["one", "You wrote: one", "two", "You wrote: two"]
    assert items[-1] == last["output"][0]
    assert last["conversation"] == {"id": key}


def test_conversation_has_to_be_there_and_alone(client: httpx.Client):
    answer = client.post("/responses", json={**ASKED, "conversation": "conv_no"})
    assert (answer.status_code, answer.json()["error"]["param"]) == (404, "conversation")
    both = {"conversation": "conv_no", "previous_response_id": "resp_no"}
    answer = client.post("/responses", json={**ASKED, **both})
    assert answer.json()["error"]["code"] == "mutually_exclusive_parameters"


def test_tokens_are_counted_as_they_are_used(client: httpx.Client):
    first = made(client)
    more = {**ASKED, "instructions": "Be brief.", "previous_response_id": first["id"]}
    counted = client.post("/responses/input_tokens", json=more).json()
    used = client.post("/responses", json=more).json()["usage"]["input_tokens"]
    assert counted == {"object": "response.input_tokens", "input_tokens": used}


def test_conversation_is_compacted_into_an_item_that_can_be_sent(client: httpx.Client):
    compacted = client.post("/responses/compact", json=ASKED).json()
    (item,) = compacted["output"]
    assert item["type"] == "compaction"
    assert text_of(made(client, input=[item, {"role": "user", "content": "on"}])) == "You wrote: on"


def test_background_needs_storage(client: httpx.Client):
    answer = client.post("/responses", json={**ASKED, "background": True, "store": False})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "store")


def test_only_responses_in_the_background_are_cancelled(client: httpx.Client):
    answer = client.post(f"/responses/{made(client)['id']}/cancel")
    assert answer.status_code == 400
    assert "background" in answer.json()["error"]["message"]


@pytest.mark.parametrize("kind", ["function_call_output", "custom_tool_call_output"])
def test_output_without_its_call_is_refused(client: httpx.Client, kind: str):
    output = {"type": kind, "call_id": "call_7", "output": "1"}
    answer = client.post("/responses", json={**ASKED, "input": [output]})
    error = answer.json()["error"]
    assert (answer.status_code, error["param"]) == (400, "input")
    assert "call_7" in error["message"]
    call = {"type": "function_call", "call_id": "call_7", "name": "f", "arguments": "{}"}
    if kind == "custom_tool_call_output":
        call = {"type": "custom_tool_call", "call_id": "call_7", "name": "f", "input": ""}
    assert text_of(made(client, input=[call, output])) == "The tools gave: 1"


def test_call_may_be_in_what_was_made_short(client: httpx.Client):
    short = {"type": "compaction", "encrypted_content": "aGVsbG8="}
    output = {"type": "function_call_output", "call_id": "call_7", "output": "1"}
    assert text_of(made(client, input=[short, output])) == "The tools gave: 1"


def test_function_is_strict_if_nobody_says(client: httpx.Client):
    parameters: dict[str, Any] = {"type": "object", "properties": {}}
    tool = {"type": "function", "name": "f", "parameters": parameters}
    assert made(client, tools=[tool])["tools"][0]["strict"] is True


def test_names_of_functions_are_looked_at(client: httpx.Client):
    tool = {"type": "function", "name": "f g"}
    answer = client.post("/responses", json={**ASKED, "tools": [tool]})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "tools[0].name")


def test_no_tool_can_be_called_where_there_are_none(client: httpx.Client):
    answer = client.post("/responses", json={**ASKED, "tool_choice": "required"})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "tool_choice")
    made(client, tool_choice="required", prompt={"id": "pmpt_1"})  # which may have tools


@pytest.mark.parametrize("item", ITEMS)
def test_items_need_no_more_than_the_api_wants(client: httpx.Client, item: dict[str, Any]):
    response = made(client, input=[item, {"role": "user", "content": "Well?"}])
    assert text_of(response) == "You wrote: Well?"
    page = client.get(f"/responses/{response['id']}/input_items", params={"order": "asc"}).content
    decoded = Decoder[ResponseItemList](ResponseItemList, strict=True)(page)
    assert len(decoded.data) == 2


def test_function_needs_no_parameters(client: httpx.Client):
    response = made(client, tools=[{"type": "function", "name": "f"}])
    assert (response["tools"][0]["parameters"], response["output"][0]["arguments"]) == (None, "{}")


@pytest.mark.parametrize(
    ("tool", "param"),
    [
        ({"type": "code_interpreter"}, "tools[0].container"),
        ({"type": "function"}, "tools[0].name"),
        ({"type": "file_search"}, "tools[0].vector_store_ids"),
    ],
)
def test_what_a_tool_lacks_is_named(client: httpx.Client, tool: dict[str, Any], param: str):
    answer = client.post("/responses", json={**ASKED, "tools": [tool]})
    error = answer.json()["error"]
    assert (error["code"], error["param"]) == ("missing_required_parameter", param)
