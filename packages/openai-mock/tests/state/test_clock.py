import pytest
from openai_mock import MockServerError
from openai_mock.state.clock import Clock


def test_clock_goes_by_its_source_and_an_offset():
    moments = iter([100.0, 101.5, 102.9])
    clock = Clock(lambda: next(moments))
    assert clock.now() == 100.0
    clock.advance(1000)
    assert clock.now() == 1101.5
    assert clock.seconds() == 1102


def test_frozen_clock_stands_still_and_goes_on_from_there():
    now = [100.0]
    clock = Clock(lambda: now[0])
    clock.freeze()
    now[0] = 200.0
    assert clock.now() == 100.0
    clock.advance(5)
    assert clock.now() == 105.0
    clock.resume()
    now[0] = 201.0
    assert clock.now() == 106.0


def test_clock_can_be_frozen_at_a_moment():
    clock = Clock()
    clock.freeze(at=1_700_000_000.5)
    assert clock.seconds() == 1_700_000_000


def test_resuming_a_clock_that_goes_changes_nothing():
    clock = Clock(lambda: 7.0)
    clock.resume()
    assert clock.now() == 7.0


def test_time_does_not_go_back():
    with pytest.raises(MockServerError, match="go back by 1 seconds"):
        Clock().advance(-1)
