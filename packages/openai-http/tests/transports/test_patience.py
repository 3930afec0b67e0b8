import pytest
from openai_http import DeadlineExceededError, Timeout
from openai_http.messages import Request
from openai_http.timing.deadlines import Deadline
from openai_http.timing.timeout import WatchedTimeout
from openai_http.timing.watch import Watch
from openai_http.transports.patience import PartIsOverError, Patience

REQUEST = Request("POST", "https://h/v1/responses", {})


class Clock:
    now = 1e9

    def __call__(self) -> float:
        return self.now


def watched(seconds: float, own: Timeout, clock: Clock) -> Patience:
    deadline = Deadline(clock.now + seconds, seconds, "deadline")
    watch = Watch(REQUEST, deadline=deadline, clock=clock)
    return Patience(WatchedTimeout(own, watch))


def test_library_keeps_the_limits_that_it_has():
    patience = Patience(Timeout(5, pool=3))
    assert (patience.left(), patience.pool(), patience.total) == (None, 3, None)
    assert Patience(None).pool() is None


def test_part_that_was_begun_has_its_limit():
    patience = Patience(Timeout(60, write=0))
    patience.begin("write")
    with pytest.raises(PartIsOverError) as caught:
        patience.left()
    assert caught.value.part == "write"
    patience.begin("read")
    left = patience.left()
    assert left is not None
    assert 50 < left <= 60
    patience = Patience(None)
    patience.begin("read")
    assert patience.left() is None


def test_deadline_holds_for_all_parts_and_is_told_to_the_library():
    clock = Clock()
    patience = watched(20, Timeout(60, pool=5), clock)
    assert (patience.pool(), patience.left()) == (5, 20)
    assert patience.total is not None
    assert 20 < patience.total < 30
    patience.begin("write")
    clock.now += 15
    assert patience.left() == 5
    clock.now += 5
    for part in (patience.left, patience.pool):
        with pytest.raises(DeadlineExceededError):
            part()


def test_limit_of_a_part_holds_within_a_deadline():
    patience = watched(20, Timeout(60, write=0), Clock())
    patience.begin("write")
    with pytest.raises(PartIsOverError):
        patience.left()


def test_total_is_not_negative():
    clock = Clock()
    deadline = Deadline(clock.now - 5, 1, "deadline")
    timeout = WatchedTimeout(None, Watch(REQUEST, deadline=deadline, clock=clock))
    assert Patience(timeout).total == 1
