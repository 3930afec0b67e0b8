"""Ollama."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_mock.content.tokens import split
from openai_mock.content.turns import text_of
from openai_mock.personalities.personality import Personality, Quirk
from openai_mock.personalities.quirks import absent, any_key, ignored, thoughts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.personalities.asked import Asked
    from openai_mock.personalities.personality import Chunks

CONTEXT = 4096  # tokens


def _no_reason(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
    del asked
    for chunk in given:
        for choice in chunk["choices"]:
            choice["finish_reason"] = None
        yield chunk


def _cut(asked: Asked) -> None:
    """Leave of the texts what fits, the end first."""
    left = CONTEXT
    for message in reversed(asked.messages if asked.is_chat else []):
        pieces = split(text_of(message.get("content")))
        if len(pieces) > left and isinstance(message.get("content"), str):
            message["content"] = "".join(pieces[len(pieces) - left :])
        left = max(0, left - len(pieces))


_QUIRKS = (
    any_key("The key is ignored."),
    thoughts("Thoughts are in reasoning.", "reasoning"),
    Quirk(says="finish_reason is sometimes null: in streams.", chunks=_no_reason),
    ignored("Strict tools are not supported.", "tools.function.strict"),
    ignored("json_schema is accepted and not enforced.", "response_format"),
    ignored("num_ctx and think are ignored.", "num_ctx", "think", "options"),
    Quirk(says="The context is 4096 tokens, and input is cut silently.", request=_cut),
)

PERSONALITIES = (
    Personality(
        name="ollama",
        line="Ollama: no key, a short context, schemas that are not enforced",
        quirks=_QUIRKS,
    ),
    Personality(
        name="ollama-old",
        line="an early Ollama, without /v1/completions",
        quirks=(*_QUIRKS, absent("Early versions had no /v1/completions.", "completions")),
    ),
)
