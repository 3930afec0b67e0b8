"""Faults in words: `cut:100`, `error:429,code=slow_down`, several joined by `+`.

Decides how words become arguments; the faults and what they take are the functions of this package.
"""

from __future__ import annotations

import inspect
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from pydantic import ValidationError, validate_call

from openai_mock import faults
from openai_mock.errors import MockServerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from openai_mock.faults import Fault

_JOINED, _BEHIND, _BETWEEN = "+", ":", ","


def parsed(words: str) -> tuple[Fault, ...]:
    """The faults that words name.

    Raises:
        MockServerError: There is no such fault, or it does not take this.
    """
    return tuple(_one(each.strip()) for each in words.split(_JOINED) if each.strip())


def described() -> Iterator[str]:
    """A line on each fault: how it is written, and what it does."""
    for name, make in _makers().items():
        takes = _BETWEEN.join(inspect.signature(make).parameters)
        does = (inspect.getdoc(make) or "").partition("\n")[0]
        yield f"{name}{_BEHIND if takes else ''}{takes}  {does}"


def _one(words: str) -> Fault:
    name, _, rest = words.partition(_BEHIND)
    make = _makers().get(name.replace("-", "_"))
    if make is None:
        near = get_close_matches(name, _makers(), n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(_makers())}."
        raise MockServerError(f"There is no fault '{name}'. {hint}")
    positional: list[str] = []
    named: dict[str, str] = {}
    for each in rest.split(_BETWEEN) if rest else ():
        key, equals, value = each.partition("=")
        if equals:
            named[key.strip()] = value
        else:
            positional.append(each)
    try:
        return validate_call(make)(*positional, **named)
    except ValidationError as failure:
        wrong = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in failure.errors()
        )
        raise MockServerError(
            f"The fault '{words}' cannot be made: {wrong}. It is written {name}"
            f"{inspect.signature(make, eval_str=False)}."
        ) from failure


@cache
def _makers() -> Mapping[str, Callable[..., Fault]]:
    return {name: getattr(faults, name) for name in faults.__all__ if name != "Fault"}
