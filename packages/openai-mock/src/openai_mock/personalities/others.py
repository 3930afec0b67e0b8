"""Providers with one or two quirks each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_mock.personalities.personality import Personality, Quirk
from openai_mock.personalities.quirks import (
    comments,
    ignored,
    refused,
    thoughts,
    usage_unasked,
)
from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.personalities.asked import Asked
    from openai_mock.personalities.personality import Chunks


def _usage_in_choice(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
    del asked
    for chunk in given:
        usage = chunk.pop("usage", None)
        if usage:
            chunk["choices"][0]["usage"] = usage
        yield chunk


def _nulls(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
    del asked
    for chunk in given:
        for choice in chunk["choices"]:
            choice["text"] = None
            choice["delta"] = choice["delta"] or None
        yield chunk


def _ends_with(reason: str, says: str) -> Quirk:
    """Answers that end well have another reason."""

    def both(body: dict[str, Any], asked: Asked) -> None:
        del asked
        for choice in body["choices"]:
            if choice.get("finish_reason") == "stop":
                choice["finish_reason"] = reason

    return Quirk(says=says, both=both)


def _empty_reason(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
    del asked
    for chunk in given:
        for choice in chunk["choices"]:
            choice["finish_reason"] = ""
        yield chunk


def _needs_tools(asked: Asked) -> None:
    if asked.is_chat and "tools" not in asked.body:
        if any(each.get("tool_calls") for each in asked.messages):
            raise Refusal("The `tools=` param must be set once messages have tool calls.")
    elif asked.is_chat and not asked.body["tools"]:
        del asked.body["tools"]


PERSONALITIES = (
    Personality(
        name="moonshot",
        line="Moonshot: usage within a choice",
        quirks=(
            usage_unasked("Streams have the usage unasked."),
            Quirk(says="Streamed usage is in the choice.", chunks=_usage_in_choice),
            refused(
                'There is no tool_choice "required".',
                "tool_choice",
                code="invalid_value",
                message="Invalid '{}': required is not supported.",
                when=lambda value, _: value == "required",
            ),
        ),
    ),
    Personality(
        name="chutes",
        line="chutes.ai: thoughts in two fields",
        quirks=(
            thoughts("Two fields have the same thoughts.", "reasoning", "reasoning_content"),
            ignored("It wants max_tokens.", "max_completion_tokens"),
        ),
    ),
    Personality(
        name="bifrost",
        line="Bifrost: nulls in chunks",
        quirks=(Quirk(says="text is null, and an empty delta, too.", chunks=_nulls),),
    ),
    Personality(
        name="anthropic",
        line="Anthropic's OpenAI layer: pings",
        quirks=(comments("Streams have pings.", "ping"),),
    ),
    Personality(
        name="llmgateway",
        line="llmgateway: pings",
        quirks=(comments("Streams have pings.", "ping"),),
    ),
    Personality(
        name="bedrock",
        line="Bedrock: the reason guardrail_intervened",
        quirks=(_ends_with("guardrail_intervened", "finish_reason has a value of its own."),),
    ),
    Personality(
        name="maple",
        line="maple-proxy: an empty reason on every chunk",
        quirks=(Quirk(says='finish_reason is "" on every chunk.', chunks=_empty_reason),),
    ),
    Personality(
        name="tgi",
        line="Text Generation Inference: the reason eos_token",
        quirks=(_ends_with("eos_token", "finish_reason has a value of its own."),),
    ),
    Personality(
        name="litellm",
        line="LiteLLM with Anthropic behind it: tools are needed once there were calls",
        quirks=(
            Quirk(
                says="A history with tool calls needs the key tools, even an empty one.",
                request=_needs_tools,
            ),
        ),
    ),
)
