"""Numbers within the bounds of a JSON Schema.

Decides which numbers are tried and in which order: those of the text first, then those near 1.
Knows no other keywords than those of numbers.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openai_mock.content.json_values import Keywords

Number = int | float

TRIED = 12  # numbers on the grid at each side of the preferred one
PREFERRED = 1
# Not the parts of words, dates and addresses.
_IN_TEXT = re.compile(
    r"(?<![\w.-])-?(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{1,15})?(?!\w|[.-]\d)", re.ASCII
)


def numbers_in(text: str) -> list[Number]:
    """The numbers that a text names, in their order; those with a point are decimal."""
    found = (each.replace(",", "") for each in _IN_TEXT.findall(text))
    return [float(each) if "." in each else int(each) for each in found]


def numbers(keywords: Keywords, *, whole: bool, preferred: Iterable[Number]) -> Iterator[Number]:
    """Different numbers that meet the keywords; maybe none.

    Args:
        keywords: `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum` and `multipleOf`;
            the others are not looked at.
        whole: Whether they must be integers.
        preferred: Numbers to take first, if they fit.
    """
    seen: set[Number] = set()
    for number in chain(preferred, _on_the_grid(keywords, whole), _between(keywords, whole)):
        value = int(number) if whole and number == int(number) else number
        if value in seen or (whole and not isinstance(value, int)):
            continue
        if within(keywords, value):
            seen.add(value)
            yield value


def within(keywords: Keywords, value: Number) -> bool:
    """Whether a number meets the keywords of numbers."""
    return (
        value >= keywords.get("minimum", -math.inf)
        and value <= keywords.get("maximum", math.inf)
        and value > keywords.get("exclusiveMinimum", -math.inf)
        and value < keywords.get("exclusiveMaximum", math.inf)
        and ("multipleOf" not in keywords or is_multiple(value, keywords["multipleOf"]))
    )


def is_multiple(value: Number, step: Number) -> bool:
    """Whether a number is a multiple of another, as they are written and as floats divide them.

    Validators differ in how they divide floats; what this takes, they all do.
    """
    if _exact(value) % _exact(step):
        return False
    try:
        quotient = value / step
    except OverflowError:
        return True
    return math.isinf(quotient) or quotient == int(quotient)


def common_multiple(first: Number, second: Number) -> Number:
    """The smallest number that is a multiple of both."""
    a, b = _exact(first), _exact(second)
    exact = Fraction(math.lcm(a.numerator, b.numerator), math.gcd(a.denominator, b.denominator))
    return _number(exact)


def _on_the_grid(keywords: Keywords, whole: bool) -> Iterator[Number]:
    """Multiples of the step, from the preferred number outwards as far as the bounds let it."""
    given = keywords.get("multipleOf", 1)
    step = _exact(common_multiple(given, 1) if whole else given)
    low, high = _bounds(keywords)
    start = round(PREFERRED / step) or 1
    if high is not None:
        start = min(start, math.floor(high / step))
    if low is not None:
        start = max(start, math.ceil(low / step))
    for distance in range(TRIED):
        yield _number((start + distance) * step)
        yield _number((start - distance) * step)


def _between(keywords: Keywords, whole: bool) -> Iterator[Number]:
    """Numbers between the bounds that are not on the grid."""
    if whole:
        return
    low, high = _bounds(keywords)
    if low is None:
        low = Fraction(PREFERRED) if high is None else high - 1
    if high is None:
        high = low + 1
    for parts in (2, 3, 5, 7, 11):
        for part in range(parts + 1):
            yield _number(low + (high - low) * part / parts)


def _bounds(keywords: Keywords) -> tuple[Fraction | None, Fraction | None]:
    low = [keywords[name] for name in ("minimum", "exclusiveMinimum") if name in keywords]
    high = [keywords[name] for name in ("maximum", "exclusiveMaximum") if name in keywords]
    return (
        _exact(max(low)) if low else None,
        _exact(min(high)) if high else None,
    )


def _exact(number: Number) -> Fraction:
    """The number as it is written: 0.1 is a tenth."""
    return Fraction(str(number))


def _number(exact: Fraction) -> Number:
    if exact.denominator == 1:
        return int(exact)
    try:
        return float(exact)
    except OverflowError:  # it is so large that its fraction does not matter
        return int(exact)
