"""What each step makes of a record. That stores agree is proven in `test_store`."""

import pytest
from openai_webhooks.inbox import Record, State, records

NEW = records.received("wh_1", "response.completed", b"secret body", 7, 100.0)
LEASED = records.leased(NEW, 130.0)


def test_received_event_is_due_at_once():
    assert (NEW.state, NEW.due, NEW.attempts, NEW.fence) == (State.WAITING, 100.0, 0, 0)


def test_lease_counts_an_attempt_and_raises_the_fence():
    assert (LEASED.state, LEASED.due, LEASED.attempts, LEASED.fence) == (State.LEASED, 130.0, 1, 1)


def test_attempt_that_was_given_back_does_not_count():
    given_back = records.given_back(LEASED, 110.0)
    assert (given_back.state, given_back.due, given_back.attempts) == (State.WAITING, 110.0, 0)


def test_finished_handler_has_no_failure_any_more():
    failed = records.failed(records.failed(LEASED, "mine", "oh"), "yours", "no")
    finished = records.finished(failed, "mine", 111.0)
    assert (finished.finished, finished.failures) == ({"mine": 111.0}, {"yours": "no"})
    assert LEASED.finished == {}


@pytest.mark.parametrize(("again", "kept"), [(False, {"mine": 111.0}), (True, {})])
def test_replay_keeps_what_finished_unless_it_is_to_run_again(again: bool, kept: dict[str, float]):
    dead = records.dead(records.failed(records.finished(LEASED, "mine", 111.0), "b", "no"), 112.0)
    replayed = records.replayed(dead, 200.0, again=again)
    assert (replayed.state, replayed.due, replayed.settled_at) == (State.WAITING, 200.0, None)
    assert (replayed.attempts, replayed.failures, replayed.finished) == (0, {}, kept)


@pytest.mark.parametrize(
    ("record", "raised"),
    [
        (LEASED, 0),
        (records.finished(LEASED, "mine", 1.0), 0),
        (records.done(LEASED, 1.0), 1),
        (records.dead(LEASED, 1.0), 1),
        (records.retried(LEASED, 1.0), 1),
        (records.given_back(LEASED, 1.0), 1),
    ],
)
def test_end_of_a_lease_raises_the_fence(record: Record, raised: int):
    assert record.next_fence == LEASED.fence + raised


def test_repr_does_not_show_the_body():
    assert "secret" not in repr(NEW)
