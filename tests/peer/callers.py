"""The clients of both packages behind one interface: a call in, and what its user gets out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from operator import attrgetter
from types import ModuleType
from typing import Any, TypeAlias

import openai_suite
from openai_suite import StreamTruncatedError
from openai_types.catalogue import Operation

from ..contract.described_values import Call  # noqa: TID252 - test folders are no packages

# Any: clients and results of either package.

# Gives the result, or what is in it: all pages and the items of the last one, or events.
Caller: TypeAlias = Callable[[Operation, Call], list[Any]]


@dataclass(frozen=True)
class Callers:
    """Two of each package: the blocking client, and the asynchronous one."""

    official: tuple[Caller, Caller]
    ours: tuple[Caller, Caller]


@contextmanager
def callers(official: ModuleType, base_url: str) -> Generator[Callers]:
    """The callers that send to a server, all asynchronous ones in one event loop."""
    with asyncio.Runner() as runner:
        blocking: list[Any] = []
        asynchronous: list[Any] = []
        for package in (official, openai_suite):
            settings = {"api_key": "sk-test", "base_url": base_url, "max_retries": 0}
            settings["admin_api_key"] = "sk-admin"
            blocking.append(package.OpenAI(**settings))
            asynchronous.append(package.AsyncOpenAI(**settings))

        def pair(index: int) -> tuple[Caller, Caller]:
            return (
                lambda operation, given: _call(blocking[index], operation, given),
                lambda operation, given: runner.run(
                    _call_async(asynchronous[index], operation, given)
                ),
            )

        yield Callers(pair(0), pair(1))
        for client in blocking:
            client.close()
        for client in asynchronous:
            runner.run(client.close())


def _call(client: Any, operation: Operation, given: Call) -> list[Any]:
    result = attrgetter(operation.name)(client)(**given.params)
    if operation.page:
        pages = [*result.iter_pages()]
        return [*pages, *pages[-1]]
    if not given.streams:
        return [result.content if given.returns == "bytes" else result]
    events: list[Any] = []
    with suppress(StreamTruncatedError):  # here, that a stream lacks its API's last event
        for event in result:
            events.append(event)  # noqa: PERF402 - what came before the error counts
    return events


async def _call_async(client: Any, operation: Operation, given: Call) -> list[Any]:
    result = await attrgetter(operation.name)(client)(**given.params)
    if operation.page:
        pages = [page async for page in result.iter_pages()]
        return [*pages, *[item async for item in pages[-1]]]
    if not given.streams:
        return [result.content if given.returns == "bytes" else result]
    events: list[Any] = []
    with suppress(StreamTruncatedError):
        async for event in result:
            events.append(event)  # noqa: PERF401 - the same
    return events
