"""Functions that users hand over: what they are called in messages, and who can call them."""

from __future__ import annotations

from inspect import iscoroutinefunction


def name_of(function: object) -> str:
    """The name of a function, for messages; its repr may have a secret."""
    return getattr(function, "__qualname__", None) or type(function).__qualname__


def is_coroutine_function(function: object) -> bool:
    """Whether what it gives has to be awaited, as far as that can be known before it is called."""
    return iscoroutinefunction(function) or iscoroutinefunction(type(function).__call__)
