"""The command `openai-webhooks sign`: the headers of a genuine request, as lines."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from openai_webhooks.commands.terminal import add_body, add_secret, read_body, say, secrets
from openai_webhooks.signing import sign

if TYPE_CHECKING:
    from argparse import _SubParsersAction  # what add_subparsers gives has no other name

_DESCRIPTION = """\
Prints the headers with which OpenAI would send a body, a line each. For curl:

  openai-webhooks sign event.json | curl -H @- --data-binary @event.json URL
"""


def add_commands(commands: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "sign",
        allow_abbrev=False,  # --secret is no short form of --secret-file
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_body(parser)
    add_secret(parser)
    parser.add_argument("--id", metavar="ID", help="the webhook-id; default: a new one")
    parser.add_argument(
        "--timestamp", type=int, metavar="SECONDS", help="since the epoch; default: now"
    )


def run(options: argparse.Namespace) -> int:
    """Print the headers; returns the exit status."""
    headers = sign(
        read_body(options.body),
        secret=secrets(options),
        webhook_id=options.id,
        timestamp=options.timestamp,
    )
    for name, value in headers.items():
        say(f"{name}: {value}")
    return 0
