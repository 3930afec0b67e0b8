"""From text, as queries, forms and headers carry it, to values of the described types.

Decides what a text may mean by an annotation. What means nothing there stays text, so that the
check that follows tells what was expected.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired, Required, Union, cast, get_args, get_origin

from pydantic_core import from_json
from typing_extensions import get_type_hints, is_typeddict

# Any: annotations, and JSON.

_INTEGER = re.compile(r"-?\d{1,18}")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_TRUTH = {"true": True, "false": False}
_LISTS = (list, Sequence, Iterable)


def members(annotation: Any) -> list[Any]:
    """The types of which a value may be one, without what is written around them."""
    origin = get_origin(annotation)
    if origin in (Annotated, NotRequired, Required):
        return members(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [each for member in get_args(annotation) for each in members(member)]
    return [annotation]


def typed(value: object, annotation: Any) -> object:
    """The value that text, or a tree of it, stands for."""
    choices = members(annotation)
    if isinstance(value, dict):
        return _object(cast("dict[str, object]", value), choices)
    lists = [each for each in choices if get_origin(each) in _LISTS]
    if isinstance(value, list):
        element = get_args(lists[0])[0] if lists else object
        return [typed(each, element) for each in cast("list[object]", value)]
    if not isinstance(value, str):
        return [value] if lists and len(lists) == len(choices) else value
    return _scalar(value, choices, lists)


def _scalar(text: str, choices: list[Any], lists: list[Any]) -> object:
    literals = [v for each in choices if get_origin(each) is Literal for v in get_args(each)]
    if text in literals:
        return text
    truth = bool in choices or any(isinstance(each, bool) for each in literals)
    if truth and text in _TRUTH:
        return _TRUTH[text]
    if int in choices and _INTEGER.fullmatch(text):
        return int(text)
    if float in choices and _NUMBER.fullmatch(text):
        return float(text)
    if text[:1] in ("{", "[") and any(_is_container(each) for each in choices):
        return _parsed(text)
    plain = str in choices or any(isinstance(each, str) for each in literals)
    return [typed(text, get_args(lists[0])[0])] if lists and not plain else text


def _object(value: dict[str, object], choices: list[Any]) -> object:
    described = [each for each in choices if is_typeddict(each)]
    hints = [get_type_hints(each, include_extras=True) for each in described]
    known = next((each for each in hints if value.keys() <= each.keys()), None)
    if known is None and hints:
        known = hints[0]
    if known is not None:
        return {name: typed(each, known.get(name, object)) for name, each in value.items()}
    maps = [each for each in choices if get_origin(each) in (dict, Mapping)]
    element = get_args(maps[0])[1] if maps else object
    return {name: typed(each, element) for name, each in value.items()}


def _is_container(choice: Any) -> bool:
    return is_typeddict(choice) or get_origin(choice) in (*_LISTS, dict, Mapping)


def _parsed(text: str) -> object:
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError:
        return text
