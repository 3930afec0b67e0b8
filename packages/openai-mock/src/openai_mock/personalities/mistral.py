"""Mistral."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from openai_mock.content.tokens import split
from openai_mock.personalities.personality import Personality, Quirk
from openai_mock.personalities.quirks import errors, refused, usage_unasked, with_deltas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.personalities.asked import Asked
    from openai_mock.personalities.personality import Chunks
    from openai_mock.replies import JsonReply

_FORBIDDEN = "extra_forbidden"


def _shape(error: dict[str, Any], reply: JsonReply, asked: Asked) -> object:
    if error["code"] != _FORBIDDEN:
        return {
            "object": "error",
            "message": error["message"],
            "type": "invalid_request_error",
            "param": None,
            "code": 3001 if reply.status == 401 else "1000",  # noqa: PLR2004
        }
    way = ["body", *str(error["param"]).split(".")]
    detail = [{"type": _FORBIDDEN, "loc": way, "msg": "Extra inputs are not permitted"}]
    if asked.wants("nested"):
        return {"object": "error", "message": {"detail": detail}}
    if asked.wants("text"):
        return {"object": "error", "message": to_json({"detail": detail}).decode()}
    return {"detail": detail}


def _reasons(asked: Asked) -> bool:
    return (asked.model or "").startswith("magistral")


def _thinking(text: str) -> dict[str, Any]:
    return {"type": "thinking", "thinking": [{"type": "text", "text": text}]}


def _whole(body: dict[str, Any], asked: Asked) -> None:
    for choice in body["choices"] if _reasons(asked) else ():
        text = {"type": "text", "text": choice["message"].get("content") or ""}
        choice["message"]["content"] = [_thinking(asked.thought), text]


def _chunks(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
    if not _reasons(asked):
        return iter(given)
    return with_deltas(given, [{"content": [_thinking(each)]} for each in split(asked.thought)])


def _bare(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
    del asked
    for number, chunk in enumerate(given):
        if number == 0:
            chunk.pop("object", None)
            chunk.pop("created", None)
        yield chunk


PERSONALITIES = (
    Personality(
        name="mistral",
        line="Mistral: unknown fields are refused, thoughts are parts of the content",
        quirks=(
            refused(
                "Fields that it does not know are refused with 422.",
                "store",
                "max_completion_tokens",
                "frequency_penalty",
                "stream_options",
                "messages.reasoning_content",
                status=422,
                code=_FORBIDDEN,
                message="Extra inputs are not permitted: {}",
            ),
            errors(
                "Errors are a detail, one in a message ([nested]), or JSON in text ([text]).",
                _shape,
            ),
            Quirk(
                says="The content of reasoning models (magistral) is a list of thinking and text.",
                whole=_whole,
                chunks=_chunks,
            ),
            usage_unasked("Streams have the usage unasked."),
            Quirk(says="First chunks may lack object and created.", chunks=_bare),
        ),
    ),
)
