"""Responses: the answer of the model in the shape of this API.

Is given a request that has been checked, and what came before it in the conversation. Knows nothing
about HTTP, and stores nothing; the events of a stream are made from the response, in
`response_events`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from openai_mock.answers.response_output import ResponseOutput, response_output
from openai_mock.content.json_values import objects_in
from openai_mock.content.usage import response_input_tokens, response_usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openai_mock.content.json_values import Object
    from openai_mock.state.ids import Identifiers

Response: TypeAlias = dict[str, object]

MODEL_OF_A_PROMPT = "gpt-5.5"  # stored prompts name a model; there are none here

# What a response says of parameters that were not sent.
_DEFAULTS: dict[str, object] = {
    "background": False,
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "prompt": None,
    "prompt_cache_key": None,
    "reasoning": {"effort": None, "summary": None},
    "safety_identifier": None,
    "store": True,
    "temperature": 1.0,
    "text": {"format": {"type": "text"}, "verbosity": "medium"},
    "tool_choice": "auto",
    "top_logprobs": 0,
    "top_p": 1.0,
    "truncation": "disabled",
    "user": None,
}


def respond(
    request: Object, given: Sequence[Object], *, ids: Identifiers, created: int
) -> Response:
    """Answer a request; the response is finished.

    Args:
        request: The request.
        given: Its input, after what came before it in the conversation.
        ids: Where ids are from.
        created: When it is made, in whole seconds since the epoch.

    Raises:
        Refusal: No answer meets what it asks for.
    """
    response_id = ids.new("resp_")
    if request.get("generate") is False:  # only sessions can ask to prepare a response
        made = ResponseOutput([])
    else:
        made = response_output(request, given, seed=response_id, ids=ids)
    return {
        **_told(request),
        "id": response_id,
        "object": "response",
        "created_at": created,
        "error": None,
        "status": "incomplete" if made.is_cut else "completed",
        "completed_at": None if made.is_cut else created,
        "incomplete_details": {"reason": "max_output_tokens"} if made.is_cut else None,
        "output": made.items,
        "usage": _usage(request, given, made),
    }


def unfinished(response: Response, status: str) -> Response:
    """A response as it was before it was finished.

    Args:
        response: The response, finished.
        status: How far it had come.
    """
    nothing: Response = {"completed_at": None, "incomplete_details": None, "usage": None}
    return {**response, **nothing, "output": [], "status": status}


def _told(request: Object) -> Response:
    """What a response says of the parameters."""
    told = {name: _parameter(request.get(name), usual) for name, usual in _DEFAULTS.items()}
    conversation = request.get("conversation")
    if isinstance(conversation, str):
        conversation = {"id": conversation}
    tier = request.get("service_tier")
    return {
        "model": request.get("model") or MODEL_OF_A_PROMPT,
        "conversation": conversation,
        "service_tier": "default" if tier in (None, "auto") else tier,
        "tools": [_tool(tool) for tool in objects_in(request.get("tools"))],
        **told,
    }


def _parameter(sent: object, usual: object) -> object:
    """What was sent, completed by the default; null where the API takes it for 'not sent'."""
    if sent is None:
        return usual
    if isinstance(usual, dict) and isinstance(sent, dict):
        return {**cast("dict[str, object]", usual), **cast("dict[str, object]", sent)}
    return sent


def _tool(tool: Object) -> Object:
    """A tool as responses name it: functions are strict if nobody says."""
    if tool.get("type") != "function":
        return tool
    return {"description": None, "parameters": None, **tool, "strict": tool.get("strict", True)}


def _usage(request: Object, given: Sequence[Object], made: ResponseOutput) -> dict[str, object]:
    usage = response_usage(response_input_tokens(request, given), made.tokens)
    return {**usage, "output_tokens_details": {"reasoning_tokens": made.reasoning_tokens}}
