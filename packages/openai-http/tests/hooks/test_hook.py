import asyncio
import functools
from collections import deque
from typing import Any

import pytest
from openai_http import AsyncOpenAI, OpenAI
from openai_http.hooks.events import CallEvent
from openai_http.hooks.hook import audience_of
from openai_types.errors import OpenAIError


def plain(event: CallEvent) -> None:
    """A hook."""


async def awaited(event: CallEvent) -> None:
    """A hook."""


class Plain:
    def __call__(self, event: CallEvent) -> None:
        """As a hook is called."""


class Awaited:
    async def __call__(self, event: CallEvent) -> None:
        """As a hook is called."""


def heard(hooks: Any, *, asynchronous: bool) -> Any:
    audience = audience_of(hooks, asynchronous=asynchronous)
    return audience and audience.hooks


PLAIN: list[Any] = [plain, Plain(), functools.partial(plain), Plain().__call__]
AWAITED: list[Any] = [awaited, Awaited(), functools.partial(awaited), Awaited().__call__]


@pytest.mark.parametrize("hook", PLAIN)
def test_plain_functions_are_for_both_clients(hook: Any):
    assert heard([hook], asynchronous=False) == (hook,)
    assert heard((hook,), asynchronous=True) == (hook,)


@pytest.mark.parametrize("hook", AWAITED)
def test_coroutine_functions_are_for_the_asynchronous_client(hook: Any):
    assert heard([hook], asynchronous=True) == (hook,)
    with pytest.raises(OpenAIError, match=r"coroutine function, .* Pass a plain function, or take"):
        audience_of([hook], asynchronous=False)


@pytest.mark.parametrize(
    ("hooks", "message"),
    [
        (plain, "hooks is of type function. Pass a list"),
        ([None], "A hook is of type NoneType. Pass functions"),
        ("hook", "hooks is of type str"),
    ],
)
def test_what_is_no_hook_is_refused(hooks: Any, message: str):
    with pytest.raises(OpenAIError, match=message):
        OpenAI(api_key="k", hooks=hooks)
    with OpenAI(api_key="k") as client, pytest.raises(OpenAIError, match=message):
        client.with_options(hooks=hooks)


def test_clients_refuse_what_they_cannot_call():
    hooks: Any = [awaited]
    with pytest.raises(OpenAIError, match="The hook awaited is a coroutine function"):
        OpenAI(api_key="k", hooks=hooks)
    asyncio.run(AsyncOpenAI(api_key="k", hooks=hooks).close())


def test_without_hooks_there_is_no_audience():
    assert heard([], asynchronous=False) is heard((), asynchronous=True) is None


def test_what_was_missed_is_taken_once():
    audience = audience_of([plain], asynchronous=False)
    assert audience is not None
    told: Any = object()
    audience.missed.extend([lambda: [told], list, lambda: [told]])
    assert list(audience.take_missed()) == [told, told]
    assert list(audience.take_missed()) == []


def test_what_another_thread_took_is_not_taken():
    class Taken(deque[Any]):
        def __bool__(self) -> bool:
            return True

    audience = audience_of([plain], asynchronous=False)
    assert audience is not None
    audience.missed = Taken()
    assert list(audience.take_missed()) == []
