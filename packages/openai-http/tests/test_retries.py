import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_http.retries import MAX_DELAY, backoff, may_retry, retry_after


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
    assert may_retry(status, {}) is expected
    assert may_retry(status, {"x-should-retry": "perhaps"}) is expected
    assert may_retry(status, {"x-should-retry": "true"})
    assert not may_retry(status, {"x-should-retry": "false"})


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
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
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


@given(st.integers(0, 10**9), st.floats(0, 1))
def test_backoff_doubles_up_to_a_ceiling_and_is_cut_by_a_quarter_at_most(n: int, random: float):
    most = min(0.5 * 2.0 ** min(n, 100), MAX_DELAY)
    assert 0.75 * most <= backoff(n, random=random) <= most
    assert backoff(n + 1, random=random) >= backoff(n, random=random)
