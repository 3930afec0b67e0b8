"""The deterministic model: it repeats what was said last.

Decides the text of an answer, how it is cut into pieces, and what counts as a token (one piece is
one token). Knows nothing about APIs: every one of them puts the same answer into its own shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

NOTHING_SAID = "You wrote nothing."
_PIECE = re.compile(r"\s*\S{1,12}|\s+")


@dataclass(frozen=True)
class Answer:
    """What the model answers.

    Attributes:
        pieces: The text in the pieces in which it is streamed.
        cut: Whether a limit ended it early.
    """

    pieces: tuple[str, ...]
    cut: bool = False

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)

    @property
    def tokens(self) -> int:
        """How many tokens it has."""
        return len(self.pieces)


def answer(said: str, *, limit: int | None = None, stop: Iterable[str] = ()) -> Answer:
    """Answer to what was said.

    Args:
        said: The last words of the user.
        limit: How many tokens the answer may have.
        stop: Texts before which the answer ends.
    """
    text = f"You wrote: {said}" if said else NOTHING_SAID
    ends = [text.find(each) for each in stop if each]
    text = text[: min((end for end in ends if end >= 0), default=None)]
    pieces = split(text)
    if limit is None or limit >= len(pieces):
        return Answer(pieces)
    return Answer(pieces[:limit], cut=True)


def split(text: str) -> tuple[str, ...]:
    """The pieces of a text; joined they are the text."""
    return tuple(_PIECE.findall(text))


def tokens(*texts: str) -> int:
    """How many tokens texts have."""
    return sum(len(split(text)) for text in texts)


def text_of(content: object) -> str:
    """The text in the content of a message: a string, or parts of which some have text."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = cast("list[object]", content)
    texts = (
        cast("Mapping[str, object]", part).get("text")
        for part in parts
        if isinstance(part, Mapping)
    )
    return "\n".join(text for text in texts if isinstance(text, str))


def last_words(messages: Iterable[Mapping[str, object]]) -> str:
    """What the user said last; if the user said nothing, what anybody did."""
    spoken = [(each.get("role"), text_of(each.get("content"))) for each in messages]
    of_user = [text for role, text in spoken if role == "user" and text]
    of_any = [text for _, text in spoken if text]
    return (of_user or of_any or [""])[-1]
