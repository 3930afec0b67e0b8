"""Gemini, by its OpenAI layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_mock.personalities.personality import Personality, Quirk
from openai_mock.personalities.quirks import errors, finish_reasons
from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.personalities.asked import Asked
    from openai_mock.personalities.personality import Chunks
    from openai_mock.replies import JsonReply

_SIGNATURE = {"google": {"thought_signature": "c2lnbmF0dXJl"}}
_STATUSES = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 404: "NOT_FOUND"}


def _echoed(asked: Asked) -> None:
    for message, calls in asked.find("messages.tool_calls") if asked.is_chat else ():
        _check_signatures(message[calls])


def _check_signatures(calls: list[dict[str, Any]]) -> None:
    for call in calls:
        extra: dict[str, dict[str, Any]] = call.pop("extra_content", {})
        if not any(inner.get("thought_signature") for inner in extra.values()):
            raise Refusal("Function call is missing a thought_signature in functionCall parts.")


def _signed(body: dict[str, Any], asked: Asked) -> None:
    del asked
    for choice in body["choices"]:
        for call in choice["message"].get("tool_calls") or ():
            call["extra_content"] = _SIGNATURE


def _signed_apart(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
    del asked
    for chunk in given:
        yield chunk
        for choice in chunk["choices"]:
            for call in choice["delta"].get("tool_calls") or ():
                if call.get("id"):
                    delta = {"tool_calls": [{"id": call["id"], "extra_content": _SIGNATURE}]}
                    yield {**chunk, "choices": [{**choice, "delta": delta}]}


def _without_index(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
    """A tool call without an index is whole in one delta."""
    del asked
    held: dict[str, Any] | None = None
    for chunk in given:
        parts = [
            call for each in chunk["choices"] for call in each["delta"].get("tool_calls") or ()
        ]
        for part in parts:
            part.pop("index", None)
        if held and parts and not parts[0].get("id"):
            call = held["choices"][0]["delta"]["tool_calls"][0]
            call["function"]["arguments"] += parts[0]["function"].get("arguments") or ""
            continue
        if held:
            yield held
        held = chunk if parts else None
        if not parts:
            yield chunk
    if held:
        yield held


def _stop(body: dict[str, Any], asked: Asked) -> None:
    del asked
    for choice in body["choices"]:
        if choice.get("finish_reason") == "tool_calls":
            choice["finish_reason"] = "stop"


def _list(error: dict[str, Any], reply: JsonReply, asked: Asked) -> object:
    del asked
    status = _STATUSES.get(reply.status, "INTERNAL")
    return [{"error": {"code": reply.status, "message": error["message"], "status": status}}]


PERSONALITIES = (
    Personality(
        name="gemini",
        line="Gemini's OpenAI layer: tool calls without an index, signatures of thoughts",
        roots=("/v1beta/openai", "/v1"),
        quirks=(
            Quirk(says="Deltas of tool calls have no index.", chunks=_without_index),
            Quirk(says='A turn with tool calls may end with "stop".', both=_stop),
            Quirk(
                says="thought_signature must come back, and may be in a delta of its own.",
                request=_echoed,
                whole=_signed,
                chunks=_signed_apart,
            ),
            finish_reasons(
                "finish_reason has odd values: [malformed_function_call], [SAFETY].",
                "malformed_function_call",
                "SAFETY",
            ),
            Quirk(says="The id can be missing.", both=lambda body, _: body.pop("id", None)),
            errors("Errors are a list of one object, it is said.", _list),
        ),
    ),
)
