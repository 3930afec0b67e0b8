import threading
from collections.abc import Sequence
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from openai_mock import Journal, MockServerError
from openai_mock.journal import Close
from openai_mock.journal.recording import Recording

KEEP, LIMIT, MEMORY = 5, 1000, 12_000


class Traffic(RuleBasedStateMachine):
    """Any traffic, in any order: the bounds hold, and nothing that changed is missed."""

    def __init__(self) -> None:
        super().__init__()
        self.journal = Journal(keep=KEEP, body_limit=LIMIT, memory=MEMORY)
        self.all: list[Recording] = []
        self.told = 0
        self.changed: set[Recording] = set()

    @rule(socket=st.booleans())
    def begin(self, socket: bool) -> None:
        method = "WEBSOCKET" if socket else "POST"
        self.all.append(self.journal.begin(method, "/v1/x", b"", [], whole=socket))

    @precondition(lambda self: self.all)
    @rule(data=st.data(), size=st.integers(0, 2 * LIMIT), more=st.booleans())
    def receive(self, data: st.DataObject, size: int, more: bool) -> None:
        recording = data.draw(st.sampled_from(self.all))
        self.journal.received(recording, b"x" * size, more=more)

    @precondition(lambda self: self.all)
    @rule(data=st.data(), size=st.integers(0, 2 * LIMIT), more=st.booleans())
    def send(self, data: st.DataObject, size: int, more: bool) -> None:
        recording = data.draw(st.sampled_from(self.all))
        self.journal.responded(recording, 200, [])
        self.journal.sent(recording, b"x" * size, more=more)
        self.changed.add(recording)

    @precondition(lambda self: self.all)
    @rule(data=st.data(), size=st.integers(0, 2 * LIMIT))
    def frame(self, data: st.DataObject, size: int) -> None:
        recording = data.draw(st.sampled_from(self.all))
        if recording.method == "WEBSOCKET":
            self.journal.framed(recording, "in", "x" * size)
            self.changed.add(recording)

    @precondition(lambda self: self.all)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        recording = data.draw(st.sampled_from(self.all))
        self.journal.closed(recording, Close(1000, "", "client"))
        self.journal.end(recording, "complete")
        self.changed.add(recording)

    @rule()
    def look(self) -> None:
        changes = self.journal.changes(self.told)
        kept = self.journal.recordings()
        assert self.changed & set(kept) <= set(changes.recordings) <= set(kept)
        assert self.journal.changes(changes.revision).recordings == []
        self.told = changes.revision
        self.changed.clear()

    @rule()
    def clear(self) -> None:
        self.journal.clear()
        assert self.journal.requests == []

    @invariant()
    def bounds_hold(self) -> None:
        kept = self.journal.recordings()
        memory = sum(each.memory for each in kept)
        assert self.journal._memory == memory
        assert len(kept) <= KEEP
        assert memory <= MEMORY or len(kept) == 1
        assert all(each.request.size <= LIMIT and each.response.size <= LIMIT for each in kept)

    @invariant()
    def numbers_ascend(self) -> None:
        numbers = [each.number for each in self.journal.recordings()]
        assert numbers == sorted(set(numbers))


TestTraffic = Traffic.TestCase


def ask(journal: Journal, path: str = "/v1/x") -> Recording:
    return journal.begin("GET", path, b"", [], whole=True)


def test_request_is_listed_when_its_body_has_come_or_something_goes_out():
    journal = Journal()
    uploading = journal.begin("POST", "/v1/files", b"", [], whole=False)
    journal.received(uploading, b"first", more=True)
    assert len(journal.requests) == 0
    ask(journal)
    journal.received(uploading, b"last", more=False)
    assert [each.path for each in journal.requests] == ["/v1/x", "/v1/files"]
    refused = journal.begin("POST", "/v1/refused", b"", [], whole=False)
    journal.responded(refused, 401, [])
    left = journal.begin("POST", "/v1/left", b"", [], whole=False)
    journal.left(left)
    assert [each.path for each in journal.requests[2:]] == ["/v1/refused", "/v1/left"]


def test_only_the_first_end_and_the_first_close_count():
    journal = Journal()
    recording = ask(journal)
    journal.closed(recording, Close(1000, "", "client"))
    journal.closed(recording, Close(1011, "", "server"))
    journal.end(recording, "complete")
    journal.end(recording, "server error")
    [exchange] = journal.requests
    assert exchange.close == Close(1000, "", "client")
    assert exchange.ended == "complete"


def test_what_was_forgotten_is_told_and_costs_nothing_more():
    journal = Journal(keep=1)
    first = ask(journal)
    ask(journal)
    assert journal.dropped == 1
    journal.sent(first, b"x" * 100, more=True)
    assert (first.response.size, first.response.dropped) == (0, 100)
    assert journal.recording(first.number) is None
    assert journal.recording(2) is journal.recordings()[0]


def test_clear_tells_listeners_and_forgets_the_count_of_what_was_dropped():
    journal = Journal(keep=1)
    ask(journal)
    ask(journal)
    woken: list[None] = []
    with journal.listened(lambda: woken.append(None)):
        journal.clear()
        assert len(woken) == 1
        assert journal.changes() == (journal.changes().revision, [], 0, 0, 1)
        ask(journal)
        assert len(woken) == 2
    ask(journal)
    assert len(woken) == 2
    assert [each.number for each in journal.requests] == [4]


def test_waiting_ends_when_it_is_as_wanted():
    journal = Journal()

    def two(kept: Sequence[Recording]) -> bool:
        return len(kept) == 2

    assert not journal.wait(two, 0)
    waiting = threading.Barrier(2)
    outcome: list[bool] = []

    def wait() -> None:
        waiting.wait()
        outcome.append(journal.wait(two, 60))

    thread = threading.Thread(target=wait)
    thread.start()
    waiting.wait()
    ask(journal)
    ask(journal)
    thread.join()
    assert outcome == [True]


@given(threads=st.integers(2, 4))
def test_threads_may_write_at_once(threads: int):
    journal = Journal()

    def write() -> None:
        for _ in range(50):
            recording = ask(journal)
            journal.responded(recording, 200, [])
            journal.sent(recording, b"x", more=False)

    running = [threading.Thread(target=write) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    kept = journal.recordings()
    assert [each.number for each in kept] == list(range(1, 50 * threads + 1))
    assert len({each.revision for each in kept}) == len(kept)


@pytest.mark.parametrize("bound", ["keep", "body_limit", "memory"])
def test_impossible_bounds_are_told(bound: str):
    with pytest.raises(MockServerError, match=bound):
        Journal(**cast("Any", {bound: 0}))


def test_repr():
    assert repr(Journal()) == "<Journal of 0 exchanges>"
