"""How many webhooks an inbox receives durably, a store at a time.

First the inbox alone: threads that call `receive`. Then a whole receiver (`inbox_receiver`: FastAPI
on one worker of uvicorn, in a process of its own): requests a second over connections that are
used again and again, each with the next event as soon as the last is answered; and at a fixed
rate, half of what is asked of a receiver, how long an answer takes from the moment when its request
was due. Every event is new, signed before the clock starts, and stored when it is answered. The
time of the processor is what the receiver's process used for an event, whatever else ran then.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from statistics import median, quantiles

from openai_webhooks import Webhook, sign
from openai_webhooks.inbox import Inbox
from openai_webhooks.inbox.store import redacted

from benchmarks.inbox_receiver import SECRET

THREADS = 16
CONNECTIONS = 32
HALF_LOAD = 500  # events a second: half of the 1,000 that a receiver shall accept

_ids = count(time.time_ns())


def events(number: int) -> list[tuple[bytes, dict[str, str]]]:
    """Signed deliveries, each with an id that was never used."""
    now = int(time.time())
    made: list[tuple[bytes, dict[str, str]]] = []
    for _ in range(number):
        name = next(_ids)
        body = (
            b'{"id":"evt_%d","object":"event","created_at":1760000000,'
            b'"type":"response.completed","data":{"id":"resp_%d"}}' % (name, name)
        )
        headers = sign(body, secret=SECRET, webhook_id=f"wh_{name}", timestamp=now)
        made.append((body, headers))
    return made


def requests(number: int) -> list[bytes]:
    """The same as whole HTTP requests."""
    made: list[bytes] = []
    for body, headers in events(number):
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST /webhook HTTP/1.1\r\nhost: receiver\r\n{lines}"
        made.append(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
    return made


def alone(url: str, number: int) -> float:
    """Events a second that threads give to an inbox in this process."""
    inbox = Inbox(url, webhook=Webhook(SECRET))
    work = iter(events(number))
    taking = threading.Lock()

    def receive() -> None:
        while True:
            with taking:
                event = next(work, None)
            if event is None:
                return
            assert inbox.receive(*event).new

    threads = [threading.Thread(target=receive) for _ in range(THREADS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    inbox.close()
    return number / took


@contextlib.contextmanager
def receiver(url: str, *, handles: bool) -> Generator[int]:
    """A receiver in a process of its own; gives its port."""
    command = [sys.executable, "-m", "benchmarks.inbox_receiver", url]
    command += ["--handle"] if handles else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def answered(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> None:
    """Send a request and read its answer."""
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert head.startswith(b"http/1.1 200"), head
    body = await reader.readexactly(int(head.partition(b"content-length:")[2].split()[0]))
    assert body == b'{"new":true}', body


async def fastest(port: int, number: int) -> float:
    """Events a second over connections that are never idle."""
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(CONNECTIONS)]
    for pair, request in zip(opened, requests(CONNECTIONS), strict=True):
        await answered(*pair, request)  # what is made once
    work: Iterator[bytes] = iter(requests(number))

    async def each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for request in work:
            await answered(reader, writer, request)

    begun = time.perf_counter()
    await asyncio.gather(*(each(*pair) for pair in opened))
    took = time.perf_counter() - begun
    for _, writer in opened:
        writer.close()
    return number / took


def processor(port: int) -> float:
    """Seconds of the processor that the receiver has used."""
    connection = HTTPConnection("127.0.0.1", port)
    with contextlib.closing(connection):
        connection.request("GET", "/processor")
        return float(connection.getresponse().read())


async def latencies(port: int, number: int, rate: float) -> list[float]:
    """How long each answer took from the moment when its request was due, in milliseconds."""
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        idle.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    work = requests(number)
    took: list[float] = []
    begun = time.perf_counter() + 0.1

    async def each(position: int, request: bytes) -> None:
        due = begun + position / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        pair = await idle.get()
        await answered(*pair, request)
        took.append((time.perf_counter() - due) * 1e3)
        idle.put_nowait(pair)

    await asyncio.gather(*(each(*numbered) for numbered in enumerate(work)))
    while not idle.empty():
        idle.get_nowait()[1].close()
    return took


def measure(url: str, options: argparse.Namespace) -> None:
    """Print the figures of a store."""
    name = redacted(url).partition("://")[0] + (" (normal)" if "normal" in url else "")
    rates = [alone(url, options.events) for _ in range(options.runs)]
    print(f"{name:<18} inbox alone              {median(rates):>8.0f} events/s", flush=True)
    for handles in (False, True):
        what = "receiver, and handling" if handles else "receiver"
        with receiver(url, handles=handles) as port:
            before = processor(port)
            rates = [asyncio.run(fastest(port, options.events)) for _ in range(options.runs)]
            used = (processor(port) - before) / (options.runs * (options.events + CONNECTIONS))
            took = asyncio.run(latencies(port, options.events, HALF_LOAD))
        percent = quantiles(took, n=100)
        print(
            f"{name:<18} {what:<24} {median(rates):>8.0f} events/s"
            f" with {used * 1e3:.2f} ms of processor each"
            f"   at {HALF_LOAD}/s: median {percent[49]:.1f} ms, p99 {percent[98]:.1f} ms",
            flush=True,
        )


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inbox", description=__doc__)
    parser.add_argument(
        "--store",
        action="append",
        metavar="URL",
        help="another store to measure, such as redis://localhost/0 or postgresql://localhost/db; "
        "events are left in it; SQLite is always measured, in files that are removed",
        default=[],
    )
    parser.add_argument("--events", type=int, default=3000, help="a run; default: %(default)s")
    parser.add_argument("--runs", type=int, default=3, help="of each; default: %(default)s")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "inbox.db"
        sqlite = [f"sqlite:///{file}", f"sqlite:///{file}?synchronous=normal"]
        given: list[str] = options.store
        for url in [*sqlite, *given]:
            measure(url, options)


if __name__ == "__main__":
    main()
