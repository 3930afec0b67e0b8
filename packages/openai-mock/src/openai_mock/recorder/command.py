"""The commands `openai-mock record` and `openai-mock replay`.

Decides how they are told to end, and what their exit status says: 0 if the tape was recorded, or
was replayed as it was recorded.
"""

from __future__ import annotations

import argparse
import logging
import re
import shlex
import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import _SubParsersAction  # what add_subparsers gives has no other name
    from collections.abc import Generator
    from contextlib import AbstractContextManager

    from openai_mock.recorder.sessions import TapeServer

DEFAULT_PORT = 8000
A_DAY = 86_400.0

_RECORD = """\
Runs a server that passes every request on to the upstream and the answer back, and records both,
until Ctrl-C or SIGTERM; then the tape is there. Prints OPENAI_BASE_URL as a line for a shell;
clients keep their own key, which goes to the upstream and is never written. Nor are cookies, ids
of organization and project, and whatever looks like a secret. The exit status is 0 if the tape was
recorded. Needs httpx: pip install httpx.
"""
_REPLAY = """\
Runs a server that answers from a tape, without any other server, until Ctrl-C or SIGTERM. Prints
OPENAI_API_KEY (any key will do) and OPENAI_BASE_URL as lines for a shell. Each recorded exchange
answers once; a request that is not on the tape is refused with status 400 and what differs from
the nearest one. The exit status is 1 if that happened, or if recorded exchanges are left over.
"""
_MORE_SECRETS = """\
a regular expression of more that is never written; can be given several times, and alike for
recording and replaying
"""


def add_commands(commands: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to the command line."""
    record = commands.add_parser(
        "record", help="record what a real server says, until Ctrl-C", description=_RECORD
    )
    record.add_argument(
        "--upstream", required=True, metavar="URL", help="such as https://api.openai.com/v1"
    )
    record.add_argument("--tape", required=True, metavar="FILE", help="the file to record to")
    record.add_argument("--overwrite", action="store_true", help="replace a tape that is there")
    record.add_argument(
        "--timeout",
        type=float,
        default=600.0,
        metavar="SECONDS",
        help="how long the upstream may be silent; default: %(default)s",
    )
    record.set_defaults(run=_run, begin=_record)
    replay = commands.add_parser(
        "replay", help="answer from a tape, until Ctrl-C", description=_REPLAY
    )
    replay.add_argument("--tape", required=True, metavar="FILE", help="a recorded tape")
    replay.add_argument(
        "--speed",
        type=float,
        metavar="FACTOR",
        help="1 waits as long as the upstream did, 2 half as long; default: no waiting",
    )
    replay.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="NAME",
        help="a field of JSON or parameter that may differ; can be given several times",
    )
    replay.add_argument(
        "--allow-unused", action="store_true", help="recorded exchanges may be left over"
    )
    replay.set_defaults(run=_run, begin=_replay)
    for parser in (record, replay):
        parser.add_argument(
            "--secret-pattern",
            action="append",
            default=[],
            type=_pattern,
            metavar="REGEX",
            help=_MORE_SECRETS,
        )
        parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
        parser.add_argument(
            "--port", type=int, default=DEFAULT_PORT, help="0 for a free one; default: %(default)s"
        )


def _run(options: argparse.Namespace) -> int:
    with _until_told(), options.begin(options) as server:
        _announce(server, key=options.command == "replay")
        _wait()
    return 0


def _record(options: argparse.Namespace) -> AbstractContextManager[TapeServer]:
    from openai_mock.recorder.sessions import record

    return record(
        options.upstream,
        options.tape,
        overwrite=options.overwrite,
        secrets=options.secret_pattern,
        timeout=options.timeout,
        host=options.host,
        port=options.port,
    )


def _replay(options: argparse.Namespace) -> AbstractContextManager[TapeServer]:
    from openai_mock.recorder.sessions import replay

    return replay(
        options.tape,
        allow_unused=options.allow_unused,
        ignore=options.ignore,
        speed=options.speed,
        secrets=options.secret_pattern,
        host=options.host,
        port=options.port,
    )


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{error}; give a regular expression") from error


@contextmanager
def _until_told() -> Generator[None]:
    """Let SIGTERM end what runs as Ctrl-C does, and say on the standard error what happens."""
    logger = logging.getLogger("openai_mock.recorder")
    handler = logging.StreamHandler()
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        signal.signal(signal.SIGTERM, before)


def _wait() -> None:
    try:
        while True:
            time.sleep(A_DAY)
    except KeyboardInterrupt:
        return


def _announce(server: TapeServer, *, key: bool) -> None:
    variables = {"OPENAI_API_KEY": server.api_key} if key else {}
    variables["OPENAI_BASE_URL"] = server.base_url
    lines = (f"export {name}={shlex.quote(value)}" for name, value in variables.items())
    print("\n".join(lines), flush=True)  # noqa: T201 - the command line speaks
    doing = f"Replaying {server.tape}" if key else f"Recording {server.tape}"
    print(  # noqa: T201
        f"{doing} on {server.url}; Ctrl-C ends it.", file=sys.stderr, flush=True
    )
