"""Time calls through the official package and through this one, in turn, in one run.

A canned server in another process answers. Each round runs every side once, and the ratios are
those of one round, so that whatever else the machine does meanwhile is in both of their terms.
What counts is the time of the processor: that of the wall has the server's in it.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import openai
import openai_suite

from benchmarks.__main__ import MESSAGES, canned_server

OFFICIAL = "official"
AsyncCall = Callable[[], Awaitable[object]]


@dataclass
class Rounds:
    """Seconds a call of each side, by the processor and by the wall, a pair a round."""

    name: str
    seconds: dict[str, list[tuple[float, float]]] = field(
        default_factory=dict[str, list[tuple[float, float]]]
    )

    def add(self, side: str, calls: int, started: tuple[float, float]) -> None:
        """Note what a side has taken since then."""
        cpu, wall = time.process_time() - started[0], time.perf_counter() - started[1]
        self.seconds.setdefault(side, []).append((cpu / calls, wall / calls))

    def rows(self) -> Iterator[str]:
        """A line for each side: medians in microseconds, and of the rounds' ratios."""
        official = self.seconds[OFFICIAL]
        for side, pairs in self.seconds.items():
            cpu, wall = (statistics.median(pair[which] for pair in pairs) for which in (0, 1))
            ratios = [
                statistics.median(
                    pair[which] / other[which] for pair, other in zip(pairs, official, strict=True)
                )
                for which in (0, 1)
            ]
            yield (
                f"{self.name:<28} {side:<16} {cpu * 1e6:>9.0f} {wall * 1e6:>9.0f}"
                f" {ratios[0]:>7.3f} {ratios[1]:>7.3f}"
            )


def now() -> tuple[float, float]:
    """The clocks of the processor and of the wall."""
    return time.process_time(), time.perf_counter()


def settle() -> None:
    """Spare both sides the search of the modules of the other by the garbage collector."""
    gc.collect()
    gc.freeze()


def blocking(name: str, rounds: int, calls: int, sides: dict[str, Callable[[], object]]) -> Rounds:
    """Rounds of calls one after another, after one of each to warm up."""
    for call in sides.values():
        call()
    settle()
    result = Rounds(name)
    for _ in range(rounds):
        for side, call in sides.items():
            started = now()
            for _ in range(calls):
                call()
            result.add(side, calls, started)
    return result


async def in_flight(call: AsyncCall, calls: int, flight: int) -> None:
    """Make calls, so many at the same time."""
    left = iter(range(calls))

    async def work() -> None:
        for _ in left:
            await call()

    await asyncio.gather(*[work() for _ in range(flight)])


async def concurrent(
    name: str, rounds: int, calls: int, flight: int, sides: dict[str, AsyncCall]
) -> Rounds:
    """Rounds of calls at the same time, after a few of each to open the connections."""
    for call in sides.values():
        await in_flight(call, 2 * flight, flight)
    settle()
    result = Rounds(name)
    for _ in range(rounds):
        for side, call in sides.items():
            started = now()
            await in_flight(call, calls, flight)
            result.add(side, calls, started)
    return result


# Any: the clients of two packages, whose methods have the same names.
def chat(client: Any) -> Any:
    """A call of a client."""
    return lambda: client.chat.completions.create(model="gpt-5.5", messages=MESSAGES)


async def measure_async(url: str, rounds: int, calls: int) -> Iterator[Rounds]:
    """The default transport and the others, beside the official package with its two clients."""
    import httpx

    options: dict[str, Any] = {"api_key": "sk-none", "base_url": url}
    older: Any = httpx.AsyncClient()  # which the official package takes without saying so
    clients: dict[str, Any] = {
        OFFICIAL: openai.AsyncOpenAI(**options),
        "official, httpx": openai.AsyncOpenAI(**options, http_client=older),
        "ours": openai_suite.AsyncOpenAI(**options),
        "ours, httpx2": openai_suite.AsyncOpenAI(**options, transport="httpx2"),
        "ours, aiohttp": openai_suite.AsyncOpenAI(**options, transport="aiohttp"),
        "ours, pyreqwest": openai_suite.AsyncOpenAI(**options, transport="pyreqwest"),
    }
    results: list[Rounds] = []
    async with AsyncExitStack() as stack:
        for client in clients.values():
            await stack.enter_async_context(client)
        sides = {name: chat(client) for name, client in clients.items()}
        for flight in (1, 20, 100):
            name = f"async, {flight} in flight"
            results.append(await concurrent(name, rounds, max(calls, 2 * flight), flight, sides))
    return iter(results)


def measure(url: str, rounds: int, calls: int) -> Iterator[Rounds]:
    """Every comparison, one after another."""
    options: dict[str, Any] = {"api_key": "sk-none", "base_url": url}
    official, ours = openai.OpenAI(**options), openai_suite.OpenAI(**options)
    other = openai_suite.OpenAI(**options, transport="pyreqwest")
    sides = {OFFICIAL: chat(official), "ours": chat(ours), "ours, pyreqwest": chat(other)}
    yield blocking("sync", rounds, calls, sides)
    yield from asyncio.run(measure_async(url, rounds, calls))
    yield blocking(
        "another client",
        rounds,
        5,
        {
            OFFICIAL: lambda: openai.OpenAI(**options),
            "ours": lambda: openai_suite.OpenAI(**options),
        },
    )
    yield blocking(
        "a copy with another key",
        rounds,
        200,
        {
            OFFICIAL: lambda: official.with_options(api_key="sk-other"),
            "ours": lambda: ours.with_options(api_key="sk-other"),
            "ours, with_key": lambda: ours.with_key("sk-other"),
        },
    )


def main() -> None:
    """Print the table, a comparison as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calls", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="of each (default: %(default)s)")
    parser.add_argument("--calls", type=int, default=200, help="a round (default: %(default)s)")
    options = parser.parse_args()
    print(f"{'median microseconds a call':<45} {'cpu':>9} {'wall':>9} {'ratio':>7} {'wall':>7}")
    with canned_server() as url:
        for rounds in measure(url, options.rounds, options.calls):
            print("\n".join(rounds.rows()), flush=True)


if __name__ == "__main__":
    main()
