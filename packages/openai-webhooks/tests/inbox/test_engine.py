"""The way of an event and the agenda of a worker, without a store, a thread or a clock."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_webhooks.inbox import Record, Retries, State, records
from openai_webhooks.inbox.engine import WORKER, Engine, Ran, Run, Save, Saved, Step

HANDLERS = ("first", "second", "third")


def engine(
    handlers: Sequence[str] = HANDLERS, *, attempts: int = 3, concurrency: int = 4
) -> Engine:
    return Engine(
        lambda _type: handlers,
        retries=Retries(attempts=attempts, first_delay=10, jitter=0.5),
        concurrency=concurrency,
        lease=30.0,
        chance=lambda: 1.0,
    )


def claimed(id: str = "wh_1", attempts: int = 1) -> Record:
    new = records.received(id, "response.completed", b"{}", 7, 0.0)
    return replace(records.leased(new, 30.0), attempts=attempts)


def run(made: Engine, record: Record, errors: dict[str, str], *, held: bool = True) -> list[Step]:
    """Play a worker whose handlers fail as given; gives the steps that were asked for."""
    steps: list[Step] = []
    now = 1.0
    step = made.claimed(record, now)
    while step is not None:
        steps.append(step)
        now += 1.0
        outcome = Ran(now, errors.get(step.handler)) if isinstance(step, Run) else Saved(held)
        step = made.ended(record.id, outcome)
    return steps


def runs(steps: list[Step]) -> list[str]:
    return [step.handler for step in steps if isinstance(step, Run)]


def saved(steps: list[Step]) -> list[Record]:
    return [step.record for step in steps if isinstance(step, Save)]


def test_handlers_run_in_their_order_and_each_completion_is_written_before_the_next_begins():
    steps = run(engine(), claimed(), {})
    kinds = [step.handler if isinstance(step, Run) else step.record.state for step in steps]
    assert kinds == ["first", State.LEASED, "second", State.LEASED, "third", State.DONE]
    assert [set(each.finished) for each in saved(steps)] == [
        {"first"},
        {"first", "second"},
        {"first", "second", "third"},
    ]


def test_event_without_handlers_is_done():
    (step,) = run(engine(handlers=()), claimed(), {})
    assert isinstance(step, Save)
    assert step.record.state is State.DONE


def test_failed_handler_is_retried_later_and_the_others_run_all_the_same():
    steps = run(engine(), claimed(), {"second": "ValueError: no"})
    last = saved(steps)[-1]
    assert runs(steps) == ["first", "second", "third"]
    assert (last.state, set(last.finished)) == (State.WAITING, {"first", "third"})
    assert last.failures == {"second": "ValueError: no"}
    # Ten seconds, less all of the jitter, after the last handler.
    assert last.due == pytest.approx(6.0 + 10 * 0.5, abs=2)
    again = replace(claimed(attempts=2), finished=last.finished, failures=last.failures)
    steps = run(engine(), again, {})
    assert runs(steps) == ["second"]
    assert (saved(steps)[-1].state, saved(steps)[-1].failures) == (State.DONE, {})


def test_event_that_failed_as_often_as_it_may_is_dead():
    steps = run(engine(attempts=3), claimed(attempts=3), {"second": "no"})
    assert saved(steps)[-1].state is State.DEAD
    assert saved(steps)[-1].failures == {"second": "no"}


def test_event_that_ended_its_worker_each_time_is_dead_without_another_run():
    steps = run(engine(attempts=3), claimed(attempts=4), {})
    assert runs(steps) == []
    assert saved(steps)[-1].state is State.DEAD
    assert "attempt 3" in saved(steps)[-1].failures[WORKER]


def test_after_a_lost_lease_no_other_handler_runs():
    made = engine()
    assert runs(run(made, claimed(), {}, held=False)) == ["first"]
    assert made.idle


def test_completion_that_is_written_with_the_effect_is_not_written_again():
    made = engine()
    made.claimed(claimed(), 1.0)
    step = made.ended("wh_1", Ran(2.0, recorded=True))
    assert isinstance(step, Run)
    assert step.handler == "second"
    assert set(step.record.finished) == {"first"}


def test_worker_that_stops_gives_back_what_is_left_and_claims_no_more():
    made = engine()
    made.claimed(claimed(attempts=2), 1.0)
    made.stopping = True
    assert made.room == 0
    step = made.ended("wh_1", Ran(2.0))
    assert isinstance(step, Save)
    assert step.record.state is State.LEASED
    step = made.ended("wh_1", Saved(held=True))
    assert isinstance(step, Save)
    assert (step.record.state, step.record.attempts) == (State.WAITING, 1)
    assert set(step.record.finished) == {"first"}
    assert made.ended("wh_1", Saved(held=True)) is None
    assert made.idle


def test_no_more_events_are_held_than_wanted():
    made = engine(concurrency=2)
    assert made.room == 2
    made.claimed(claimed("wh_1"), 1.0)
    made.claimed(claimed("wh_2"), 1.0)
    assert made.room == 0


def test_leases_are_renewed_three_times_as_often_as_they_last():
    made = engine()
    assert made.renewals(0.0) == []
    made.claimed(claimed(), 100.0)
    assert made.renewals(109.9) == []
    assert made.renewals(110.0) == [("wh_1", 1)]
    assert made.renewals(110.1) == []
    assert made.renewals(120.0) == [("wh_1", 1)]


def test_worker_sleeps_until_the_next_renewal_or_look_into_the_store():
    made = engine(concurrency=1)
    assert made.pause(100.0, poll=1.0) == 1.0
    made.claimed(claimed(), 100.0)
    assert made.pause(104.0, poll=1.0) == 6.0
    assert made.pause(200.0, poll=1.0) == 0.0


def test_store_is_pruned_once_an_hour():
    made = engine()
    moments = [0.0, 1.0, 3599.0, 3600.0, 3601.0, 9000.0]
    assert [made.prune_due(now) for now in moments] == [True, False, False, True, False, True]
    made.prune_on()
    assert made.prune_due(9000.0)
    made.stopping = True
    assert not made.prune_due(99_000.0)


def test_event_whose_lease_ran_out_goes_on_under_the_new_one_if_it_comes_back():
    made = engine(handlers=["only"])
    made.claimed(claimed(), 1.0)
    assert made.claimed(replace(claimed(), fence=2, attempts=2), 40.0) is None
    step = made.ended("wh_1", Ran(41.0))
    assert isinstance(step, Save)
    assert (step.record.state, step.record.fence) == (State.DONE, 2)


@given(
    results=st.lists(st.lists(st.booleans(), min_size=3, max_size=3), max_size=6),
    attempts=st.integers(1, 6),
)
def test_no_handler_runs_again_after_it_finished_and_every_event_ends(
    results: list[list[bool]], attempts: int
):
    record = records.received("wh_1", "response.completed", b"{}", 7, 0.0)
    finished: set[str] = set()
    tried = 0
    while record.state is State.WAITING:
        results_now = results[tried] if tried < len(results) else [False] * 3
        tried += 1
        errors = {name: "no" for name, fine in zip(HANDLERS, results_now, strict=True) if not fine}
        steps = run(engine(attempts=attempts), records.leased(record, 30.0), errors)
        assert finished.isdisjoint(runs(steps))
        record = saved(steps)[-1]
        finished = set(record.finished)
    assert tried <= attempts
    assert (record.state is State.DONE) == (finished == set(HANDLERS))
