"""Time the same work through the official package and through this one, in turn."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.canned_server import CHUNKS

MESSAGES = [{"role": "user", "content": "Hello?"}]


@dataclass
class Timing:
    """Seconds a run, of both sides, taken in turn."""

    name: str
    official: list[float]
    ours: list[float]

    def row(self) -> str:
        """One line of the table: medians in milliseconds and the median ratio of the pairs."""
        ratio = statistics.median(a / b for a, b in zip(self.ours, self.official, strict=True))
        official, ours = statistics.median(self.official), statistics.median(self.ours)
        return f"{self.name:<44} {official * 1e3:>9.2f} {ours * 1e3:>9.2f} {ratio:>7.2f}"


def in_turn(
    name: str,
    runs: int,
    official: Callable[[], object],
    ours: Callable[[], object],
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> Timing:
    """Run both sides once to warm up, then in turn."""
    official()
    ours()
    timing = Timing(name, [], [])
    for _ in range(runs):
        for action, seconds in ((official, timing.official), (ours, timing.ours)):
            started = clock()
            action()
            seconds.append(clock() - started)
    return timing


@contextmanager
def canned_server() -> Generator[str]:
    """The base URL of a canned server in another process."""
    command = [sys.executable, "-m", "benchmarks.canned_server"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
        process.stdin.close()


def measure(url: str, runs: int) -> Iterable[Timing]:
    """Every comparison, one after another."""
    import openai
    import openai_suite

    official = openai.OpenAI(api_key="sk-none", base_url=url)
    ours = openai_suite.OpenAI(api_key="sk-none", base_url=url)
    yield in_turn(
        "chat call, sync",
        runs * 30,
        lambda: official.chat.completions.create(model="gpt-5.5", messages=MESSAGES),  # type: ignore[arg-type]
        lambda: ours.chat.completions.create(model="gpt-5.5", messages=MESSAGES),  # type: ignore[arg-type]
    )
    yield in_turn(
        f"chat stream of {CHUNKS} chunks, sync",
        runs,
        lambda: list(
            official.chat.completions.create(model="gpt-5.5", messages=MESSAGES, stream=True)  # type: ignore[arg-type]
        ),
        lambda: list(
            ours.chat.completions.create(model="gpt-5.5", messages=MESSAGES, stream=True)  # type: ignore[arg-type]
        ),
    )


def main() -> None:
    """Print the table, a line as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="pairs of each (default: %(default)s)")
    options = parser.parse_args()
    print(f"{'median milliseconds a run':<44} {'official':>9} {'ours':>9} {'ratio':>7}")
    with canned_server() as url:
        for timing in measure(url, options.runs):
            print(timing.row(), flush=True)


if __name__ == "__main__":
    main()
