"""The command `openai-webhooks deliver`: post a signed event to a receiver, as OpenAI does."""

from __future__ import annotations

import argparse
import itertools
import json
import time
import uuid
from typing import TYPE_CHECKING

from openai_webhooks.commands.terminal import (
    add_secret,
    read_body,
    say,
    seconds,
    secrets,
    whole_number,
)
from openai_webhooks.delivery import (
    DEFAULT_TIMEOUT,
    DeliveryAttempt,
    deliver,
    exponential_backoff,
)

if TYPE_CHECKING:
    from argparse import _SubParsersAction  # what add_subparsers gives has no other name

_DESCRIPTION = """\
Posts a signed event to a receiver, as OpenAI does, and prints how each attempt went. The event is
a file, or is made up of its type and its data. The exit status is 0 if the receiver took it.

  openai-webhooks deliver http://127.0.0.1:8000/webhook --type response.completed
"""


def add_commands(commands: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "deliver",
        allow_abbrev=False,  # --secret is no short form of --secret-file
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("url", metavar="URL", help="the receiver")
    event = parser.add_mutually_exclusive_group(required=True)
    event.add_argument("--body", metavar="FILE", help="the body; - for standard input")
    event.add_argument("--type", metavar="TYPE", help="make an event of this type")
    parser.add_argument(
        "--data", metavar="JSON", help='of the event that is made; default: {"id": "made_up"}'
    )
    add_secret(parser)
    parser.add_argument("--id", metavar="ID", help="the webhook-id; default: a new one")
    parser.add_argument(
        "--retries",
        type=whole_number,
        default=0,
        metavar="NUMBER",
        help="how often to try again until the answer is 2xx; default: %(default)s",
    )
    parser.add_argument(
        "--wait",
        type=seconds,
        default=1.0,
        metavar="SECONDS",
        help="before the first retry, each time twice as long; default: %(default)g",
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=DEFAULT_TIMEOUT,
        metavar="SECONDS",
        help="how long the receiver may be silent; default: %(default)g",
    )


def run(options: argparse.Namespace) -> int:
    """Deliver the event and print the attempts; returns the exit status."""
    body = _made_event(options) if options.body is None else read_body(options.body)
    delivery = deliver(
        options.url,
        body,
        secret=secrets(options),
        webhook_id=options.id,
        backoff=itertools.islice(exponential_backoff(first=options.wait), options.retries),
        timeout=options.timeout,
        on_attempt=_tell,
    )
    return 0 if delivery.delivered else 1


def _made_event(options: argparse.Namespace) -> bytes:
    data = {"id": "made_up"} if options.data is None else _parsed(options.data)
    event = {
        "id": f"evt_{uuid.uuid4().hex}",
        "object": "event",
        "created_at": int(time.time()),
        "type": options.type,
        "data": data,
    }
    return json.dumps(event).encode()


def _parsed(data: str) -> object:
    try:
        return json.loads(data)
    except ValueError as error:
        raise ValueError(f"the data is no JSON: {error}") from error


def _tell(attempt: DeliveryAttempt) -> None:
    outcome = attempt.outcome
    went = f"answered with {outcome}" if isinstance(outcome, int) else "not answered"
    say(f"attempt {attempt.number}: {went}")
