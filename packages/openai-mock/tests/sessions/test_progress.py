from typing import Any

import pytest
from openai_mock import faults
from openai_mock.faults.wire import Break, Wait
from openai_mock.sessions.progress import Progress

EVENTS: list[Any] = [{"type": str(number)} for number in range(4)]


def told(progress: Progress) -> list[Any]:
    """All that is told, which has no pauses."""
    return list(iter(progress.next, None))


def test_events_are_told_one_after_the_other():
    progress = Progress(iter(EVENTS))
    assert [progress.next() for _ in range(5)] == [*EVENTS, None]


def test_pause_lasts_until_it_is_over():
    progress = Progress(iter(EVENTS), (faults.stall(after_events=2, seconds=5),))
    assert [progress.next() for _ in range(2)] == EVENTS[:2]
    wait = progress.next()
    assert isinstance(wait, Wait)
    assert (wait.seconds, progress.next() is wait) == (5, True)
    progress.resume(Wait(5))  # another one
    assert progress.next() is wait
    progress.resume(wait)
    assert progress.next() == EVENTS[2]


def test_delay_comes_first_and_a_cut_ends_it():
    progress = Progress(iter(EVENTS), (faults.delay(2), faults.cut(after_events=1)))
    first = progress.next()
    assert isinstance(first, Wait)
    progress.resume(first)
    assert progress.next() == EVENTS[0]
    assert isinstance(progress.next(), Break)


def test_events_are_changed():
    assert (
        told(Progress(iter(EVENTS[:2]), (faults.duplicate(),))) == [EVENTS[0]] * 2 + [EVENTS[1]] * 2
    )
    broken = Progress(iter(EVENTS), (faults.error_event(after_events=1), faults.delay(1)))
    wait = broken.next()
    assert isinstance(wait, Wait)
    broken.resume(wait)
    first, error = told(broken)
    assert (first, error["type"], error["error"]["code"]) == (EVENTS[0], "error", "server_error")


def test_faults_of_whole_answers_leave_events_alone():
    assert told(Progress(iter(EVENTS), (faults.html(),))) == EVENTS


def test_rest_is_what_is_left_without_faults():
    progress = Progress(iter(EVENTS), (faults.stall(after_events=1),))
    progress.next()
    assert isinstance(progress.next(), Wait)
    assert list(progress.rest()) == EVENTS[1:]
    assert progress.next() is None


@pytest.mark.parametrize(
    "fault",
    [faults.comments(), faults.crlf(), faults.bom(), faults.blank_lines(), faults.drip(1)],
    ids=repr,
)
def test_bytes_of_a_stream_are_no_matter_of_sockets(fault: Any):
    progress = Progress(iter(EVENTS), (fault,))
    assert [progress.next() for _ in range(5)] == [*EVENTS, None]


def test_faults_of_replies_alone_leave_events_as_objects():
    assert Progress(iter(EVENTS), (faults.close_socket(),)).next() == EVENTS[0]
