"""Receivers that are killed at any moment lose nothing and finish nothing twice.

Processes with the program `receiver.py` share one listening socket and one store. Deliveries
are repeated until they are answered, as OpenAI does; meanwhile one process after another is killed
and another takes its place. Each tells what it does on a pipe, and that is what is judged.

The one window that is left, and what proves that it is the only one: a handler may run again whose
process died after it ended and before its completion was written. Never one whose completion was.
"""

import os
import random
import socket
import sqlite3
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from queue import Empty, SimpleQueue
from time import time
from typing import NamedTuple

import psycopg
from openai_webhooks import sign
from openai_webhooks.inbox import State, open_store, upkeep

from .receiver import SECRET

PROGRAM = Path(__file__).parent / "receiver.py"
SEED = 7
PROCESSES = 2
SENDERS = 8
PATIENCE = 120.0  # seconds without any sign of life, after which the test gives up


class Line(NamedTuple):
    """What a process told."""

    process: int
    word: str
    event: str = ""
    handler: str = ""


class Receivers:
    """The processes, the socket on which they listen and the pipe on which they tell."""

    def __init__(self, url: str) -> None:
        self.lines: list[Line] = []
        self.killed: set[int] = set()
        self._url = url
        self._news: SimpleQueue[Line] = SimpleQueue()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port: int = self._listener.getsockname()[1]
        self._reading, self._writing = os.pipe()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self._running = [self._begun() for _ in range(PROCESSES)]

    def kill_the_oldest(self) -> None:
        """Kill the one that has been running for longest, and begin another."""
        victim = self._running.pop(0)
        victim.kill()
        victim.wait()
        self.killed.add(victim.pid)
        self._running.append(self._begun())

    def terminated(self) -> list[int]:
        """End all as a service manager does; gives their exit statuses."""
        for process in self._running:
            process.terminate()
        return [process.wait(PATIENCE) for process in self._running]

    def wait_for_news(self) -> None:
        """Wait until one of the processes tells something; what it told before is passed over."""
        self._news.get(timeout=PATIENCE)
        while not self._news.empty():
            self._news.get()

    def close(self) -> None:
        for process in self._running:
            process.kill()
            process.wait()
        os.write(self._writing, b"0 end\n")
        self._reader.join()
        os.close(self._reading)
        os.close(self._writing)
        self._listener.close()

    def _begun(self) -> subprocess.Popen[bytes]:
        files = (self._listener.fileno(), self._writing)
        command = [sys.executable, str(PROGRAM), self._url, *map(str, files)]
        return subprocess.Popen(command, pass_fds=files)

    def _read(self) -> None:
        with open(self._reading, closefd=False) as lines:
            for text in lines:
                process, *words = text.split()
                if process == "0":
                    return
                line = Line(int(process), *words)
                self.lines.append(line)
                self._news.put(line)


def body(number: int) -> bytes:
    return (
        b'{"id": "wh_%d", "object": "event", "created_at": 1, "type": "response.completed", '
        b'"data": {"id": "resp_%d"}}'
    ) % (number, number)


def deliver(port: int, work: "SimpleQueue[int]", answered: "SimpleQueue[str]") -> None:
    """Send each event until it is accepted."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with closing(connection):
        while True:
            try:
                number = work.get_nowait()
            except Empty:
                return
            payload = body(number)
            headers = sign(payload, secret=SECRET, webhook_id=f"wh_{number}", timestamp=int(time()))
            while True:
                try:
                    connection.request("POST", "/", payload, headers)
                    response = connection.getresponse()
                    answer = response.read().decode()
                except (OSError, HTTPException):  # it was killed
                    connection.close()
                    continue
                assert response.status == 200
                answered.put(answer)
                break


@contextmanager
def senders(port: int, numbers: list[int]) -> Generator["SimpleQueue[str]"]:
    """Deliver all, with several senders; gives what they were answered, as it comes."""
    work: SimpleQueue[int] = SimpleQueue()
    answered: SimpleQueue[str] = SimpleQueue()
    for number in numbers:
        work.put(number)
    threads = [
        threading.Thread(target=deliver, args=(port, work, answered)) for _ in range(SENDERS)
    ]
    for thread in threads:
        thread.start()
    yield answered
    for thread in threads:
        thread.join()


def effects(url: str) -> Counter[str]:
    """What the handlers wrote that share a transaction with the store."""
    if url.startswith("redis"):
        return Counter()
    statement = "SELECT event FROM effects"
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            return Counter(event for (event,) in database.execute(statement))
    with psycopg.connect(url) as database:
        return Counter(event for (event,) in database.execute(statement))


def prepare(url: str) -> None:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            database.execute("CREATE TABLE effects (event TEXT)")
    elif url.startswith("postgresql"):
        with psycopg.connect(url) as database:
            database.execute("CREATE TABLE effects (event TEXT)")


def judged(receivers: Receivers, handlers: set[str], events: int) -> int:
    """Assert what must hold of what was told; gives how often the window was hit."""
    recorded: set[tuple[str, str]] = set()
    ends: dict[tuple[str, str], list[int]] = defaultdict(list)
    lost: set[tuple[int, str]] = set()
    for line in receivers.lines:
        pair = (line.event, line.handler)
        if line.word == "begin":
            assert pair not in recorded, f"{pair} began again after its completion was written"
        elif line.word == "recorded":
            recorded.add(pair)
        elif line.word == "end":
            ends[pair].append(line.process)
        elif line.word == "lost":
            lost.add((line.process, line.event))
    assert {handler for _, handler in ends} == handlers
    assert len(ends) == events * len(handlers), "a handler never finished"
    again = {pair: processes for pair, processes in ends.items() if len(processes) > 1}
    for (event, handler), processes in again.items():
        for process in processes[:-1]:
            cut = process in receivers.killed or (process, event) in lost
            assert cut, f"{handler} finished {event} twice, and nothing had come between"
    return len(again)


def test_receivers_killed_at_any_moment_lose_nothing_and_finish_nothing_twice(
    new_url: Callable[[], str],
):
    url = new_url()
    kind = url.partition(":")[0]
    events, kills = (2000, 10) if kind == "sqlite" else (600, 6)
    handlers = {"plain", "async"} if kind == "redis" else {"plain", "async", "booked"}
    prepare(url)
    chance = random.Random(f"{kind} {SEED}")  # noqa: S311
    # Some are delivered twice, in any order.
    numbers = [*range(events), *chance.sample(range(events), events // 10)]
    chance.shuffle(numbers)
    moments = set(chance.sample(range(1, len(numbers)), kills))
    receivers = Receivers(url)
    try:
        answers: Counter[str] = Counter()
        with senders(receivers.port, numbers) as answered:
            for count in range(1, len(numbers) + 1):
                answers[answered.get(timeout=PATIENCE)] += 1
                if count in moments:
                    receivers.kill_the_oldest()
        # One whose answer was cut is a duplicate when it is delivered again.
        assert answers["new"] <= events
        assert answers.total() == len(numbers)
        with closing(open_store(url)) as store:
            while (counts := store.counts())[State.DONE] < events:
                assert counts[State.DEAD] == 0
                receivers.wait_for_news()
            assert receivers.terminated() == [0] * PROCESSES
            kept = list(upkeep.events(store, state=State.DONE))
    finally:
        receivers.close()
    assert {each.id for each in kept} == {f"wh_{number}" for number in range(events)}
    assert all(set(each.finished) == handlers for each in kept)
    assert len(receivers.killed) == kills
    judged(receivers, handlers, events)
    if "booked" in handlers:
        # In the transaction of the record there is no window at all.
        assert effects(url) == {f"wh_{number}": 1 for number in range(events)}
