import asyncio
from typing import Any

import pytest
from openai_types.errors import InvalidArgumentError, InvalidTypeError, OpenAIError
from openai_types.keys import ask, ask_async, check_given_key


def token() -> str:
    return "sk-1"


async def awaited() -> str:
    return "sk-2"


def gives(key: Any) -> Any:
    def function() -> Any:
        return key

    return function


@pytest.mark.parametrize("key", [None, "sk-1", "", token])
@pytest.mark.parametrize("asynchronous", [False, True])
def test_text_and_plain_functions_are_for_both_clients(key: Any, asynchronous: bool):
    check_given_key(key, asynchronous=asynchronous)


def test_coroutine_functions_are_for_asynchronous_code():
    check_given_key(awaited, asynchronous=True)
    with pytest.raises(InvalidTypeError, match=r"^The function awaited .* Pass a plain function"):
        check_given_key(awaited, asynchronous=False)


@pytest.mark.parametrize("key", [5, b"sk-secret", ["sk-secret"]])
def test_what_is_no_key_is_refused_and_not_shown(key: Any):
    with pytest.raises(InvalidTypeError, match=r"^api_key is of type \w+\. Pass") as caught:
        check_given_key(key, asynchronous=True)
    assert "secret" not in str(caught.value)


def test_the_key_that_a_function_gives():
    assert ask(token) == "sk-1"
    assert asyncio.run(ask_async(token)) == "sk-1"
    assert asyncio.run(ask_async(awaited)) == "sk-2"


@pytest.mark.parametrize(
    ("key", "kind", "says"),
    [
        ("sk-secret\n", InvalidArgumentError, r"gives\.<locals>\.function gave contains a line"),
        ("", OpenAIError, "gave an empty text. Return the key, or raise"),
        (None, InvalidTypeError, "gave a value of type NoneType. Return the key as text"),
        (b"sk-secret", InvalidTypeError, "gave a value of type bytes"),
    ],
)
def test_what_cannot_be_a_key_names_the_function_and_shows_nothing(
    key: Any, kind: type[OpenAIError], says: str
):
    function = gives(key)
    for asked in (lambda: ask(function), lambda: asyncio.run(ask_async(function))):
        with pytest.raises(kind, match=says) as caught:
            asked()
        assert "secret" not in str(caught.value)


def test_function_that_turns_out_to_be_asynchronous_is_named():
    function: Any = lambda: awaited()  # noqa: E731, PLW0108 - it hides that it must be awaited
    with pytest.raises(InvalidTypeError, match=r"<lambda> .* to be awaited, .* take AsyncOpenAI"):
        ask(function)


def test_what_a_function_raises_passes():
    error = KeyError("no token")

    def function() -> str:
        raise error

    with pytest.raises(KeyError) as caught:
        ask(function)
    assert caught.value is error
