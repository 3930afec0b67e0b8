"""Zhipu and Z.AI, with the GLM models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_mock.personalities.personality import Personality
from openai_mock.personalities.quirks import (
    errors,
    finish_reasons,
    ignored,
    no_developer,
    on_mark,
    refused,
    thoughts,
)

if TYPE_CHECKING:
    from openai_mock.personalities.asked import Asked
    from openai_mock.replies import JsonReply

NO_BALANCE, INVALID, UNAUTHORIZED = "1113", "1210", "1000"


def _shape(error: dict[str, Any], reply: JsonReply, asked: Asked) -> object:
    del asked
    code = str(error["code"])
    if not code.isdigit():
        code = UNAUTHORIZED if reply.status == 401 else INVALID  # noqa: PLR2004
    return {"error": {"code": code, "message": error["message"]}}


_QUIRKS = (
    finish_reasons(
        "finish_reason has more values: [sensitive], [network_error], "
        "[model_context_window_exceeded].",
        "sensitive",
        "network_error",
        "model_context_window_exceeded",
    ),
    on_mark(
        "no_balance",
        "No balance is a 429 with the code 1113: [no_balance].",
        status=429,
        message="Insufficient balance or no resource package. Please recharge.",
        code=NO_BALANCE,
    ),
    errors("The code of errors is a number in a string, and there is no type.", _shape),
    ignored("Thinking is set in the body: thinking, clear_thinking.", "thinking", "clear_thinking"),
    thoughts("Thoughts are in reasoning_content, and may come back.", "reasoning_content"),
    refused("There is no store.", "store"),
    no_developer("There is no role developer."),
    refused("reasoning_effort is not general.", "reasoning_effort"),
)

PERSONALITIES = (
    Personality(
        name="zhipu",
        line="Zhipu and Z.AI (GLM): numbers in strings as codes, reasons of their own",
        roots=("/api/paas/v4", "/v1"),
        quirks=_QUIRKS,
    ),
)
