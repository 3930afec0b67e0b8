from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.replies import DONE, Frame
from openai_mock.serving import sse


def test_event_without_a_name_is_its_data():
    assert sse.written((None, {"a": 1, "b": "ü\n"})) == 'data: {"a":1,"b":"ü\\n"}\n\n'.encode()


def test_event_with_a_name_begins_with_it():
    assert sse.written(("a.b", {"type": "a.b"})) == b'event: a.b\ndata: {"type":"a.b"}\n\n'


def test_text_is_sent_as_it_is():
    assert sse.written(DONE) == b"data: [DONE]\n\n"
    assert sse.written(("done", "[DONE]")) == b"event: done\ndata: [DONE]\n\n"


@given(st.lists(st.tuples(st.none() | st.just("a.b"), st.text(max_size=3000)), max_size=20))
def test_joined_events_are_the_same_bytes(frames: list[Frame]):
    pieces = [*sse.joined(frames)]
    assert b"".join(pieces) == b"".join(map(sse.written, frames))
    assert all(len(each) >= sse.TOGETHER for each in pieces[:-1])
    assert all(pieces)


def test_no_more_events_are_made_than_go_out_together():
    made: list[int] = []

    def frames() -> Iterator[Frame]:
        for number in range(10**6):
            made.append(number)
            yield None, number

    next(sse.joined(frames()))
    assert sum(len(sse.written((None, each))) for each in made[:-1]) < sse.TOGETHER


def test_events_before_one_that_cannot_be_made_come_first():
    def frames() -> Iterator[Frame]:
        yield None, 1
        raise KeyError

    joined = sse.joined(frames())
    assert next(joined) == b"data: 1\n\n"
    with pytest.raises(KeyError):
        next(joined)
