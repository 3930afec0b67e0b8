"""The output of a response: which items it has, and how many tokens they take.

Decides between words and calls, and whether the model is said to have thought. Knows nothing of the
response around the items.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from openai_mock.answers.built_in_tools import (
    called_tool,
    citations,
    is_run_by_client,
    items_of_call,
)
from openai_mock.answers.items import message, new_id
from openai_mock.answers.refused import refusing
from openai_mock.answers.words import words
from openai_mock.content.json_values import as_object
from openai_mock.content.logprobs import token_logprobs
from openai_mock.content.tokens import count, output
from openai_mock.content.tool_calls import tool_calls_of_response
from openai_mock.content.turns import turn_of_items

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from openai_mock.answers.items import Item
    from openai_mock.content.json_values import Object
    from openai_mock.content.tool_calls import ToolCall
    from openai_mock.content.turns import Turn
    from openai_mock.state.ids import Identifiers

LOGPROBS, ENCRYPTED = "message.output_text.logprobs", "reasoning.encrypted_content"
_REASONING_MODEL = re.compile(r"(ft:)?(o\d|gpt-[5-9]|codex|computer-use)")


@dataclass
class ResponseOutput:
    """What the model gives out.

    Attributes:
        items: The items.
        tokens: How many tokens they take, thoughts included.
        reasoning_tokens: How many of them are thoughts.
        is_cut: Whether the limit of tokens ended it.
    """

    items: list[Item]
    tokens: int = 0
    reasoning_tokens: int = 0
    is_cut: bool = False


def response_output(
    request: Object, given: Sequence[Object], *, seed: str, ids: Identifiers
) -> ResponseOutput:
    """Answer a request.

    Args:
        request: The body of the request.
        given: Its input, after what came before it in the conversation.
        seed: What the ids of calls are made from.
        ids: Where ids of items are from.

    Raises:
        Refusal: No answer meets what it asks for.
    """
    turn = turn_of_items(given)
    made = ResponseOutput([])
    include = cast("list[str]", request.get("include") or [])
    _think(made, request, turn, include, ids)
    tool = called_tool(request) if turn.is_of_user else None
    if tool is not None:
        made.items += items_of_call(tool, turn.said, include=include, ids=ids)
        if is_run_by_client(tool):
            return made
    calls = _calls(request, given, seed) if tool is None else ()
    for call in calls:
        kind = "function_call" if call.kind == "function" else "custom_tool_call"
        made.items.append(call.as_item(new_id(kind, ids)))
        made.tokens += count(call.name) + count(call.input)
    if not calls:
        _speak(made, request, turn, tool, ids)
    return made


def _calls(request: Object, given: Sequence[Object], seed: str) -> tuple[ToolCall, ...]:
    if not request.get("tools") and not request.get("tool_choice"):
        return ()
    with refusing():
        return tool_calls_of_response(request, given, seed=seed)


def _think(
    made: ResponseOutput, request: Object, turn: Turn, include: Collection[str], ids: Identifiers
) -> None:
    """Add thoughts, if the model has some and the request wants to know of them."""
    wanted = as_object(request.get("reasoning"))
    effort = wanted.get("effort")
    summary = wanted.get("summary") or wanted.get("generate_summary")
    if not _REASONING_MODEL.match(str(request.get("model"))) or effort == "none":
        return
    if not (effort or summary or ENCRYPTED in include):
        return
    thought = f"**Reading what was said**\n\nThe last words are: {turn.said}"
    parts = [{"type": "summary_text", "text": thought}] if summary else []
    item: Item = {"id": new_id("reasoning", ids), "type": "reasoning", "summary": parts}
    if ENCRYPTED in include:
        item["encrypted_content"] = b64encode(thought.encode("utf-8", "surrogatepass")).decode()
    made.items.append(item)
    made.reasoning_tokens = count(thought)
    made.tokens += made.reasoning_tokens


def _speak(
    made: ResponseOutput, request: Object, turn: Turn, tool: Object | None, ids: Identifiers
) -> None:
    """Add a message."""
    with refusing("text.format"):
        text = words(turn, as_object(as_object(request.get("text")).get("format")))
    said = output(text, limit=cast("int | None", request.get("max_output_tokens")))
    told: dict[str, object] = {"annotations": citations(tool, said.text)}
    top = cast("int | None", request.get("top_logprobs"))
    if top or LOGPROBS in cast("list[str]", request.get("include") or []):
        told["logprobs"] = token_logprobs(said.pieces, top=top or 0)
    status = "incomplete" if said.cut else "completed"
    made.items.append(message(said.text, new_id("message", ids), status, **told))
    made.tokens += len(said.pieces)
    made.is_cut = said.cut
