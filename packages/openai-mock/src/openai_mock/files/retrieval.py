"""Search in texts: how they are cut into pieces, compared with a query, and filtered.

A word counts as a token, and two texts are as similar as their words are: the cosine of the angle
between their counts, from 0 to 1, the same in every run. Knows nothing about what is stored.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, cast

from openai_mock.content.json_values import as_object
from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Any: the value of an attribute or of a filter, which are compared as they are.

_TOKEN = re.compile(r"\S+\s*|\s+")
_WORD = re.compile(r"\w+")
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, other: value == other,
    "ne": lambda value, other: value != other,
    "gt": lambda value, other: value > other,
    "gte": lambda value, other: value >= other,
    "lt": lambda value, other: value < other,
    "lte": lambda value, other: value <= other,
    "in": lambda value, other: value in other,
    "nin": lambda value, other: value not in other,
}
_TRUE_OF_NOTHING = ("ne", "nin")


def pieces_of(text: str, size: int, overlap: int) -> list[str]:
    """Cut a text into pieces.

    Args:
        text: The text.
        size: How many tokens a piece has at most.
        overlap: How many of them it shares with the one before; less than `size`.
    """
    tokens = _TOKEN.findall(text)
    starts = range(0, max(len(tokens) - overlap, 1), size - overlap)
    pieces = ("".join(tokens[start : start + size]).strip() for start in starts)
    return [each for each in pieces if each]


def similarity(one: str, other: str) -> float:
    """How similar two texts are: 1 if they have the same words as often, 0 if they share none."""
    first, second = _counts(one), _counts(other)
    shared = sum(count * second[word] for word, count in first.items())
    if not shared:
        return 0.0
    lengths = (math.sqrt(sum(n * n for n in each.values())) for each in (first, second))
    return min(1.0, shared / math.prod(lengths))


def passes(condition: Mapping[str, Any], attributes: Mapping[str, object]) -> bool:
    """Whether attributes are as a filter wants them.

    Args:
        condition: The filter: a comparison, or several joined by `and` or `or`.
        attributes: The attributes of a file. Of one that it has not, only `ne` and `nin` are true.

    Raises:
        Refusal: The filter is none.
    """
    kind: object = condition.get("type")
    if kind in ("and", "or"):
        inner = cast("list[object]", condition.get("filters") or [])
        results = [passes(as_object(each), attributes) for each in inner]  # {} is no filter
        return all(results) if kind == "and" else any(results)
    compare = _COMPARISONS.get(str(kind))
    if compare is None or not {"key", "value"} <= condition.keys():
        known = ", ".join((*_COMPARISONS, "and", "or"))
        message = f"A filter needs 'type', 'key' and 'value'; the type is one of {known}."
        raise Refusal(message, code="invalid_value", param="filters")
    if condition["key"] not in attributes:
        return kind in _TRUE_OF_NOTHING
    try:
        return compare(attributes[condition["key"]], condition["value"])
    except TypeError:  # what has no order is neither more nor less
        return kind in _TRUE_OF_NOTHING


def _counts(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))
