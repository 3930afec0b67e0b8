"""The command line `openai-mock`: run the server, or the recorder, for other programs.

Decides what is printed where: lines for a shell go to the standard output, words for people to the
standard error.
"""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn, cast

from openai_types.errors import OpenAIError

from openai_mock.recorder.command import add_commands
from openai_mock.version import __version__

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from openai_mock.server import MockServer

DEFAULT_PORT = 8000
A_DAY = 86_400.0
SIGNALLED = 128  # and its number: what shells expect of a program that a signal ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 2
    try:
        return options.run(options)
    except OpenAIError as error:
        print(f"openai-mock: {error}", file=sys.stderr)  # noqa: T201 - the command line speaks
        return 1
    except KeyboardInterrupt:  # also while it begins
        return SIGNALLED + signal.SIGINT
    except BrokenPipeError:  # a reader such as `head` has enough; nor must closing write there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


class _Parser(argparse.ArgumentParser):
    """A parser whose help goes on with tables, which are read only when it is asked for."""

    def format_help(self) -> str:
        """The help."""
        self.epilog = _tables() if self.prog.endswith(" serve") else None
        return super().format_help()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="openai-mock", description="The OpenAI API, here.")
    parser.add_argument("--version", action="version", version=f"openai-mock {__version__}")
    # What is added to the commands needs no more.
    kind = cast("type[argparse.ArgumentParser]", _Parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=kind)
    document = commands.add_parser(
        "openapi",
        help="print the OpenAPI document of what it serves",
        description="Prints the OpenAPI document that the server has at /openapi.json.",
    )
    document.set_defaults(run=_describe)
    serve = commands.add_parser(
        "serve",
        help="run the server until Ctrl-C",
        description=(
            "Runs the server until Ctrl-C or SIGTERM. Prints the variables that clients need, as "
            "lines for a shell: OPENAI_API_KEY, OPENAI_ADMIN_KEY, OPENAI_BASE_URL and "
            "OPENAI_WEBHOOK_SECRET."
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serve.set_defaults(run=_serve)
    _add_options(serve)
    quirks = commands.add_parser(
        "quirks",
        help="tell what is special about answering like a provider",
        description=(
            "Tells what 'serve --as NAME' does otherwise. What stands in [brackets] happens only "
            "where the last words of the user have it, brackets included."
        ),
    )
    quirks.set_defaults(run=_quirks)
    quirks.add_argument("name", metavar="NAME", help="the provider, as 'serve --help' lists them")
    add_commands(commands)
    return parser


def _add_options(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    serve.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help="0 for a free one; default: %(default)s"
    )
    serve.add_argument(
        "--api-key", help="the key that clients have to send; default: a made-up one"
    )
    serve.add_argument("--admin-api-key", help="the key for administration; default: a made-up one")
    serve.add_argument(
        "--webhook-url",
        metavar="URL",
        help="post an event there, signed, when a job or a background response ends; default: "
        "only to the endpoints that clients register",
    )
    serve.add_argument(
        "--state",
        metavar="FILE",
        help="keep what is created in this file, and find it there again; default: in memory",
    )
    serve.add_argument(
        "--instant-jobs",
        action="store_true",
        help="let batches, fine-tuning jobs, videos and the like be ready at the first poll; "
        "default: each of their steps takes a second",
    )
    serve.add_argument(
        "--as", dest="personality", metavar="NAME", help="answer like a provider; listed below"
    )
    serve.add_argument(
        "--fault",
        action="append",
        metavar="FAULT",
        help="what is wrong with every answer, such as cut:100; may be repeated; listed below",
    )


def _tables() -> str:
    """Which providers and faults there are, a line on each."""
    from openai_mock.faults.spec import described
    from openai_mock.personalities import personalities

    lines = ["providers, for --as:"]
    lines += [f"  {each.name:<14} {each.line}" for each in personalities().values()]
    lines += ["", "faults, for --fault and for the header x-mock-fault of a request:"]
    lines += [f"  {each}" for each in described()]
    return "\n".join(lines)


def _quirks(options: argparse.Namespace) -> int:
    from openai_mock.personalities import named

    personality = named(options.name)
    lines = [personality.line, *(f"- {each.says}" for each in personality.quirks)]
    print("\n".join(lines), flush=True)  # noqa: T201 - the command line speaks
    return 0


def _serve(options: argparse.Namespace) -> NoReturn:
    from openai_mock.server import serve
    from openai_mock.settings import (
        DEFAULT_ADMIN_API_KEY,
        DEFAULT_API_KEY,
        DEFAULT_JOB_STEP_SECONDS,
    )
    from openai_mock.state.store import IN_MEMORY

    with (
        _ended_by_sigterm(),
        serve(
            host=options.host,
            port=options.port,
            api_key=_given(options.api_key, DEFAULT_API_KEY),
            admin_api_key=_given(options.admin_api_key, DEFAULT_ADMIN_API_KEY),
            webhook_url=options.webhook_url,
            path=_given(options.state, IN_MEMORY),
            job_step_seconds=0.0 if options.instant_jobs else DEFAULT_JOB_STEP_SECONDS,
            personality=options.personality,
            fault=options.fault,
        ) as server,
    ):
        _announce(server)
        while True:
            time.sleep(A_DAY)  # until Ctrl-C, which this heeds on every system


@contextmanager
def _ended_by_sigterm() -> Generator[None]:
    """Let SIGTERM, which service managers and containers send, end the block as Ctrl-C does."""

    def end(number: int, frame: object) -> NoReturn:
        del frame
        raise SystemExit(SIGNALLED + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _describe(options: argparse.Namespace) -> int:
    from openai_mock.described import openapi

    del options
    print(openapi.document().decode(), flush=True)  # noqa: T201 - the command line speaks
    return 0


def _given(option: str | None, default: str) -> str:
    return default if option is None else option


def _announce(server: MockServer) -> None:
    variables = {
        "OPENAI_API_KEY": server.api_key,
        "OPENAI_ADMIN_KEY": server.admin_api_key,
        "OPENAI_BASE_URL": server.base_url,
        "OPENAI_WEBHOOK_SECRET": server.webhook_secret,
    }
    lines = (f"export {name}={shlex.quote(value)}" for name, value in variables.items())
    print("\n".join(lines), flush=True)  # noqa: T201 - the command line speaks
    print(f"Serving on {server.url}; Ctrl-C ends it.", file=sys.stderr, flush=True)  # noqa: T201
