import functools
from typing import Any

import pytest
from openai_types.functions import is_coroutine_function, name_of


def plain() -> None:
    """A function."""


async def awaited() -> None:
    """A function."""


class Plain:
    def __call__(self) -> None:
        """As a function is called."""


class Awaited:
    async def __call__(self) -> None:
        """As a function is called."""


@pytest.mark.parametrize("function", [plain, Plain(), functools.partial(plain), Plain().__call__])
def test_plain_functions(function: Any):
    assert not is_coroutine_function(function)


@pytest.mark.parametrize(
    "function", [awaited, Awaited(), functools.partial(awaited), Awaited().__call__]
)
def test_coroutine_functions(function: Any):
    assert is_coroutine_function(function)


def test_name_of_a_function_shows_nothing_else_of_it():
    assert name_of(plain) == "plain"
    assert name_of(functools.partial(print, "secret")) == "partial"
    assert name_of(Plain()) == "Plain"
