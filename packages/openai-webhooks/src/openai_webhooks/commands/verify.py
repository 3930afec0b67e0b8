"""The command `openai-webhooks verify`: whether a request that was received is genuine."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from openai_webhooks.commands.terminal import add_body, add_secret, read_body, say, secrets
from openai_webhooks.webhook import DEFAULT_TOLERANCE, Webhook

if TYPE_CHECKING:
    from argparse import _SubParsersAction  # what add_subparsers gives has no other name

_DESCRIPTION = """\
Checks a request that was received: its body in a file, its headers as options or in another file.
The exit status is 0 if it is genuine and its event can be read; otherwise it is 1, and the reason
is told. A request of an hour ago is too old; check it as of its own time:

  openai-webhooks verify body.json --headers headers.txt --at 1760000000
"""


def add_commands(commands: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "verify",
        allow_abbrev=False,  # --secret is no short form of --secret-file
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_body(parser)
    add_secret(parser)
    parser.add_argument(
        *("-H", "--header"),
        action="append",
        default=[],
        metavar="LINE",
        help="a header, such as 'webhook-id: wh_1'; can be given several times",
    )
    parser.add_argument("--headers", metavar="FILE", help="a file with the headers, a line each")
    parser.add_argument(
        "--tolerance",
        type=float,
        default=DEFAULT_TOLERANCE,
        metavar="SECONDS",
        help="how old or new the timestamp may be; default: %(default)g",
    )
    parser.add_argument(
        "--at", type=float, metavar="SECONDS", help="since the epoch, as if that were now"
    )
    parser.add_argument("--json", action="store_true", help="print the event and its id as JSON")


def run(options: argparse.Namespace) -> int:
    """Check the request and print what it is; returns the exit status."""
    webhook = Webhook(
        secrets(options),
        tolerance=options.tolerance,
        clock=time.time if options.at is None else lambda: float(options.at),
    )
    delivery = webhook.verified(read_body(options.body), _headers(options))
    event = delivery.event()
    if options.json:
        told = {
            "webhook_id": delivery.id,
            "timestamp": delivery.timestamp,
            "event": event.to_dict(mode="json"),
        }
        say(json.dumps(told, indent=2))
    else:
        say(f"genuine: {event.type}, sent as {delivery.id} at {delivery.timestamp}")
    return 0


def _headers(options: argparse.Namespace) -> list[tuple[str, str]]:
    lines: list[str] = list(options.header)
    if options.headers is not None:
        lines += Path(options.headers).read_text("utf-8").splitlines()
    pairs = (line.partition(":") for line in lines)
    return [(name.strip(), value.strip()) for name, _, value in pairs]
