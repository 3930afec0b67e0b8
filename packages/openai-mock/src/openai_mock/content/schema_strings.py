"""Strings that meet the keywords of a JSON Schema.

Decides which texts are tried and in which order: the given text, its words, then what is made for
the format or the pattern. Knows no other keywords than those of strings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.content import formats
from openai_mock.content.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.content.json_values import Keywords
    from openai_mock.content.patterns import Pattern

VARIANTS = 1000
LONGEST = 1_000_000  # characters of a text; a schema that asks for more has none
NO_TEXT = "text"  # stands for a text that is empty
_AROUND_WORDS = ".,;:!?()[]{}<>\"'`"


def strings(keywords: Keywords, *, text: str, seed: str) -> Iterator[str]:
    """Different strings that meet the keywords; maybe none.

    Args:
        keywords: `minLength`, `maxLength`, `pattern` and `format`; the others are not looked at.
        text: What to say.
        seed: What identifiers are made from.

    Raises:
        PatternError: The pattern cannot be read.
    """
    pattern = compiled(keywords["pattern"]) if "pattern" in keywords else None
    if keywords.get("minLength", 0) > LONGEST:
        return
    seen: set[str] = set()
    for each in _candidates(keywords, pattern, text, seed):
        if each not in seen and _meets(keywords, pattern, each):
            seen.add(each)
            yield each


def is_met(keywords: Keywords, text: str) -> bool:
    """Whether a string meets the keywords of strings.

    Raises:
        PatternError: The pattern cannot be read.
    """
    pattern = compiled(keywords["pattern"]) if "pattern" in keywords else None
    return _meets(keywords, pattern, text)


def _meets(keywords: Keywords, pattern: Pattern | None, text: str) -> bool:
    return (
        keywords.get("minLength", 0) <= len(text) <= keywords.get("maxLength", len(text))
        and (pattern is None or pattern.matches(text))
        and formats.is_in_format(text, keywords.get("format", ""))
    )


def _candidates(keywords: Keywords, pattern: Pattern | None, text: str, seed: str) -> Iterator[str]:
    least, most = int(keywords.get("minLength", 0)), keywords.get("maxLength")
    most = None if most is None else int(most)
    known_format = formats.is_known(keywords.get("format", ""))
    if pattern is None and not known_format:
        yield from _sized(text, least, most)
        return
    yield from (text, *(word.strip(_AROUND_WORDS) for word in text.split()))
    if known_format:
        yield from formats.examples(keywords["format"], seed)
    if pattern is not None:
        yield from pattern.texts(least, most)


def _sized(text: str, least: int, most: int | None) -> Iterator[str]:
    """The text, repeated or cut to its length, then with numbers at its end."""
    said = text or NO_TEXT
    for number in range(VARIANTS):
        suffix = f" {number + 1}" if number else ""
        body = said
        if len(said) + len(suffix) < least:
            body = f"{said} " * (least // len(said) + 1)
            body = body[: least - len(suffix)]
        if most is None:
            yield body + suffix
        else:
            suffix = suffix if len(suffix) <= most else str(number)
            yield (body[: max(most - len(suffix), 0)] + suffix)[:most]
