"""Every operation through the official package and through this one: one request, one outcome.

Each is called with the blocking and with the asynchronous client, in every way that the contract
tests call it; and each event of its stream is sent once, in a stream of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from openai_suite import APIError
from openai_types.catalogue import Operation, operations, resolve

# Test folders are no packages that could be imported from the root.
from ..contract.described_answers import answers_to, stream_of  # noqa: TID252
from ..contract.described_values import Call, calls, events  # noqa: TID252
from ..contract.recording_server import Answer, RecordingServer  # noqa: TID252
from .callers import Caller, Callers
from .plain_values import plain
from .sent_requests import Request, sent

pytestmark = [
    pytest.mark.peer,
    # The official package warns of what is deprecated.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

# Any: what hundreds of methods of two packages give.


def as_floats(official: Request) -> Request:
    """The official package asks for base64 where the user asked for nothing."""
    given = official["body"]
    if given["encoding_format"] == "base64":
        given = {name: each for name, each in given.items() if name != "encoding_format"}
    return {**official, "body": given}


# What is sent here instead of what the official package sends; the docstrings say why.
DIFFERENCES: dict[str, Callable[[Request], Request]] = {"embeddings.create": as_floats}
# The event of a run that failed is raised here: the official package gives it like any other, and
# a loop over the events ends as it does for a run that came to its end.
RAISED = {
    ("beta.threads.create_and_run", "error"),
    ("beta.threads.runs.create", "error"),
    ("beta.threads.runs.submit_tool_outputs", "error"),
}


@dataclass(frozen=True)
class Outcome:
    """What a call sends, and what its user gets."""

    requests: list[Request]
    values: list[Any]


def outcome(
    server: RecordingServer,
    caller: Caller,
    operation: Operation,
    given: Call,
    answers: list[Answer],
) -> Outcome:
    server.expect(*answers)
    values = [plain(each) for each in caller(operation, given)]
    return Outcome([sent(each) for each in server.requests], values)


@pytest.mark.parametrize("name", sorted(operations()))
def test_both_send_the_same_and_give_the_same(name: str, server: RecordingServer, peers: Callers):
    operation = operations()[name]
    explained = DIFFERENCES.get(name)
    differs = False
    for given in calls(operation):
        answers = answers_to(operation, given, b"\0 any bytes")
        for both in zip(peers.official, peers.ours, strict=True):
            official, ours = (outcome(server, each, operation, given, answers) for each in both)
            differs |= ours.requests != official.requests
            if explained:
                official = Outcome([explained(each) for each in official.requests], official.values)
            assert ours == official
    assert differs == (explained is not None)


@pytest.mark.parametrize("name", sorted(n for n, each in operations().items() if each.streams))
def test_both_give_the_same_events(name: str, server: RecordingServer, peers: Callers):
    operation = operations()[name]
    given = next(each for each in calls(operation) if each.streams)
    official, ours = peers.official[0], peers.ours[0]  # events are decoded in one place for both
    for event in events(resolve(operation.streams)):
        answers = [stream_of(operation, [event])]
        theirs = outcome(server, official, operation, given, answers)
        if (name, event.get("event")) in RAISED:
            [value] = theirs.values
            with pytest.raises(APIError) as caught:
                outcome(server, ours, operation, given, answers)
            error = value["data"]
            assert error["message"] in caught.value.message
            assert caught.value.code == error["code"]
        else:
            assert outcome(server, ours, operation, given, answers) == theirs
