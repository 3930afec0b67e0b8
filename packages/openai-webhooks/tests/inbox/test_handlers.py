"""Names under which completions are recorded, and which handlers an event has."""

import functools
from typing import Any

import pytest
from openai_webhooks.inbox import InboxConfigurationError
from openai_webhooks.inbox.handlers import AnyHandler, Handlers


def plain(event: Any) -> None:
    """A handler."""


async def asynchronous(event: Any) -> None:
    """A handler."""


class Callable:
    async def __call__(self, event: Any) -> None:
        """A handler."""


def test_handler_is_called_by_its_module_and_name():
    handlers = Handlers()
    handlers.add(plain, (), name=None)
    handlers.add(functools.partial(asynchronous), (), name=None)
    assert handlers.plan("any") == [f"{__name__}.plain", f"{__name__}.asynchronous"]
    assert [handlers[name].is_async for name in handlers.plan("any")] == [False, True]


def test_event_has_the_handlers_of_its_type_and_those_of_all_in_order():
    handlers = Handlers()
    handlers.add(plain, ("a", "b"), name="ab")
    handlers.add(plain, (), name="all")
    handlers.add(plain, ("b",), name="b")
    assert handlers.plan("a") == ["ab", "all"]
    assert handlers.plan("b") == ["ab", "all", "b"]
    assert handlers.plan("c") == ["all"]


def test_object_whose_call_is_asynchronous_is_awaited():
    handlers = Handlers()
    handlers.add(Callable(), (), name="object")
    assert handlers["object"].is_async


def test_name_that_is_taken_is_refused():
    handlers = Handlers()
    handlers.add(plain, ("a",), name=None)
    with pytest.raises(InboxConfigurationError, match="another"):
        handlers.add(plain, ("b",), name=None)


def test_handler_without_a_name_is_refused():
    calls: list[AnyHandler] = [lambda *_: None, Callable()]
    for call in calls:
        with pytest.raises(InboxConfigurationError, match="name="):
            Handlers().add(call, (), name=None)


def test_decorator_without_parentheses_is_refused():
    with pytest.raises(InboxConfigurationError, match="parentheses"):
        Handlers().add(plain, (plain,), name=None)  # pyright: ignore[reportArgumentType] - the mistake


def test_asynchronous_handler_cannot_share_a_transaction():
    handlers = Handlers()
    with pytest.raises(InboxConfigurationError, match="plain function"):
        handlers.add(asynchronous, (), name=None, in_transaction=True)
    handlers.add(plain, (), name=None, in_transaction=True)
    assert handlers.any_in_transaction
