from typing import Any

import pytest
from openai_stream.accumulators.deltas import (
    GrowingText,
    Items,
    Node,
    add_fields,
    fields_of,
    plain,
    replace_fields,
)
from openai_stream.parsing.text_buffer import TextBuffer
from openai_types import Decoder
from openai_types.chat import ChatCompletionMessage
from pydantic_core import to_json

decode = Decoder[ChatCompletionMessage](ChatCompletionMessage)

# Any: JSON.


def added(*deltas: Any, text: type[TextBuffer] = TextBuffer) -> object:
    node: Node = {}
    for delta in deltas:
        add_fields(node, delta, text)
    return plain(node)


def test_texts_are_joined():
    assert added({"thought": "Hel"}, {"thought": "lo"}) == {"thought": "Hello"}


def test_what_comes_whole_is_replaced_unless_by_nothing():
    deltas = {"id": "a", "type": "x"}, {"id": "b", "type": ""}, {"id": None}
    assert added(*deltas) == {"id": "b", "type": "x"}


@pytest.mark.parametrize("value", [0, 1.5, True, False])
def test_other_values_are_replaced(value: object):
    assert added({"n": 7}, {"n": value}) == {"n": value}


def test_null_takes_the_place_of_nothing():
    assert added({"a": None}, {"b": "x"}, {"b": None}) == {"a": None, "b": "x"}


def test_objects_are_merged():
    deltas = {"google": {"signature": "c2"}}, {"google": {"signature": "ln", "n": 1}}
    assert added(*deltas) == {"google": {"signature": "c2ln", "n": 1}}


@pytest.mark.parametrize("other", [{"x": 1}, [1], 5])
def test_a_value_of_another_kind_takes_the_place_of_the_old_one(other: object):
    assert added({"a": "text"}, {"a": other}) == {"a": other}
    assert added({"a": other}, {"a": "text"}) == {"a": "text"}


@pytest.mark.parametrize("key", ["index", "id"])
def test_items_of_one_key_are_one(key: str):
    first, second = (0, 1) if key == "index" else ("a", "b")
    deltas = (
        {"list": [{key: second, "text": "x"}, {key: first, "text": "y"}]},
        {"list": [{key: second, "text": "z"}]},
    )
    assert added(*deltas) == {"list": [{key: second, "text": "xz"}, {key: first, "text": "y"}]}


def test_text_without_a_key_goes_on_where_it_is_of_the_same_type():
    deltas: list[Any] = [
        {"list": [{"type": "thinking", "thinking": [{"type": "text", "text": "a"}]}]},
        {"list": [{"type": "thinking", "thinking": [{"type": "text", "text": "b"}]}]},
        {"list": [{"type": "text", "text": "c"}, {"type": "text", "text": "d"}]},
        {"list": [{"type": "image", "url": "e"}, {"type": "image", "url": "f"}]},
    ]
    assert added(*deltas) == {
        "list": [
            {"type": "thinking", "thinking": [{"type": "text", "text": "ab"}]},
            {"type": "text", "text": "cd"},
            {"type": "image", "url": "e"},
            {"type": "image", "url": "f"},
        ]
    }


def test_items_that_are_no_objects_are_appended():
    assert added({"ids": [1, 2]}, {"ids": [2, [3]]}) == {"ids": [1, 2, 2, [3]]}


def test_a_text_that_grows_is_told_from_one_that_comes_in_pieces():
    whole = "First I look at the question"
    grown = [{"text": whole[:end]} for end in (5, 11, 20, 28)]
    assert added(*grown, text=GrowingText) == {"text": whole}
    pieces = [{"text": piece} for piece in ("First ", "I look", " at the question")]
    assert added(*pieces, text=GrowingText) == {"text": whole}


def test_short_pieces_that_begin_alike_are_pieces():
    assert added({"text": "ha"}, {"text": "haha"}, text=GrowingText) == {"text": "hahaha"}


def test_fields_of_a_model_are_those_that_were_sent():
    message: Node = {"role": "assistant", "content": None, "reasoning": "x"}
    assert fields_of(decode(to_json(message))) == message
    assert fields_of(decode(b'{"content": "x"}')) == {"content": "x"}
    assert fields_of(decode(b"{}")) == {}
    assert fields_of("text") is None


def test_fields_that_come_whole_are_replaced_unless_by_something_empty():
    node: Node = {}
    replace_fields(node, {"model": "", "n": 1, "tier": "a", "none": None})
    replace_fields(node, {"model": "gpt", "n": 0, "tier": "", "list": []})
    assert node == {"model": "gpt", "n": 0, "tier": "a", "none": None, "list": []}


def test_what_is_read_does_not_change_with_later_deltas():
    node: Node = {}
    add_fields(node, {"list": [[1], {"id": "a", "x": "y"}]})
    read = plain(node)
    add_fields(node, {"list": [{"id": "a", "x": "z"}]})
    assert read == {"list": [[1], {"id": "a", "x": "y"}]}
    assert isinstance(node["list"], Items)
