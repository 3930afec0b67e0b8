"""The command line `openai-mock`: run the server for other programs.

Decides what is printed where: lines for a shell go to the standard output, words for people to the
standard error.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from typing import TYPE_CHECKING

from openai_mock.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openai_mock.server import MockServer

DEFAULT_PORT = 8000
A_DAY = 86_400.0
INTERRUPTED = 130  # what shells expect of a program that Ctrl-C ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 2
    return _serve(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="openai-mock", description="The OpenAI API, here.")
    parser.add_argument("--version", action="version", version=f"openai-mock {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    serve = commands.add_parser(
        "serve",
        help="run the server until Ctrl-C",
        description=(
            "Runs the server until Ctrl-C. Prints the variables that clients need, as lines for a "
            "shell: OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_WEBHOOK_SECRET."
        ),
    )
    serve.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    serve.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help="0 for a free one; default: %(default)s"
    )
    serve.add_argument(
        "--api-key", help="the key that clients have to send; default: a made-up one"
    )
    return parser


def _serve(options: argparse.Namespace) -> int:
    from openai_types.errors import OpenAIError

    from openai_mock.server import serve
    from openai_mock.settings import DEFAULT_API_KEY

    key: str = DEFAULT_API_KEY if options.api_key is None else options.api_key
    try:
        with serve(host=options.host, port=options.port, api_key=key) as server:
            _announce(server)
            while True:
                time.sleep(A_DAY)  # until Ctrl-C, which this heeds on every system
    except OpenAIError as error:
        print(f"openai-mock: {error}", file=sys.stderr)  # noqa: T201 - the command line speaks
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def _announce(server: MockServer) -> None:
    variables = {
        "OPENAI_API_KEY": server.api_key,
        "OPENAI_BASE_URL": server.base_url,
        "OPENAI_WEBHOOK_SECRET": server.webhook_secret,
    }
    lines = (f"export {name}={shlex.quote(value)}" for name, value in variables.items())
    print("\n".join(lines), flush=True)  # noqa: T201 - the command line speaks
    print(f"Serving on {server.url}; Ctrl-C ends it.", file=sys.stderr, flush=True)  # noqa: T201
