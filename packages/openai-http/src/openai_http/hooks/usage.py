"""The tokens that a server counted, from whatever place of a result they are in.

The APIs have two sets of names for the same numbers, and providers have places of their own:
on the last event, on any, in a choice. What is no number is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOLDERS = ("response", "data")  # the parts of an event that have the result itself
_INPUT_DETAILS = ("input_tokens_details", "prompt_tokens_details", "input_token_details")
_OUTPUT_DETAILS = ("output_tokens_details", "completion_tokens_details", "output_token_details")


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How many tokens a call took, as the server counted them; None for what it did not tell.

    Attributes:
        input_tokens: of what was sent, the cached ones included.
        output_tokens: of what was answered, those of the reasoning included.
        total_tokens: of both.
        cached_tokens: those of the input that were in a cache.
        reasoning_tokens: those of the output that nobody sees.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    total_tokens: int | None = None
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None


def usage_of(result: object) -> Usage | None:
    """The usage that a result tells, or an event; None if it tells none."""
    found = _read(_field(result, "usage"))
    for holder in _HOLDERS:
        found = found or _read(_field(_field(result, holder), "usage"))
    if found is None:
        choices = _field(result, "choices")
        for choice in cast("list[object]", choices) if isinstance(choices, list) else ():
            found = found or _read(_field(choice, "usage"))
    return found


def usage_of_events(events: Sequence[object]) -> Usage | None:
    """The usage that a stream told last."""
    return next(filter(None, map(usage_of, reversed(events))), None)


def _read(usage: object) -> Usage | None:
    numbers = {
        "input_tokens": _number(usage, "input_tokens", "prompt_tokens"),
        "output_tokens": _number(usage, "output_tokens", "completion_tokens"),
        "total_tokens": _number(usage, "total_tokens"),
    }
    if all(number is None for number in numbers.values()):
        return None
    return Usage(
        **numbers,
        cached_tokens=_number_below(usage, _INPUT_DETAILS, "cached_tokens"),
        reasoning_tokens=_number_below(usage, _OUTPUT_DETAILS, "reasoning_tokens"),
    )


def _number_below(usage: object, details: tuple[str, ...], name: str) -> int | None:
    found = (_number(_field(usage, detail), name) for detail in details)
    return next((number for number in found if number is not None), None)


def _number(value: object, *names: str) -> int | None:
    for name in names:
        number = _field(value, name)
        if isinstance(number, int) and not isinstance(number, bool):
            return number
    return None


def _field(value: object, name: str) -> object:
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value).get(name)
    return getattr(value, name, None)
