"""How a text falls into tokens, without a vocabulary.

Decides what one token is: texts are cut where the tokeniser of the API's newer models cuts them (at
words with the blank before them, three digits, runs of signs, line ends, and humps in names), and
long words are cut again into pieces as long as that tokeniser's usually are in their script. So the
counts are about right, and the pieces look right where they are streamed.

Where the counts are too low: emoji, of which the API takes two tokens or more (a piece is never a
part of a character); random letters, as in base64; and languages in Latin letters whose words are
long and have few accents, such as Finnish and Turkish.

Knows neither messages nor models.
"""

from __future__ import annotations

import math
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

# Marks that belong to the letter before them; Python counts them as no part of a word.
_MARKS = "\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u0dff\u0e31-\u0e4e"
_LETTER = rf"[^\W\d_]|[{_MARKS}]"
_SMALL = rf"(?:[^\W\d_A-Z]|[{_MARKS}])"
_CUT = re.compile(
    rf"(?:[^\r\n\w{_MARKS}]|_)?(?:[A-Z]*{_SMALL}+|[A-Z]+)(?:'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL]{{2}})(?!\w))?"
    r"|\d{1,3}"
    rf"| ?(?:[^\s\w{_MARKS}]|_)+[\r\n/]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)

# The tokens that a character of a word takes on average, by the last character of each script. They
# are fitted to sentences of each, as the API's tokeniser (o200k) counts them.
_WEIGHTS = [
    ("\u024f", 0.9),  # Latin, if not ASCII
    ("\u03ff", 0.41),  # Greek
    ("\u052f", 0.24),  # Cyrillic
    ("\u05ff", 0.37),  # Hebrew
    ("\u08ff", 0.36),  # Arabic
    ("\u0dff", 0.37),  # of India
    ("\u1fff", 0.42),  # Thai and its neighbours
    ("\u2fff", 1.0),  # signs
    ("\u33ff", 0.8),  # Kana
    ("\u9fff", 0.72),  # Han
    ("\uabff", 0.8),
    ("\ud7a3", 0.82),  # Hangul
    (chr(sys.maxunicode), 1.0),  # emoji, and all others
]
_OF_SMALL, _OF_CAPITALS, _OF_SIGNS = 0.13, 0.25, 0.25  # in ASCII
_SURPLUS = 0.8  # what a word may have besides its whole tokens: many words are one


def split(text: str) -> list[str]:
    """The tokens of a text; joined they are the text."""
    return [piece for cut in _CUT.findall(text) for piece in _pieces(cut)]


def count(text: str) -> int:
    """How many tokens a text has."""
    return len(split(text))


@dataclass(frozen=True)
class Output:
    """What the model says, as far as it comes.

    Attributes:
        pieces: Its tokens, in which it is streamed.
        cut: Whether the limit of tokens ended it.
    """

    pieces: tuple[str, ...]
    cut: bool = False

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)

    @property
    def finish_reason(self) -> Literal["stop", "length"]:
        """Why it ended, as chat completions say it."""
        return "length" if self.cut else "stop"

    @property
    def incomplete_details(self) -> dict[str, str] | None:
        """Why it is not complete, as responses say it; None if it is."""
        return {"reason": "max_output_tokens"} if self.cut else None


def output(text: str, *, limit: int | None = None, stop: str | Iterable[str] | None = ()) -> Output:
    """Say a text as far as the limits let it.

    Args:
        text: The text.
        limit: How many tokens it may have: `max_output_tokens`, `max_completion_tokens` or
            `max_tokens`; None for any number.
        stop: The text or the texts before which it ends, as in requests.
    """
    stops = [stop] if isinstance(stop, str) else stop or ()
    ends = [text.find(each) for each in stops if each]
    pieces = split(text[: min((end for end in ends if end >= 0), default=None)])
    if limit is None or limit >= len(pieces):
        return Output(tuple(pieces))
    return Output(tuple(pieces[:limit]), cut=True)


@lru_cache(maxsize=4096)
def _pieces(cut: str) -> tuple[str, ...]:
    """The tokens of what has been cut: parts of about the same weight."""
    weights = [*map(_weight, cut)]
    total = sum(weights)
    number = math.ceil(total - _SURPLUS)
    if number <= 1:
        return (cut,)
    pieces = [""] * number
    before = 0.0
    for character, weight in zip(cut, weights, strict=True):
        pieces[min(int(before / total * number), number - 1)] += character
        before += weight
    return tuple(filter(None, pieces))


def _weight(character: str) -> float:
    if not character.isascii():
        return next(weight for last, weight in _WEIGHTS if character <= last)
    if character.isalnum():
        return _OF_CAPITALS if character.isupper() else _OF_SMALL
    return 0.0 if character.isspace() else _OF_SIGNS
