import pickle
from typing import Any

import httpx
import pytest
from openai_http import OpenAIError, Timeout


def test_one_number_sets_all():
    assert Timeout(3) == Timeout(connect=3, read=3, write=3, pool=3)


@pytest.mark.parametrize("given", [0, 0.0, (0, 0, 0, 0)])
def test_no_time_at_all_is_a_limit(given: Any):
    """Not what libraries take 0 for: not to wait for what they wait for, or no limit."""
    parts: Any = Timeout(given)
    assert 0 < parts.connect == parts.read == parts.write == parts.pool < 0.001


@pytest.mark.parametrize(
    "given", [(1, 2, None, 4), httpx.Timeout((1, 2, None, 4)), Timeout(connect=1, read=2, pool=4)]
)
def test_tuple_has_the_parts_in_the_order_of_httpx(given: Any):
    timeout = Timeout(given)
    assert (timeout.connect, timeout.read, timeout.write, timeout.pool) == (1, 2, None, 4)
    assert timeout == given
    two: Any = (1, 2)
    assert Timeout(two) == Timeout(httpx.Timeout(two)) == Timeout(connect=1, read=2)


def test_timeout_equals_what_it_was_made_of():
    assert Timeout(4) == 4
    assert hash(Timeout(4)) == hash(4)
    assert Timeout(None) == None  # noqa: E711 - it is about the operator
    assert Timeout(4) == httpx.Timeout(4)
    assert Timeout(4) != Timeout(4, read=5)
    assert Timeout(4, read=5) not in (4, 5, "4", (4, 5), httpx.Timeout(4))


def test_parts_replace_the_number():
    timeout = Timeout(60, connect=5, pool=None)
    assert (timeout.connect, timeout.read, timeout.write, timeout.pool) == (5, 60, 60, None)


def test_none_is_no_limit():
    assert Timeout() == Timeout(None) == Timeout(connect=None, read=None, write=None, pool=None)


def test_timeout_of_httpx_and_its_own_are_taken():
    assert Timeout(httpx.Timeout(9, read=None)) == Timeout(9, read=None)
    assert Timeout(Timeout(9, read=1), write=2) == Timeout(9, read=1, write=2)


@pytest.mark.parametrize(
    "given",
    [-1, float("nan"), float("inf"), 1e9, True, "5", (), (5,), (5, "1"), (1, 2, 3, 4, 5), object()],
)
def test_other_values_are_refused(given: Any):
    with pytest.raises(OpenAIError, match=r"^timeout is .*\. Pass seconds, not negative and at"):
        Timeout(given)
    with pytest.raises(OpenAIError, match=r"^pool is .*\. Pass seconds"):
        Timeout(3, pool=given)


def test_part_of_another_s_timeout_that_cannot_work_is_refused():
    with pytest.raises(OpenAIError, match=r"timeout is Timeout\(timeout=-1\)"):
        Timeout(httpx.Timeout(-1))


def test_timeouts_are_values():
    timeout = Timeout(60, connect=5)
    assert pickle.loads(pickle.dumps(timeout)) == timeout  # noqa: S301 - our own bytes
    assert len({timeout, Timeout(60, connect=5)}) == 1
    assert repr(timeout) == "Timeout(connect=5, read=60, write=60, pool=60)"
