"""Whatever becomes of a valid request on its way: it is answered or refused, never a failure."""

import copy
import json
from typing import Any, cast

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openai_mock import MockServer
from openai_types import Decoder
from openai_types.chat import ChatCompletion
from openai_types.responses import Response

CLOSED: dict[str, Any] = {
    "type": "object",
    "properties": {},
    "required": [],
    "additionalProperties": False,
}
FUNCTION: dict[str, Any] = {"name": "f", "description": "d", "parameters": CLOSED, "strict": True}
# Any: JSON.
VALID: dict[str, dict[str, Any]] = {
    "/chat/completions": {
        "model": "gpt-5.5",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
            {"role": "assistant", "content": "Yes?", "tool_calls": []},
        ],
        "tools": [{"type": "function", "function": FUNCTION}],
        "tool_choice": "auto",
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {}}},
        "stop": ["x"],
        "n": 2,
        "logit_bias": {"50256": -100},
        "max_completion_tokens": 100,
        "metadata": {"a": "b"},
        "temperature": 0.5,
        "stream_options": None,
    },
    "/responses": {
        "model": "gpt-5.5",
        "input": [
            {"role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
            {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c", "output": "1"},
        ],
        "instructions": "Be brief.",
        "tools": [{"type": "function", **FUNCTION}],
        "tool_choice": {"type": "function", "name": "f"},
        "text": {"format": {"type": "text"}, "verbosity": "low"},
        "reasoning": {"effort": "low"},
        "include": ["reasoning.encrypted_content"],
        "max_output_tokens": 100,
        "metadata": {"a": "b"},
        "prompt": {"id": "p", "variables": {"a": "b"}},
        "conversation": "conv_1",
        "temperature": 0.5,
    },
}
DECODERS: dict[str, Decoder[Any]] = {
    "/chat/completions": Decoder(ChatCompletion, strict=True),
    "/responses": Decoder(Response, strict=True),
}

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["user", "auto", "text", "function", "\0", "[0]", "gpt-4o", "message"])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=5,
)


def places(holder: Any) -> list[tuple[Any, str | int]]:
    """Each place in a request: what holds it, and the key or the index there."""
    if not isinstance(holder, dict | list):
        return []
    held = cast("dict[str, Any] | list[Any]", holder)
    keys: list[Any] = list(held) if isinstance(held, dict) else list(range(len(held)))
    return [(held, key) for key in keys] + [
        inner for key in keys for inner in places(cast("Any", held)[key])
    ]


@st.composite
def mutated(draw: st.DrawFn, valid: dict[str, Any]) -> dict[str, Any]:
    """The request with some of its parts replaced, removed or added."""
    request = copy.deepcopy(valid)
    for _ in range(draw(st.integers(0, 3))):
        if not request:
            break
        holder, key = draw(st.sampled_from(places(request)))
        change = draw(st.sampled_from(["replace", "remove", "add"]))
        if change == "replace":
            holder[key] = draw(values)
        elif change == "remove":
            del holder[key]
        elif isinstance(key, int):
            holder.append(draw(values))
        else:
            holder[draw(st.text(max_size=8))] = draw(values)
    return request


@pytest.fixture(autouse=True)
def conversation(mock: MockServer) -> None:
    """What a request goes on with, without what earlier ones said in it."""
    mock.store.delete("conversations", "conv_1")
    mock.store.put("conversations", "conv_1", {"id": "conv_1"})


@pytest.mark.parametrize("path", VALID)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_request_is_answered_or_refused(
    client: httpx.Client, path: str, data: st.DataObject
):
    request = data.draw(mutated(VALID[path]))
    body = json.dumps(request).encode("utf-8", "surrogatepass")
    answer = client.post(path, content=body, headers={"content-type": "application/json"})
    if answer.status_code == 200 and request.get("stream") is not True:
        DECODERS[path](answer.content)
    elif answer.status_code != 200:
        error = answer.json()["error"]
        assert answer.status_code in {400, 404}, error
        assert error.keys() == {"message", "type", "param", "code"}
        assert error["code"]


@pytest.mark.parametrize("path", VALID)
def test_unmutated_request_is_answered(client: httpx.Client, path: str):
    answer = client.post(path, json=VALID[path])
    assert answer.status_code == 200, answer.text
    assert DECODERS[path](answer.content)
