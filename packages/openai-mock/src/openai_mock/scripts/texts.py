"""What the model says in a scripted answer: text and calls of functions in the shape of each API.

Is given the answer that the server would give, and changes what is said in it. Knows no requests.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from openai_mock.content.tokens import count
from openai_mock.errors import MockServerError
from openai_mock.state.ids import Identifiers

if TYPE_CHECKING:
    from openai_mock.checking.body import JsonObject


@dataclass(frozen=True)
class ToolCall:
    """A call of a function by the model. Made by `tool_call`.

    Attributes:
        name: The function.
        arguments: Its arguments, as the text that goes over the wire.
        id: The id of the call; made up if None.
    """

    name: str
    arguments: str
    id: str | None = None


def tool_call(
    name: str, arguments: Mapping[str, object] | str = "{}", id: str | None = None
) -> ToolCall:
    """A call of a function by the model, for `reply(tool_calls=[...])`.

    Args:
        name: The function.
        arguments: Its arguments; text is sent as it is, also where it is no JSON.
        id: The id of the call; made up if None.
    """
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return ToolCall(name, text, id)


def as_tool_call(given: ToolCall | Mapping[str, object]) -> ToolCall:
    """A call of a function, which may be given as an object with `name`, `arguments` and `id`.

    Raises:
        MockServerError: It is none.
    """
    if isinstance(given, ToolCall):
        return given
    name, identifier = given.get("name"), given.get("id")
    arguments = given.get("arguments", "{}")
    fits = isinstance(arguments, str | Mapping) and isinstance(identifier, str | None)
    if not isinstance(name, str) or not fits or given.keys() - {"name", "arguments", "id"}:
        raise MockServerError(
            f"{dict(given)!r} is no tool call. Give tool_call(name, arguments), or an object with "
            "a name and arguments."
        )
    return tool_call(
        name,
        cast("Mapping[str, object] | str", arguments),
        cast("str | None", identifier),
    )


Speak: TypeAlias = Callable[
    [dict[str, object], str | None, Sequence[ToolCall], Identifiers], dict[str, object]
]


def _chat(
    body: JsonObject, text: str | None, calls: Sequence[ToolCall], ids: Identifiers
) -> dict[str, object]:
    message: dict[str, object] = {
        "role": "assistant",
        "content": text,
        "refusal": None,
        "annotations": [],
    }
    if calls:
        message["tool_calls"] = [
            {
                "id": each.id or ids.new("call_"),
                "type": "function",
                "function": {"name": each.name, "arguments": each.arguments},
            }
            for each in calls
        ]
    reason = "tool_calls" if calls else "stop"
    choices = [
        {"index": number, "message": message, "logprobs": None, "finish_reason": reason}
        for number in range(len(body["choices"]))
    ]
    return _counted({**body, "choices": choices}, "prompt", "completion", text, calls)


def _completion(
    body: JsonObject, text: str | None, calls: Sequence[ToolCall], ids: Identifiers
) -> dict[str, object]:
    del ids
    choice = {"index": 0, "text": text or "", "logprobs": None, "finish_reason": "stop"}
    return _counted({**body, "choices": [choice]}, "prompt", "completion", text, calls)


def _response(
    body: JsonObject, text: str | None, calls: Sequence[ToolCall], ids: Identifiers
) -> dict[str, object]:
    output: list[object] = []
    if text is not None:
        part: dict[str, object] = {
            "type": "output_text",
            "text": text,
            "annotations": [],
            "logprobs": [],
        }
        output.append(
            {
                "id": ids.new("msg_"),
                "type": "message",
                "role": "assistant",
                "status": "completed",
                "content": [part],
            }
        )
    output += [
        {
            "id": ids.new("fc_"),
            "type": "function_call",
            "status": "completed",
            "call_id": each.id or ids.new("call_"),
            "name": each.name,
            "arguments": each.arguments,
        }
        for each in calls
    ]
    ended = {"status": "completed", "incomplete_details": None, "error": None}
    ended["completed_at"] = body.get("completed_at") or body.get("created_at")
    return _counted({**body, **ended, "output": output}, "input", "output", text, calls)


def _counted(
    body: dict[str, object],
    read: str,
    written: str,
    text: str | None,
    calls: Sequence[ToolCall],
) -> dict[str, object]:
    """A body whose usage is that of what is said in it."""
    usage = cast("dict[str, Any] | None", body.get("usage"))  # Any: JSON
    if not usage:
        return body
    said = count(text or "") + sum(count(each.name + each.arguments) for each in calls)
    total = usage[f"{read}_tokens"] + said
    return {**body, "usage": {**usage, f"{written}_tokens": said, "total_tokens": total}}


SPEAKING: Mapping[str, Speak] = {
    "chat.completions.create": _chat,
    "completions.create": _completion,
    "responses.create": _response,
    "beta.responses.create": _response,
}
"""Who says something, by operation."""
