"""Waits grow up to a limit, chance only shortens them, and no id is forgotten too early."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_webhooks.inbox import InboxConfigurationError, Retention, Retries


def test_waits_double_up_to_the_longest():
    retries = Retries(first_delay=5, longest_delay=60, jitter=0)
    assert [retries.delay(attempts, 0.9) for attempts in range(1, 7)] == [5, 10, 20, 40, 60, 60]


@given(attempts=st.integers(1, 10**9), chance=st.floats(0, 1), jitter=st.floats(0, 1))
def test_chance_takes_off_at_most_its_share(attempts: int, chance: float, jitter: float):
    whole = Retries(jitter=0).delay(attempts, chance)
    delay = Retries(jitter=jitter).delay(attempts, chance)
    assert whole * (1 - jitter) * (1 - 1e-9) <= delay <= whole <= 3600


@pytest.mark.parametrize(
    "settings",
    [
        {"attempts": 0},
        {"first_delay": -1},
        {"longest_delay": float("nan")},
        {"factor": 0.5},
        {"jitter": 1.1},
    ],
)
def test_retries_out_of_range_are_refused(settings: dict[str, Any]):
    with pytest.raises(InboxConfigurationError, match=next(iter(settings))):
        Retries(**settings)


@pytest.mark.parametrize(
    "settings", [{"done_days": -1}, {"dead_days": -1}, {"id_days": 3.9}, {"id_days": float("nan")}]
)
def test_retention_out_of_range_is_refused(settings: dict[str, Any]):
    with pytest.raises(InboxConfigurationError, match=next(iter(settings))):
        Retention(**settings)
