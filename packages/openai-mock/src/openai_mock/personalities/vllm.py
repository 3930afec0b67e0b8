"""vLLM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_mock.personalities.personality import Personality, Quirk
from openai_mock.personalities.quirks import any_key, errors, thoughts
from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from openai_mock.personalities.asked import Asked
    from openai_mock.replies import JsonReply

_REASONING = ("reasoning", "reasoning_content")


def _flat(error: dict[str, Any], reply: JsonReply, asked: Asked) -> object:
    del asked
    kind = "BadRequestError" if reply.status == 400 else error["type"]  # noqa: PLR2004
    return {
        "object": "error",
        "message": error["message"],
        "type": kind,
        "param": error["param"],
        "code": reply.status,
    }


def _no_base64(asked: Asked) -> None:
    if asked.path == "embeddings" and asked.body.get("encoding_format") == "base64":
        raise Refusal("base64 encoding is not currently supported")


def _flags_for_tools(asked: Asked) -> None:
    automatic = asked.body.get("tool_choice", "auto") == "auto"
    if asked.is_chat and asked.body.get("tools") and automatic:
        raise Refusal(
            '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'
        )


def _one_system_message(asked: Asked) -> None:
    if asked.is_chat and [each.get("role") for each in asked.messages].count("system") > 1:
        raise Refusal("System message must be at the beginning.")


def _no_status(asked: Asked) -> None:
    for item, status in asked.find("input.status"):
        call = item.get("type") == "function_call"
        if asked.path == "responses" and call and item[status] is not None:
            raise Refusal("Input should be null", param="input.status")


def _bare(chunk: dict[str, Any], asked: Asked) -> None:
    if asked.streams:
        chunk.pop("object", None)
        chunk.pop("created", None)


_ANY_KEY = any_key("Any key is taken.")
_FLAT = errors("Errors are flat, their code is the status as a number.", _flat)

PERSONALITIES = (
    Personality(
        name="vllm",
        line="vLLM: any key, the field reasoning, flat errors",
        quirks=(
            _ANY_KEY,
            thoughts(
                "Thoughts are in reasoning; either name may come back.",
                "reasoning",
                back=_REASONING,
            ),
            _FLAT,
        ),
    ),
    Personality(
        name="vllm-old",
        line="an older vLLM, started without flags for tools",
        quirks=(
            _ANY_KEY,
            thoughts("Thoughts were in reasoning_content.", "reasoning_content", back=_REASONING),
            _FLAT,
            Quirk(says="Older builds refuse base64 embeddings.", request=_no_base64),
            Quirk(says="Old streams lacked object and created.", both=_bare),
            Quirk(
                says='tool_choice "auto" needs flags of the server, else 400.',
                request=_flags_for_tools,
            ),
            Quirk(
                says="Responses took items of function calls with the status null only.",
                request=_no_status,
            ),
            Quirk(says="Some set-ups accept one system message only.", request=_one_system_message),
        ),
    ),
)
