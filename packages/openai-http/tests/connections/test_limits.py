import math
from typing import Any

import pytest
from openai_http import Limits, OpenAIError, PoolStats


def test_limits_are_those_of_the_official_package():
    limits = Limits()
    assert (limits.max_connections, limits.max_keepalive_connections) == (1000, 100)


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_connections": 0},
        {"max_connections": 1.5},
        {"max_connections": "9"},
        {"max_connections": True},
        {"max_keepalive_connections": -1},
    ],
)
def test_limit_that_cannot_work_is_refused(wrong: dict[str, Any]):
    with pytest.raises(OpenAIError, match=f"{next(iter(wrong))} is .* Pass [01] or more, or None"):
        Limits(**wrong)


@pytest.mark.parametrize(
    "seconds", [-0.1, math.inf, 1e300, pytest.param(2**1024, id="huge"), "5", True]
)
def test_expiry_that_no_clock_knows_is_refused(seconds: Any):
    with pytest.raises(OpenAIError, match=r"keepalive_expiry is .* Pass seconds, from 0 to"):
        Limits(keepalive_expiry=seconds)


def test_no_limit_and_fractions_of_a_second_are_fine():
    assert Limits(None, None, None).max_connections is None
    assert Limits(1, 0, 0.5).keepalive_expiry == 0.5


def test_statistics_add_up():
    one, other = PoolStats(2, 1, 1, 0, 9), PoolStats(3, 0, 3, 4, 9)
    assert one + other == PoolStats(5, 1, 4, 4, 9)
    assert one + PoolStats(None, None, 1, 0, 9) == PoolStats(None, None, 2, 0, 9)
    assert Limits(7).none_used() == PoolStats(0, 0, 0, 0, 7)
