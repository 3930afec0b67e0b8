"""The command `openai-webhooks inbox`: look into an inbox, replay what failed, prune what is old.

Decides what is printed: results go to the standard output, a line or a JSON object each; progress
and errors to the standard error. The URL of the store may hold a password and is never printed.
"""

from __future__ import annotations

import argparse
import json
import os
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from openai_webhooks.commands.terminal import complain, say, whole_number

if TYPE_CHECKING:
    from argparse import _SubParsersAction  # what add_subparsers gives has no other name

    from openai_webhooks.inbox.records import Record
    from openai_webhooks.inbox.store import Store

VARIABLE = "OPENAI_WEBHOOK_INBOX"
STATES = ("waiting", "leased", "done", "dead", "pruned")
SETTLED = ("dead", "done")

_INBOX = f"""\
Looks into the inbox of a webhook receiver, and repairs it. Where it is, is said by the URL of its
store: sqlite:///relative.db, sqlite:////absolute.db, redis://host/0 or postgresql://host/database,
given with --store or, better where it holds a password, in the variable {VARIABLE}.
"""
_LIST = """\
Lists events in the order of their arrival: state, when they came, attempts, type, id, and the last
error. With --json, an object on each line.
"""
_REPLAY = """\
Has events handled anew that are dead or done: those whose ids are given, or with --all every dead
one. Handlers that finished are left out unless --again is given. Workers take them up at once.
"""
_PRUNE = """\
Drops the bodies of done events that are older than --done-days, and ids that are older than
--id-days and pruned. Dead events are kept unless --dead-days is given. Workers prune by themselves
once an hour, by what the inbox was made with.
"""


def add_commands(commands: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `inbox` and its own commands to the command line."""
    inbox = commands.add_parser(
        "inbox", help="list, show, replay and prune stored events", description=_INBOX
    )
    actions = inbox.add_subparsers(dest="inbox_command", metavar="COMMAND", required=True)
    everywhere = _everywhere()
    listing = actions.add_parser(
        "list", help="list events", description=_LIST, parents=[everywhere]
    )
    listing.add_argument("--state", choices=STATES, help="only those in this state")
    _add_type(listing)
    listing.add_argument(
        "--limit", type=_positive, default=100, help="how many at most; default: %(default)s"
    )
    listing.set_defaults(inbox_run=_list)
    dead = actions.add_parser(
        "dead",
        help="list the dead letters",
        description="As 'list --state dead'.",
        parents=[everywhere],
    )
    _add_type(dead)
    dead.add_argument("--limit", type=_positive, default=100, help="default: %(default)s")
    dead.set_defaults(inbox_run=_list, state="dead")
    counts = actions.add_parser(
        "counts",
        help="count the events in each state",
        description="Counts the events in each state.",
        parents=[everywhere],
    )
    counts.set_defaults(inbox_run=_counts)
    show = actions.add_parser(
        "show",
        help="show an event with its body, handlers and errors",
        description="Shows an event with its body, the handlers that finished, and errors.",
        parents=[everywhere],
    )
    show.add_argument("id", help="its webhook-id")
    show.set_defaults(inbox_run=_show)
    _add_changes(actions, everywhere)


def _add_changes(
    actions: _SubParsersAction[argparse.ArgumentParser], everywhere: argparse.ArgumentParser
) -> None:
    replay = actions.add_parser(
        "replay", help="have events handled anew", description=_REPLAY, parents=[everywhere]
    )
    replay.add_argument("ids", nargs="*", metavar="ID", help="the webhook-id of an event")
    replay.add_argument("--all", action="store_true", help="all events of --state, not some ids")
    replay.add_argument(
        "--state", choices=SETTLED, default="dead", help="with --all; default: %(default)s"
    )
    _add_type(replay)
    replay.add_argument(
        "--again", action="store_true", help="run the handlers that finished again, too"
    )
    replay.set_defaults(inbox_run=_replay, parser=replay)
    prune = actions.add_parser(
        "prune", help="drop what is old", description=_PRUNE, parents=[everywhere]
    )
    for name, default in (("--done-days", 7.0), ("--dead-days", None), ("--id-days", 30.0)):
        shown = "keep them" if default is None else "%(default)g"
        prune.add_argument(
            name, type=float, default=default, metavar="DAYS", help=f"default: {shown}"
        )
    prune.set_defaults(inbox_run=_prune)


def run(options: argparse.Namespace) -> int:
    """Run one of the commands; returns the exit status.

    Raises:
        InboxError: The store cannot be used, or an event is not in a state for this.
    """
    from openai_webhooks.inbox.store import open_store, redacted
    from openai_webhooks.inbox.stores.sqlite import SqliteStore

    url: str | None = options.store or os.environ.get(VARIABLE)
    if not url:
        return _failed(f"Say where the inbox is, with --store URL or in {VARIABLE}.")
    with closing(open_store(url)) as store:
        if isinstance(store, SqliteStore) and store.is_missing:
            complain(
                f"There was no inbox in {redacted(url)}, so this is a new, empty one. If events "
                "came in, the receiver has another file, or was started in another folder."
            )
        status: int = options.inbox_run(store, options)
        return status


def _everywhere() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--store", metavar="URL", help=f"where the inbox is; default: what {VARIABLE} says"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _add_type(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--type", help="only events of this type, such as response.completed")


def _list(store: Store, options: argparse.Namespace) -> int:
    from openai_webhooks.inbox.records import State
    from openai_webhooks.inbox.upkeep import events

    state = State(options.state) if options.state else None
    for record in islice(events(store, state=state, type=options.type), options.limit):
        say(json.dumps(_summary(record)) if options.json else _line(record))
    return 0


def _counts(store: Store, options: argparse.Namespace) -> int:
    counts = {state.value: number for state, number in store.counts().items()}
    if options.json:
        say(json.dumps(counts))
    else:
        for state, number in counts.items():
            say(f"{state:<8} {number}")
    return 0


def _show(store: Store, options: argparse.Namespace) -> int:
    record = store.get(options.id)
    if record is None:
        return _failed(f"There is no event {options.id!r} in the inbox.")
    body = record.body.decode("utf-8", "replace")
    if options.json:
        say(json.dumps({**_summary(record), "body": body}))
        return 0
    lines = [f"{name + ':':<12} {_shown(value)}" for name, value in _summary(record).items()]
    say("\n".join([*lines, "", body]))
    return 0


def _replay(store: Store, options: argparse.Namespace) -> int:
    from openai_webhooks.inbox.records import State
    from openai_webhooks.inbox.upkeep import replay_all

    if options.all == bool(options.ids):
        options.parser.error("give the ids of events, or --all")
    if options.all:
        total = replay_all(
            store,
            state=State(options.state),
            type=options.type,
            again=options.again,
            progress=lambda so_far: complain(f"{so_far} so far"),
        )
    else:
        total = sum(_replayed(store, each, options) for each in options.ids)
    say(json.dumps({"replayed": total}) if options.json else f"{total} to be handled anew")
    return 0 if options.all or total == len(options.ids) else 1


def _replayed(store: Store, event_id: str, options: argparse.Namespace) -> bool:
    """Have one of several events handled anew; one that cannot be does not stop the others."""
    from openai_webhooks.inbox.errors import InboxEventError
    from openai_webhooks.inbox.upkeep import replay

    try:
        replay(store, event_id, again=options.again)
    except InboxEventError as error:
        complain(str(error))
        return False
    return True


def _prune(store: Store, options: argparse.Namespace) -> int:
    from openai_webhooks.inbox.policy import Retention
    from openai_webhooks.inbox.upkeep import prune

    retention = Retention(
        done_days=options.done_days, dead_days=options.dead_days, id_days=options.id_days
    )
    pruned = prune(store, retention, store.now())
    if options.json:
        say(json.dumps({"bodies": pruned.bodies, "ids": pruned.ids}))
    else:
        say(f"{pruned.bodies} bodies dropped, {pruned.ids} ids forgotten")
    return 0


def _summary(record: Record) -> dict[str, object]:
    return {
        "id": record.id,
        "type": record.type,
        "state": record.state.value,
        "received_at": _moment(record.received_at),
        "due": _moment(record.due),
        "settled_at": _moment(record.settled_at),
        "attempts": record.attempts,
        "finished": {name: _moment(at) for name, at in record.finished.items()},
        "failures": dict(record.failures),
    }


def _line(record: Record) -> str:
    error = next(iter(record.failures.values()), "")
    moment = _moment(record.received_at)
    return (
        f"{record.state:<8} {moment} {record.attempts:>3}  {record.type}  {record.id}  "
        f"{_one_line(error)}"
    ).rstrip()


def _one_line(error: str) -> str:
    """An error as one line, without what a terminal would obey: events have it from anywhere."""
    return "".join(each if each.isprintable() else " " for each in error)


def _shown(value: object) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _moment(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _positive(text: str) -> int:
    number = whole_number(text)
    if not number:
        raise argparse.ArgumentTypeError(f"{number} is not a positive number")
    return number


def _failed(message: str) -> int:
    complain(message)
    return 1
