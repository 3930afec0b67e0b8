import contextvars
import math
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_http.timing.deadlines import Deadline, current_deadline, deadline, nearest
from openai_types.errors import OpenAIError


def test_block_sets_a_deadline_and_takes_it_away():
    assert current_deadline() is None
    with deadline(20):
        found = current_deadline()
        assert found is not None
        assert (found.seconds, found.source) == (20, "with deadline(20)")
    assert current_deadline() is None


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=5))
def test_block_inside_of_another_never_extends_it(limits: list[float]):
    def enter(rest: list[float], before: Deadline | None) -> None:
        if not rest:
            return
        with deadline(rest[0]):
            inner = current_deadline()
            assert inner is not None
            assert before is None or inner.at <= before.at
            enter(rest[1:], inner)
        assert current_deadline() is before

    enter(limits, None)


def test_deadline_ends_with_its_block_also_by_an_error():
    with pytest.raises(KeyError), deadline(1):
        raise KeyError
    assert current_deadline() is None


def test_threads_that_copy_the_context_inherit_it():
    found: list[object] = []
    with deadline(20):
        context = contextvars.copy_context()
        for target in (
            lambda: found.append(current_deadline()),
            lambda: context.run(lambda: found.append(current_deadline())),
        ):
            thread = threading.Thread(target=target)
            thread.start()
            thread.join()
        assert found == [None, current_deadline()]


@pytest.mark.parametrize(
    "seconds", [-1, 1e12, pytest.param(2**1024, id="huge"), math.nan, math.inf, "20", None, True]
)
def test_deadline_that_is_none_is_refused(seconds: Any):
    with pytest.raises(OpenAIError, match=r"deadline is .*\. Pass seconds, from 0 to 2000000\."):
        deadline(seconds).__enter__()


def test_nearest_of_deadlines():
    early, late = Deadline(1, 1, "early"), Deadline(2, 2, "late")
    assert nearest(early, late) is nearest(late, early) is early
    assert nearest(early, None) is nearest(None, early) is early
    assert nearest(None, None) is None
