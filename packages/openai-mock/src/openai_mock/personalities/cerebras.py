"""Cerebras."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from openai_mock import faults
from openai_mock.personalities.personality import Personality, Quirk
from openai_mock.personalities.quirks import ignored, no_developer, refused
from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from openai_mock.personalities.asked import Asked
    from openai_mock.replies import JsonReply, Reply

CONTEXT = 8192  # tokens
_TOO_LARGE = 413


def _overflow(asked: Asked) -> None:
    if asked.is_chat and asked.tokens > CONTEXT:
        raise Refusal("too long", status=_TOO_LARGE)


def _no_body(reply: JsonReply, asked: Asked) -> Reply:
    del asked
    return replace(reply, faults=(faults.empty(),)) if reply.status == _TOO_LARGE else reply


PERSONALITIES = (
    Personality(
        name="cerebras",
        line="Cerebras: parameters that are refused, overflow without a body",
        quirks=(
            refused(
                "Some parameters are refused.",
                "frequency_penalty",
                "presence_penalty",
                "logit_bias",
                "parallel_tool_calls",
                "service_tier",
            ),
            no_developer("There is no role developer."),
            ignored(
                "GLM takes earlier thoughts as <think> in the content, in no field.",
                "messages.reasoning",
                "messages.reasoning_content",
            ),
            refused(
                "gpt-oss cannot switch reasoning off.",
                "reasoning_effort",
                code="invalid_value",
                message="Invalid '{}': reasoning cannot be switched off.",
                when=lambda value, asked: (
                    value == "none" and (asked.model or "").startswith("gpt-oss")
                ),
            ),
            Quirk(says="Overflow is a 413 without a body.", request=_overflow, error=_no_body),
        ),
    ),
)
