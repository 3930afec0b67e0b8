"""MiniMax."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_mock.content.tokens import split
from openai_mock.personalities.personality import Personality, Quirk
from openai_mock.personalities.quirks import refused, with_deltas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.personalities.asked import Asked
    from openai_mock.personalities.personality import Chunks

_FIELDS = ("reasoning_content", "reasoning_details")
_EXTRA = {
    "name": "MiniMax AI",
    "audio_content": "",
    "input_sensitive": False,
    "output_sensitive": False,
}


class _Split:
    """The parameter `reasoning_split`, which this API alone has: taken out before the checks."""

    header = "x-mock-reasoning-split"

    @classmethod
    def request(cls, asked: Asked) -> None:
        split = asked.body.pop("reasoning_split", False) if asked.is_chat else False
        asked.headers[cls.header] = "1" if split is True else ""
        for message in asked.messages if asked.is_chat else ():
            for name in _FIELDS:
                message.pop(name, None)

    @classmethod
    def of(cls, asked: Asked) -> bool:
        return bool(asked.headers.get(cls.header))


def _tagged(asked: Asked) -> str:
    if asked.wants("no_tags"):
        return ""
    end = "" if asked.wants("unbalanced") else "\n</think>\n\n"
    return f"<think>\n{asked.thought}{end}"


def _whole(body: dict[str, Any], asked: Asked) -> None:
    for choice in body["choices"]:
        message = choice["message"]
        if _Split.of(asked):
            message["reasoning_content"] = asked.thought
            message["reasoning_details"] = [_detail(asked.thought)]
        else:
            message["content"] = _tagged(asked) + (message.get("content") or "")


def _chunks(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
    if not _Split.of(asked):
        return with_deltas(given, [{"content": each} for each in split(_tagged(asked))])
    deltas: list[dict[str, Any]] = []
    said = ""
    for piece in split(asked.thought):
        said += piece
        shown = said if asked.wants("snapshots") else piece
        deltas.append({"reasoning_content": piece, "reasoning_details": [_detail(shown)]})
    return with_deltas(given, deltas)


def _detail(text: str) -> dict[str, str]:
    return {"type": "reasoning.text", "text": text}


def _keys(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
    del asked
    for number, chunk in enumerate(given):
        for choice in chunk["choices"]:
            choice["delta"] = {**_EXTRA, **choice["delta"]}
        yield {**chunk, "usage": {}} if number == 1 else chunk


PERSONALITIES = (
    Personality(
        name="minimax",
        line="MiniMax: thoughts between tags in the content, more keys in deltas",
        quirks=(
            Quirk(
                says="Thoughts are in the content as <think>...</think>, or in reasoning_content "
                "and reasoning_details with reasoning_split; they may come back. Tags can be "
                "[unbalanced] or missing ([no_tags]); streamed details increments or [snapshots].",
                request=_Split.request,
                whole=_whole,
                chunks=_chunks,
            ),
            Quirk(says="Deltas have more keys, and usage is {} in between.", chunks=_keys),
            refused(
                "The temperature is above 0 and at most 1.",
                "temperature",
                code="invalid_value",
                message="Invalid '{}': it must be in (0, 1].",
                when=lambda value, _: value is not None and not 0 < value <= 1,
            ),
            refused(
                "There is one choice only.",
                "n",
                code="invalid_value",
                message="Invalid '{}': it must be 1.",
                when=lambda value, _: value not in (None, 1),
            ),
        ),
    ),
)
