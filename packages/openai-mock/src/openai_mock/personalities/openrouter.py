"""OpenRouter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from openai_mock.content.tokens import split
from openai_mock.personalities.personality import Personality, Quirk
from openai_mock.personalities.quirks import (
    comments,
    errors,
    fields,
    ignored,
    on_mark,
    thoughts,
    with_deltas,
)
from openai_mock.replies import JsonReply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.personalities.asked import Asked
    from openai_mock.personalities.personality import Chunks
    from openai_mock.replies import Reply

_UPSTREAM = "upstream_error"
_ERROR = {
    "code": 502,
    "message": "Provider returned error",
    "metadata": {"raw": "upstream connect error", "provider_name": "OpenAI"},
}


def _generation_id(reply: Reply, asked: Asked) -> Reply:
    del asked
    return replace(reply, headers={**reply.headers, "x-generation-id": "gen-openai-mock"})


def _error_in_body(reply: Reply, asked: Asked) -> Reply:
    if asked.is_chat and asked.wants(_UPSTREAM) and isinstance(reply, JsonReply):
        return JsonReply({"error": _ERROR})
    return reply


def _error_in_chunk(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
    for number, chunk in enumerate(given):
        if number == 2 and asked.wants(_UPSTREAM):  # noqa: PLR2004 - after the first word
            choice = {"index": 0, "delta": {"content": ""}, "finish_reason": "error"}
            yield {**chunk, "error": _ERROR, "choices": [choice]}
            return
        yield chunk


def _native(body: dict[str, Any], asked: Asked) -> None:
    del asked
    for choice in body["choices"]:
        choice["native_finish_reason"] = None


def _details_of(text: str) -> dict[str, Any]:
    detail = {"type": "reasoning.text", "text": text, "format": "unknown", "index": 0}
    return {"reasoning": text, "reasoning_details": [detail]}


def _details(body: dict[str, Any], asked: Asked) -> None:
    for choice in body["choices"]:
        choice["message"] |= _details_of(asked.thought)


def _streamed_details(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
    return with_deltas(given, [_details_of(each) for each in split(asked.thought)])


PERSONALITIES = (
    Personality(
        name="openrouter",
        line="OpenRouter: comments, errors after the status 200, details of reasoning",
        roots=("/api/v1", "/v1"),
        quirks=(
            Quirk(says="Answers have X-Generation-Id.", answer=_generation_id),
            comments("Streams have comments.", "OPENROUTER PROCESSING"),
            Quirk(
                says="After the 200, errors come in the body or in a chunk: [upstream_error].",
                answer=_error_in_body,
                chunks=_error_in_chunk,
            ),
            on_mark(
                "no_credits",
                "No credits is a 402: [no_credits].",
                status=402,
                message="This request requires more credits.",
            ),
            on_mark(
                "rate_limited",
                "Retry-After may come on a 429: [rate_limited].",
                status=429,
                message="Rate limit exceeded",
                headers={"retry-after": "1"},
            ),
            on_mark(
                "unavailable",
                "Retry-After may come on a 503: [unavailable].",
                status=503,
                message="No allowed providers are available",
                headers={"retry-after": "1"},
            ),
            errors(
                "The code of errors is the status as a number.",
                lambda error, reply, _: {
                    "error": {"code": reply.status, "message": error["message"]}
                },
            ),
            Quirk(says="native_finish_reason may be null.", both=_native),
            fields(
                "The service tier is standard, and there is a provider besides.",
                service_tier="standard",
                provider="OpenAI",
            ),
            ignored("max_tokens is expected.", "max_completion_tokens"),
            Quirk(
                says="reasoning and reasoning_details go back on tool turns.",
                request=thoughts("", "reasoning", "reasoning_details").request,
                whole=_details,
                chunks=_streamed_details,
            ),
        ),
    ),
)
