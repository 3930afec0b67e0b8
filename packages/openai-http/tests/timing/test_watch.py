"""The limits of a call against a clock that the test sets."""

import pickle
from typing import Any

import pytest
from openai_http.client import OpenAI
from openai_http.errors import DeadlineExceededError
from openai_http.messages import Request
from openai_http.requests import CallOptions
from openai_http.timing.deadlines import Deadline, deadline
from openai_http.timing.watch import Watch, watch_for
from openai_stream.errors import StreamStalledError
from openai_types.errors import OpenAIError

SECRET = "sk-test-0123456789"
REQUEST = Request("POST", "https://h/v1/responses", {"authorization": f"Bearer {SECRET}"})


class Clock:
    def __init__(self) -> None:
        self.now = 1e9  # after all that the clock of this machine says

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def watching(clock: Clock, seconds: float | None = None, **limits: float) -> Watch:
    given = None
    if seconds is not None:
        given = Deadline(clock.now + seconds, seconds, f"deadline={seconds:g}")
    return Watch(REQUEST, deadline=given, clock=clock, **limits)


def test_deadline_leaves_less_and_less(clock: Clock):
    watch = watching(clock, 20)
    assert watch.left() == 20
    clock.now += 15
    assert watch.left() == 5
    watch.check()
    clock.now += 5
    with pytest.raises(DeadlineExceededError):
        watch.check()


@pytest.mark.parametrize(
    ("own", "now", "binding"),
    [(None, 20.0, True), (30.0, 20.0, True), (20.0, 20.0, False), (3.0, 3.0, False)],
)
def test_part_has_the_shorter_of_both_limits(
    own: float | None, now: float, clock: Clock, *, binding: bool
):
    watch = watching(clock, 20)
    assert watch.limited("read", own) == now
    assert watch.binding is binding


def test_part_has_no_time_after_the_deadline(clock: Clock):
    watch = watching(clock, 20)
    clock.now += 21
    with pytest.raises(DeadlineExceededError, match="connecting") as caught:
        watch.limited("connect", 5.0)
    assert caught.value.outcome == "never_sent"
    with pytest.raises(DeadlineExceededError, match="waiting for the answer") as caught:
        watch.limited("read", 5.0)
    assert caught.value.outcome == "unknown"


def test_without_limits_of_the_call_parts_have_their_own(clock: Clock):
    watch = watching(clock)
    assert watch.left() is None
    assert (watch.limited("read", 7.0), watch.limited("read", None)) == (7.0, None)
    watch.check()


def test_first_event_counts_from_the_beginning_of_the_call(clock: Clock):
    watch = watching(clock, first_event=10)
    watch.count_events(lambda: 0)
    clock.now += 4
    watch.begin_attempt()
    assert watch.left() == 6
    watch.begin_body()
    clock.now += 6
    with pytest.raises(StreamStalledError, match="The first event did not come within 10 s") as e:
        watch.check()
    assert (e.value.limit, e.value.seconds) == ("first_event_timeout", 10)


def test_idle_time_counts_from_the_moment_when_an_event_is_asked_for(clock: Clock):
    events: list[int] = []
    watch = watching(clock, first_event=10, idle=3)
    watch.count_events(lambda: len(events))
    watch.begin_body()
    watch.begin_read()
    clock.now += 9
    events.append(1)
    clock.now += 100  # the time of whoever reads
    watch.begin_read()
    assert watch.left() == 3
    clock.now += 2
    watch.begin_read()  # bytes came that were no event
    assert watch.left() == 1
    clock.now += 1
    with pytest.raises(StreamStalledError, match=r"Another event .* 3 s \(idle_timeout\), after 1"):
        watch.check()


def test_idle_time_counts_before_the_first_event_if_that_has_no_limit(clock: Clock):
    watch = watching(clock, idle=3)
    watch.count_events(lambda: 0)
    clock.now += 50
    assert watch.left() is None
    watch.begin_body()
    assert watch.left() == 3


def test_limits_of_a_stream_do_not_hold_for_bytes(clock: Clock):
    watch = watching(clock, first_event=10, idle=3)
    assert watch.left() == 10
    watch.begin_body()
    assert watch.left() is None


def test_deadline_is_told_apart_from_the_limits_of_a_stream(clock: Clock):
    assert watching(clock, first_event=3).left_of_deadline() is None
    watch = watching(clock, 20, first_event=3)
    assert (watch.left(), watch.left_of_deadline()) == (3, 20)


def test_nearest_limit_wins(clock: Clock):
    watch = watching(clock, 5, first_event=10, idle=3)
    watch.count_events(lambda: 0)
    assert watch.left() == 5
    with deadline(0):
        assert watch.left() < 0  # pyright: ignore[reportOptionalOperand]
    clock.now += 5
    with pytest.raises(DeadlineExceededError):
        watch.check()


def test_error_shows_no_secret_and_can_be_pickled(clock: Clock):
    watch = watching(clock, 5, idle=3)
    for error in (watch.exceeded(), watch.exceeded(wait=2)):
        assert isinstance(error, DeadlineExceededError)
        copied: Any = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        assert (copied.seconds, str(copied)) == (5, str(error))
        assert SECRET not in f"{error!r}{vars(error)}"
    watch.begin_body()
    watch.count_events(lambda: 1)
    watch.begin_read()
    stalled: Any = pickle.loads(pickle.dumps(watch.exceeded()))  # noqa: S301 - our own
    assert (stalled.limit, stalled.seconds) == ("idle_timeout", 3)


def found(options: CallOptions, *, events: bool = False, **settings: Any) -> Watch | None:
    with OpenAI(api_key="k", **settings) as client:
        return watch_for(REQUEST, client._settings, options, events=events, clock=lambda: 0.0)


def test_call_without_limits_is_not_watched():
    assert found(CallOptions()) is None
    assert found(CallOptions(), first_event_timeout=3, idle_timeout=3) is None
    assert found(CallOptions(deadline=None), deadline=3) is None
    assert found(CallOptions(idle_timeout=None), idle_timeout=3, events=True) is None


def test_call_with_a_limit_is_watched():
    for watch in (
        found(CallOptions(deadline=7)),
        found(CallOptions(), deadline=7),
        found(CallOptions(deadline=7), deadline=3),
        found(CallOptions(first_event_timeout=7), events=True),
        found(CallOptions(), first_event_timeout=7, events=True),
    ):
        assert watch is not None
        assert watch.left() == 7
    with deadline(9):
        assert found(CallOptions()) is not None


@pytest.mark.parametrize("name", ["deadline", "first_event_timeout", "idle_timeout"])
def test_limit_that_is_none_is_refused(name: str):
    given: dict[str, Any] = {name: -1}
    with pytest.raises(OpenAIError, match=rf"{name} is -1\. Pass seconds"):
        found(CallOptions(**given), events=True)
    with pytest.raises(OpenAIError, match=rf"{name} is -1\. Pass seconds"):
        OpenAI(api_key="k", **given)
