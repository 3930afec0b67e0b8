"""API keys that a function gives, each time anew, such as tokens that expire.

Decides which functions a client takes, and checks the key that one gave as a key that is given
itself. No message shows a key. What a function raises is not touched.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable, iscoroutine
from typing import TypeAlias, cast

from openai_types.configuration import check_key
from openai_types.errors import InvalidTypeError, OpenAIError
from openai_types.functions import is_coroutine_function, name_of

KeyFunction: TypeAlias = Callable[[], str]
"""What gives the key of a client for synchronous code."""

AsyncKeyFunction: TypeAlias = Callable[[], str] | Callable[[], Awaitable[str]]
"""The same for asynchronous code: a coroutine function is awaited."""


def check_given_key(key: object, *, asynchronous: bool) -> None:
    """Refuse what is no key, nor a function that such a client can ask for one.

    Raises:
        InvalidTypeError: it is something else, or a function that would have to be awaited.
    """
    if key is None or isinstance(key, str):
        return
    if not callable(key):
        raise InvalidTypeError(
            f"api_key is of type {type(key).__name__}. Pass the key as text, or a function without"
            " arguments that gives it."
        )
    if not asynchronous and is_coroutine_function(key):
        raise InvalidTypeError(
            f"The function {name_of(key)} for api_key is a coroutine function, which OpenAI cannot"
            " await. Pass a plain function, or take AsyncOpenAI."
        )


def ask(function: AsyncKeyFunction) -> str:
    """The key that a function gives.

    Raises:
        OpenAIError: it gave none, or something that cannot be a key.
    """
    return _checked(function, function())


async def ask_async(function: AsyncKeyFunction) -> str:
    """The same for asynchronous code: what the function gives may have to be awaited."""
    given = function()
    return _checked(function, await given if isawaitable(given) else given)


def _checked(function: AsyncKeyFunction, key: object) -> str:
    name = name_of(function)
    if iscoroutine(key):
        key.close()
    if isawaitable(cast("object", key)):
        raise InvalidTypeError(
            f"The function {name} for api_key gave something to be awaited, which OpenAI cannot"
            " do. Pass a function that gives the key itself, or take AsyncOpenAI."
        )
    if not isinstance(key, str):
        raise InvalidTypeError(
            f"The function {name} for api_key gave a value of type {type(key).__name__}. Return"
            " the key as text."
        )
    if not key:
        raise OpenAIError(
            f"The function {name} for api_key gave an empty text. Return the key, or raise an"
            " error that says why there is none."
        )
    check_key(key, f"that the function {name} gave")
    return key
