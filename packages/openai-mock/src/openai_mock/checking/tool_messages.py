"""Whether the tool calls in a chat and the messages that answer them belong together.

Decides what OpenAI refuses here: calls that are not answered at once, and answers to no call. Other
servers take either, so who asks decides for which server it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.content.json_values import objects_in
from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openai_mock.content.json_values import Object


def check_tool_messages(messages: Sequence[Object]) -> None:
    """Return if each tool call is answered right after it, and each answer is of such a call.

    Args:
        messages: The messages of a chat, as the description says.

    Raises:
        Refusal: They are not.
    """
    called: set[object] = set()  # by the last message that called
    open_: list[object] = []
    for number, message in enumerate(messages):
        if message["role"] == "tool":
            if message["tool_call_id"] not in called:
                raise Refusal(
                    "Invalid parameter: messages with role 'tool' must be a response to a "
                    "preceding message with 'tool_calls'. Send the assistant's message with the "
                    f"call '{message['tool_call_id']}' before it.",
                    code="invalid_value",
                    param=f"messages[{number}].role",
                )
            open_ = [each for each in open_ if each != message["tool_call_id"]]
            continue
        _check_none_open(open_)
        open_ = [call["id"] for call in objects_in(message.get("tool_calls"))]
        called = {*open_}
    _check_none_open(open_)


def _check_none_open(calls: Sequence[object]) -> None:
    if calls:
        raise Refusal(
            "An assistant message with 'tool_calls' must be followed by tool messages responding "
            "to each 'tool_call_id'. The following tool_call_ids did not have response messages: "
            f"{', '.join(map(str, calls))}. Send a message with role 'tool' for each.",
            code="invalid_value",
            param="messages",
        )
