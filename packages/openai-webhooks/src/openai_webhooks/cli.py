"""The command line `openai-webhooks`.

Decides which commands there are and what their failures look like. A command is a module of its
own, which is imported when that command is called.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from openai_types.errors import OpenAIError

from openai_webhooks.commands.terminal import complain
from openai_webhooks.version import __version__

if TYPE_CHECKING:
    from argparse import _SubParsersAction  # what add_subparsers gives has no other name
    from collections.abc import Sequence

INTERRUPTED = 130  # what shells expect of a program that Ctrl-C ended


class Command(NamedTuple):
    """Where a command is, and what it does in a few words."""

    module: str
    help: str


COMMANDS = {
    "sign": Command("openai_webhooks.commands.sign", "print the headers that sign a body"),
    "verify": Command("openai_webhooks.commands.verify", "check a request that was received"),
    "deliver": Command("openai_webhooks.commands.deliver", "post a signed event to a receiver"),
    "inbox": Command("openai_webhooks.inbox.command", "list, show, replay and prune stored events"),
}


class CommandModule(Protocol):
    """What the module of a command has."""

    def add_commands(self, commands: _SubParsersAction[argparse.ArgumentParser]) -> None:
        """Add the command's parser."""
        ...

    def run(self, options: argparse.Namespace) -> int:
        """Run the command; returns the exit status."""
        ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="openai-webhooks",
        description="Signs, checks and delivers OpenAI webhooks.",
        epilog="The signing secret is read from OPENAI_WEBHOOK_SECRET.",
    )
    parser.add_argument("--version", action="version", version=f"openai-webhooks {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    chosen = _chosen(given)
    for name, command in COMMANDS.items():
        if name != chosen:
            commands.add_parser(name, help=command.help)
    module = _module(chosen)
    if module is not None:
        module.add_commands(commands)
    options = parser.parse_args(given)
    if module is None:
        parser.print_help()
        return 2
    try:
        return module.run(options)
    except BrokenPipeError:  # a reader such as `head` has enough; nor must closing write there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (OpenAIError, ValueError, OSError) as error:
        complain(str(error))
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def _chosen(arguments: Sequence[str]) -> str | None:
    return next((each for each in arguments if not each.startswith("-")), None)


def _module(chosen: str | None) -> CommandModule | None:
    command = COMMANDS.get(chosen or "")
    return None if command is None else cast("CommandModule", import_module(command.module))
