"""What the description's types do not say: how large numbers may be, what may not be empty.

Decides ranges only. Is given objects whose types have been checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openai_mock.content.json_values import objects_in
from openai_mock.refusals import Refusal, too_long

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LARGEST = 2**31 - 1
MOST_PAIRS, LONGEST_KEY, LONGEST_TEXT = 16, 64, 512  # of metadata and attributes
MOST_STOPS = 4  # texts before which an answer ends
LONGEST_INPUT = 10_485_760  # characters of one text that a model is given
_PAIRS = ("metadata", "attributes")
# The least and the greatest value of each parameter that is a number, in either operation.
_RANGES: dict[str, tuple[float, float]] = {
    "frequency_penalty": (-2, 2),
    "max_completion_tokens": (1, LARGEST),
    "max_output_tokens": (16, LARGEST),
    "max_tokens": (1, LARGEST),
    "max_tool_calls": (1, LARGEST),
    "n": (1, 128),
    "presence_penalty": (-2, 2),
    "seed": (-(2**63), 2**63 - 1),
    "temperature": (0, 2),
    "top_logprobs": (0, 20),
    "top_p": (0, 1),
}


def check_limits(request: Mapping[str, object]) -> None:
    """Return if every number is in its range, there are messages, and no text is too long.

    Raises:
        Refusal: One is not.
    """
    _check_ranges(request, _RANGES)
    if request.get("messages") == []:
        message = "Invalid 'messages': the array is empty. Send at least one message."
        raise Refusal(message, code="empty_array", param="messages")
    _check_stops(request.get("stop"))
    _check_length("input", request.get("input"))
    for number, each in enumerate(objects_in(request.get("messages"))):
        _check_length(f"messages[{number}].content", each.get("content"))


def check_sampling(request: Mapping[str, object]) -> None:
    """Return if the numbers that say how a text is chosen are in their ranges.

    Raises:
        Refusal: One is not.
    """
    _check_ranges(request, ("temperature", "top_p"))


def check_pairs(request: Mapping[str, object]) -> None:
    """Return if metadata and attributes have no more pairs, and no longer ones, than the API keeps.

    Raises:
        Refusal: They have.
    """
    for name in _PAIRS:
        pairs = request.get(name)
        if isinstance(pairs, dict):
            _check_pairs(name, cast("dict[str, object]", pairs))


def check_range(name: str, value: float, least: float, greatest: float) -> None:
    """Return if a number is in its range.

    Raises:
        Refusal: It is not.
    """
    if not least <= value <= greatest:
        raise _out_of_range(name, value, least, greatest)


def _check_stops(stops: object) -> None:
    number = len(cast("list[object]", stops)) if isinstance(stops, list) else 1
    if number > MOST_STOPS:
        raise Refusal(
            f"Invalid 'stop': array too long. Expected an array with maximum length {MOST_STOPS}, "
            f"but got an array with length {number} instead.",
            code="array_above_max_length",
            param="stop",
        )


def _check_length(name: str, text: object) -> None:
    if isinstance(text, str) and len(text) > LONGEST_INPUT:
        raise too_long(name, "string", len(text), LONGEST_INPUT)


def _check_ranges(request: Mapping[str, object], names: Iterable[str]) -> None:
    for name in names:
        value = request.get(name)
        if isinstance(value, int | float):
            check_range(name, value, *_RANGES[name])


def _check_pairs(name: str, pairs: Mapping[str, object]) -> None:
    if len(pairs) > MOST_PAIRS:
        raise Refusal(
            f"Invalid '{name}': too many properties. Expected an object with at most {MOST_PAIRS} "
            f"properties, but got an object with {len(pairs)} properties instead.",
            code="object_above_max_properties",
            param=name,
        )
    for key, value in pairs.items():
        if len(key) > LONGEST_KEY:
            raise too_long(name, "key", len(key), LONGEST_KEY)
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise too_long(f"{name}.{key}", "string", len(value), LONGEST_TEXT)


def _out_of_range(name: str, value: float, least: float, greatest: float) -> Refusal:
    kind = "integer" if isinstance(value, int) else "decimal"
    if value < least:
        code, bound = f"{kind}_below_min_value", f">= {least}"
    else:
        code, bound = f"{kind}_above_max_value", f"<= {greatest}"
    message = f"Invalid '{name}': {kind} out of range. Expected a value {bound}."
    return Refusal(message, code=code, param=name)
