"""Time and memory of streams: iterating, the high-level `.stream()`, the first event, a long one.

`python -m benchmarks.streams`. The first table is beside the official package, the second beside
raw httpx, and the third is of processes that do nothing else.
"""

from __future__ import annotations

import argparse
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import httpx

from benchmarks.__main__ import MESSAGES, Timing, canned_server, in_turn
from benchmarks.canned_server import CHUNKS
from benchmarks.decoding import run

SHORT, LONG = 2_000, 100_000  # events of the streams whose memory is compared

# Any: clients of either package.


@dataclass(frozen=True)
class Api:
    """How the streams of one API are made.

    Attributes:
        name: of its events.
        path: of its operation.
        body: of the request.
        group: the attribute of clients that has `create` and `stream`.
        final: the method of a high-level stream that reads to its end and gives what it was.
    """

    name: str
    path: str
    body: dict[str, Any]
    group: str
    final: str

    def create(self, client: Any, **options: Any) -> Any:
        """A plain stream."""
        return attrgetter(self.group)(client).create(**self.body, stream=True, **options)

    def stream(self, client: Any, **options: Any) -> Any:
        """A manager of a high-level one."""
        return attrgetter(self.group)(client).stream(**self.body, **options)


CHAT = Api(
    name="chat chunks",
    path="/chat/completions",
    body={"model": "gpt-5.5", "messages": MESSAGES},
    group="chat.completions",
    final="get_final_completion",
)
RESPONSES = Api(
    name="response events",
    path="/responses",
    body={"model": "gpt-5.5", "input": "Hello"},
    group="responses",
    final="get_final_response",
)
APIS = [CHAT, RESPONSES]


def drain(iterable: Iterable[object]) -> None:
    """Iterate something to its end."""
    deque(iterable, maxlen=0)


def iterate(client: Any, api: Api) -> None:
    """Iterate the events of the API."""
    drain(api.create(client))


def accumulate(client: Any, api: Api) -> None:
    """Iterate the events of the high-level stream, and ask what they were together."""
    with api.stream(client) as stream:
        drain(stream)
        getattr(stream, api.final)()


def measure(url: str, runs: int) -> Iterable[Timing]:
    """What is compared with the official package: the time of the processor."""
    import openai
    import openai_suite

    official: Any = openai.OpenAI(api_key="sk-none", base_url=url)
    ours: Any = openai_suite.OpenAI(api_key="sk-none", base_url=url)
    for api in APIS:
        for name, action in (("iterated", iterate), (".stream()", accumulate)):
            yield in_turn(
                f"{CHUNKS} {api.name}, {name}",
                runs,
                lambda action=action, api=api: action(official, api),
                lambda action=action, api=api: action(ours, api),
                clock=time.process_time,
            )


def measure_first_event(url: str, runs: int) -> Iterable[Timing]:
    """What is compared with raw httpx: the time until the first event is there."""
    import openai_suite

    late = {"x-late": "1"}
    ours: Any = openai_suite.OpenAI(api_key="sk-none", base_url=url)
    with httpx.Client() as client:
        for api in APIS:
            json = {**api.body, "stream": True}

            def raw(api: Api = api, json: dict[str, Any] = json) -> None:
                request = client.stream("POST", url + api.path, json=json, headers=late)
                with request as response:
                    next(response.iter_bytes())

            def typed(api: Api = api) -> None:
                stream = api.create(ours, extra_headers=late)
                with stream:
                    next(stream)

            def derived(api: Api = api) -> None:
                with api.stream(ours, extra_headers=late) as stream:
                    next(stream)

            yield in_turn(f"first of {api.name}, iterated", runs * 10, raw, typed)
            yield in_turn(f"first of {api.name}, .stream()", runs * 10, raw, derived)


# The most memory that a process had, on Linux; the kernel counts in kilobytes.
MEMORY = """
import openai_suite
from benchmarks import streams
client = openai_suite.OpenAI(
    api_key="sk-none", base_url={url!r}, default_headers={{"x-events": "{events}"}}
)
streams.{action}(client, streams.APIS[{api}])
with open("/proc/self/status") as status:
    print(next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 2**10)
"""


def memory(url: str) -> Iterable[str]:
    """Lines of the third table."""
    for position, api in enumerate(APIS):
        for name, action in (("iterated", "iterate"), (".stream()", "accumulate")):
            short, long = (
                float(run(MEMORY.format(url=url, events=each, action=action, api=position)))
                for each in (SHORT, LONG)
            )
            yield f"{f'{api.name}, {name}':<44} {short:>9.1f} {long:>9.1f} {long - short:>+7.1f}"


def main() -> None:
    """Print the tables, a line as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.streams", description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="pairs of each (default: %(default)s)")
    options = parser.parse_args()
    with canned_server() as url:
        print(
            f"{'median milliseconds of a processor':<44} {'official':>9} {'ours':>9} {'ratio':>7}"
        )
        for timing in measure(url, options.runs):
            print(timing.row(), flush=True)
        print(
            f"{'median milliseconds to the first event':<44} {'httpx':>9} {'ours':>9} {'ratio':>7}"
        )
        for timing in measure_first_event(url, options.runs):
            print(timing.row(), flush=True)
        title = f"megabytes at {SHORT} and {LONG} events"
        print(f"{title:<44} {SHORT:>9} {LONG:>9} {'more':>7}")
        for line in memory(url):
            print(line, flush=True)


if __name__ == "__main__":
    main()
