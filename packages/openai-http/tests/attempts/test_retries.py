"""Decisions on a log of attempts, without anything being sent."""

import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_http.attempts.retries import (
    RetryPolicy,
    checked_wait,
    policy_of,
    retry_after,
    should_retry,
)
from openai_types.attempts import Attempt
from openai_types.errors import OpenAIError

NO_JITTER = RetryPolicy(max_retries=3, jitter=0)


def failed(number: int = 1, **fields: Any) -> Attempt:
    known: dict[str, Any] = {"started": 0.0, "seconds": 1.0, "outcome": "answered", **fields}
    return Attempt(number=number, **known)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, False),
        (401, False),
        (404, False),
        (408, True),
        (409, True),
        (422, False),
        (429, True),
        (499, False),
        (500, True),
        (503, True),
        (599, True),
    ],
)
def test_status_that_may_pass(status: int, *, expected: bool):
    policy = RetryPolicy()
    assert policy.may_succeed(failed(status=status)) is expected
    assert policy.may_succeed(failed(status=status, should_retry=True))
    assert not policy.may_succeed(failed(status=status, should_retry=False))


def test_what_cannot_succeed_is_not_tried_again_whatever_the_server_says():
    assert RetryPolicy().decide([failed(status=429, permanent=True, should_retry=True)]) is None


def test_number_of_retries_is_the_limit():
    log = [failed(number, status=503) for number in range(1, 5)]
    waits = [NO_JITTER.decide(log[:count]) for count in range(1, 5)]
    assert waits == [0.5, 1.0, 2.0, None]
    assert RetryPolicy(max_retries=0).decide(log[:1]) is None


def test_delay_that_the_server_asks_for_goes_before_one_s_own():
    assert NO_JITTER.decide([failed(status=429, retry_after=7.0)]) == 7.0
    assert NO_JITTER.decide([failed(status=429, retry_after=120.0)]) == 120.0
    assert NO_JITTER.decide([failed(status=429, retry_after=120.1)]) is None
    assert RetryPolicy(max_retry_after=200).decide([failed(status=429, retry_after=121)]) == 121


@pytest.mark.parametrize("outcome", ["never_sent", "unknown"])
def test_unknown_outcome_is_the_user_s_to_decide(outcome: Any):
    """Demand row 38: a paid request is not made twice where the caller does not want that."""
    broken = [failed(outcome=outcome, error="APIConnectionError")]
    assert RetryPolicy().decide(broken) is not None
    careful = RetryPolicy(resend_unknown=False)
    assert (careful.decide(broken) is not None) is (outcome == "never_sent")


def test_policy_of_one_s_own_sees_the_log():
    class Patient(RetryPolicy):
        def decide(self, attempts: Sequence[Attempt]) -> float | None:
            if attempts[-1].status == 418:
                return 60.0 * len(attempts)
            return super().decide(attempts)

    assert Patient().decide([failed(status=418), failed(2, status=418)]) == 120.0
    assert Patient().decide([failed(status=400)]) is None


def test_number_is_short_for_a_policy():
    assert policy_of(5) == RetryPolicy(max_retries=5)
    assert policy_of(NO_JITTER) is NO_JITTER


@pytest.mark.parametrize("given", [1.5, "2", None, True, RetryPolicy, object()])
def test_what_is_no_policy_is_refused(given: Any):
    with pytest.raises(TypeError, match=r"retry cannot be .*\. Pass a RetryPolicy") as caught:
        policy_of(given)
    assert isinstance(caught.value, OpenAIError)


@pytest.mark.parametrize("given", [1.5, "2", None, True])
def test_max_retries_that_is_no_count_is_refused(given: Any):
    with pytest.raises(TypeError, match=r"max_retries cannot be .*\. Pass how many") as caught:
        RetryPolicy(max_retries=given)
    assert isinstance(caught.value, OpenAIError)


def test_max_retries_below_none_are_refused():
    with pytest.raises(ValueError, match=r"max_retries is -1\. Pass 0 or more") as caught:
        RetryPolicy(max_retries=-1)
    assert isinstance(caught.value, OpenAIError)


@pytest.mark.parametrize("name", ["initial_delay", "max_delay", "max_retry_after", "jitter"])
@pytest.mark.parametrize("given", [-0.1, math.inf, math.nan, 1e12, "1", None, True])
def test_delay_that_is_none_is_refused(name: str, given: Any):
    with pytest.raises(OpenAIError, match=rf"{name} is .*\. Pass (seconds|a share)"):
        RetryPolicy(**{name: given})


def test_jitter_is_a_share():
    with pytest.raises(OpenAIError, match="from 0 to 1"):
        RetryPolicy(jitter=1.01)


@pytest.mark.parametrize("decided", [-1.0, math.nan, math.inf, 1e12, "soon"])
def test_decision_that_is_no_time_is_refused(decided: Any):
    with pytest.raises(OpenAIError, match="decide\\(\\) gives seconds"):
        checked_wait(decided)
    assert checked_wait(None) is None
    assert checked_wait(0) == 0


def test_what_the_server_says_of_another_attempt():
    said = [should_retry({"x-should-retry": text}) for text in ("true", "false", "perhaps")]
    assert [*said, should_retry({})] == [True, False, None, None]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "3"}, 3.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:01:40 GMT"}, 90.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, None),
        ({"retry-after": "Thu, 99 Jan 1970 00:00:00 GMT"}, None),
        ({"retry-after": "Thu Jan  1 00:01:40 1970"}, 90.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:01:40 -0000"}, 90.0),
    ],
)
def test_delay_that_the_server_asks_for(headers: dict[str, str], seconds: float | None):
    assert retry_after(headers, now=10.0) == seconds


@given(st.text() | st.floats().map(str) | st.integers().map(str), st.floats(0, 4e9))
def test_any_delay_is_a_time_or_nothing(text: str, now: float):
    for name in ("retry-after", "retry-after-ms"):
        seconds = retry_after({name: text}, now=now)
        assert seconds is None or (seconds >= 0 and math.isfinite(seconds))


@given(st.integers(1, 10**9), st.floats(0, 1), st.floats(0, 1e6), st.floats(0, 1e6))
def test_backoff_doubles_up_to_a_ceiling_and_is_cut_by_the_jitter_at_most(
    failures: int, jitter: float, initial: float, ceiling: float
):
    policy = RetryPolicy(initial_delay=initial, max_delay=ceiling, jitter=jitter)
    most = min(initial * 2.0 ** min(failures - 1, 64), ceiling)
    assert (1 - jitter) * most <= policy.backoff(failures) <= most
