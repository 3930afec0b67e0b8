"""The command line `openai-suite`: its version, and the demo."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from openai_suite.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 2
    return _demo(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="openai-suite", description="All of the OpenAI suite in one command."
    )
    parser.add_argument("--version", action="version", version=f"openai-suite {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    demo = commands.add_parser(
        "demo",
        help="show the main jobs on real sockets",
        description=(
            "Shows a typed response, a streamed chat, a realtime exchange and a verified webhook: "
            "what was sent, what came back, and the lines of Python that did it. "
            "With nothing set it starts an embedded mock of the API; with OPENAI_API_KEY or "
            "--base-url it talks to that server."
        ),
    )
    demo.add_argument("--base-url", help="the server to talk to, like http://127.0.0.1:8000/v1")
    demo.add_argument("--model", default="gpt-5.5", help="default: %(default)s")
    demo.add_argument("--realtime-model", default="gpt-realtime", help="default: %(default)s")
    return parser


def _demo(options: argparse.Namespace) -> int:
    from openai_types.errors import OpenAIError

    from openai_suite.demo.run import run
    from openai_suite.demo.stage import Stage

    try:
        failed = run(
            Stage(sys.stdout),
            base_url=options.base_url,
            model=options.model,
            realtime_model=options.realtime_model,
        )
    except OpenAIError as error:
        print(f"openai-suite: {error}", file=sys.stderr)  # noqa: T201 - the command line speaks
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        # Closing must not try again to write what could not be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # a reader such as `head` has enough
            return 0
        print(f"openai-suite: {error}", file=sys.stderr)  # noqa: T201 - as above
        return 1
    return 1 if failed else 0
