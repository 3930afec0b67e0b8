import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock import MockServerError, faults
from openai_mock.faults import Fault
from openai_mock.faults.fault import changed
from openai_mock.replies import EventsReply, JsonReply

Faulty = Callable[..., httpx.Response]


def data(answer: httpx.Response) -> list[Any]:
    lines = [line for line in answer.text.splitlines() if line.startswith("data: {")]
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def numbered(fault: Fault, count: int) -> list[object]:
    reply = changed(EventsReply([(None, number) for number in range(count)]), [fault])
    assert isinstance(reply, EventsReply)
    return [each for _, each in reply.frames]


def test_no_done(faulty: Faulty):
    answer = faulty("no_done")
    assert "[DONE]" not in answer.text
    assert data(answer)[-1]["choices"][0]["finish_reason"] == "stop"


def test_no_end(faulty: Faulty):
    chat = data(faulty("no_end"))
    assert chat
    assert all(each["choices"][0]["finish_reason"] is None for each in chat)
    events = data(faulty("no_end", path="responses"))
    assert events[-1]["type"] == "response.output_item.done"


def test_error_in_a_stream(faulty: Faulty):
    chat = data(faulty("error_event:2,sorry"))
    assert len(chat) == 3
    assert chat[-1]["error"]["message"] == "sorry"
    events = data(faulty("error_event:2,sorry", path="responses"))
    assert events[-1]["type"] == "error"
    assert (events[-1]["message"], events[-1]["sequence_number"]) == ("sorry", 2)


@given(st.integers(0, 9), st.integers(0, 9))
def test_error_comes_at_its_place_or_at_the_end(count: int, after: int):
    found = numbered(faults.error_event(after), count)
    assert found[:-1] == list(range(count))[:after]
    assert found[-1]["error"]  # type: ignore[index]


@given(st.integers(0, 9), st.integers(1, 4))
def test_duplicates(count: int, every: int):
    found = numbered(faults.duplicate(every), count)
    assert sorted(set(found)) == list(range(count))  # type: ignore[type-var]
    assert len(found) == count + count // every


@given(st.integers(0, 9))
def test_reorder(count: int):
    found = numbered(faults.reorder(), count)
    assert sorted(found) == list(range(count))  # type: ignore[type-var]
    assert found[:2] == [1, 0][2 - count :] if count < 2 else [1, 0]


def test_what_is_no_stream_is_left_alone():
    reply = JsonReply({"a": 1})
    assert changed(reply, [faults.no_end(), faults.duplicate(), faults.error_event()]) is reply


def test_impossible_places_are_told():
    for make in (lambda: faults.error_event(-1), lambda: faults.duplicate(0)):
        with pytest.raises(MockServerError):
            make()
