import base64
from typing import Any

import pytest
from openai_stream.accumulators.chat import ChatAccumulator, ToolCallSoFar
from openai_stream.parsing.text_buffer import TextBuffer
from openai_types import Decoder
from openai_types.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionMessageCustomToolCall,
    ChatCompletionTokenLogprob,
)
from openai_types.shared import CompletionUsage
from pydantic_core import to_json

decode = Decoder[ChatCompletionChunk](ChatCompletionChunk)

# Any: JSON, of wrong types too.

USAGE = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}


def accumulated(*chunks: Any) -> ChatCompletion:
    accumulator = ChatAccumulator()
    for chunk in chunks:
        accumulator.add(decode(to_json(chunk)))
    return accumulator.snapshot()


def of_choice(**fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, **fields}]}


def of_delta(**fields: Any) -> dict[str, Any]:
    return of_choice(delta=fields)


def message(*deltas: dict[str, Any]) -> dict[str, Any]:
    return accumulated(*(of_delta(**delta) for delta in deltas)).choices[0].message.to_dict()


def calls(*deltas: Any) -> list[tuple[Any, ...]]:
    """Id, name and arguments of the calls that deltas make, each the list of a chunk."""
    made = message(*({"tool_calls": delta} for delta in deltas))["tool_calls"]
    return [
        (each.get("id"), each["function"]["name"], each["function"]["arguments"]) for each in made
    ]


def test_nothing_is_a_completion_without_choices():
    assert accumulated().to_dict() == {"object": "chat.completion", "choices": []}


def test_the_head_is_that_of_the_first_chunk_that_has_it():
    completion = accumulated(
        {"id": "", "model": "", "created": 0, "object": "", "choices": []},
        {"id": "a", "model": "gpt", "created": 5, "system_fingerprint": None},
        {"id": "b", "model": "gpt", "created": 6, "system_fingerprint": "fp", "obfuscation": "x"},
    )
    assert completion.to_dict() == {
        "id": "a",
        "created": 5,
        "model": "gpt",
        "object": "chat.completion",
        "choices": [],
        "system_fingerprint": "fp",
    }


@pytest.mark.parametrize(
    "where",
    [
        {"choices": [], "usage": USAGE},
        of_choice(usage=USAGE, delta={}),
        {"choices": [], "x_groq": {"id": "req", "usage": USAGE}},
    ],
)
def test_usage_is_found_wherever_it_comes(where: Any):
    accumulator = ChatAccumulator()
    chunks: list[Any] = [{"usage": None}, where, {"usage": {}}, {"usage": None}]
    for chunk in chunks:
        accumulator.add(decode(to_json(chunk)))
    assert isinstance(accumulator.usage, CompletionUsage)
    assert accumulator.usage.to_dict() == USAGE
    assert accumulator.snapshot().usage == accumulator.usage


def test_no_usage_is_none():
    assert accumulated({"usage": {}}).usage is None


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"choices": None},
        {"choices": {"index": 0}},
        {"choices": [None, 5, "x"]},
        of_choice(delta=None),
        of_choice(delta="x", finish_reason="", logprobs="x"),
        of_delta(content=None, refusal=None, tool_calls=None, function_call=None, audio=None),
        of_delta(tool_calls=[None, 5, {}], content=5),
        of_delta(tool_calls={"index": 0}),
    ],
)
def test_what_is_null_or_odd_does_no_harm(odd: Any):
    completion = accumulated(odd, of_delta(content="Hi"), odd, of_choice(finish_reason="stop"), odd)
    choice = completion.choices[0]
    assert (choice.message.content, choice.finish_reason) == ("Hi", "stop")


def test_a_whole_answer_in_one_chunk_is_taken_and_one_after_deltas_is_not():
    whole = of_choice(message={"role": "assistant", "content": "Hi"}, finish_reason="stop")
    assert accumulated(whole).choices[0].message.content == "Hi"
    assert accumulated(of_delta(content="Hi"), whole).choices[0].message.content == "Hi"


def test_choices_without_an_index_go_by_position():
    chunk = {"choices": [{"delta": {"content": "a"}}, {"delta": {"content": "b"}}]}
    completion = accumulated(chunk, chunk)
    assert [(c.index, c.message.content) for c in completion.choices] == [(0, "aa"), (1, "bb")]


def test_choices_are_in_the_order_of_their_indexes():
    completion = accumulated(
        {"choices": [{"index": 1, "delta": {"content": "b"}}]},
        {"choices": [{"index": 0, "delta": {"content": "a"}}]},
    )
    assert [choice.message.content for choice in completion.choices] == ["a", "b"]


def test_heads_that_come_twice_do_no_harm():
    head = {"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": ""}}
    made = message(
        {"role": "assistant", "tool_calls": [head]},
        {"role": "assistant", "tool_calls": [head]},
        {"tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]},
    )
    assert made == {
        "role": "assistant",
        "tool_calls": [
            {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
        ],
    }


def part(arguments: Any, **fields: Any) -> dict[str, Any]:
    return {"function": {"arguments": arguments}, **fields}


def head(id: str | None, name: str, arguments: str = "", **fields: Any) -> dict[str, Any]:
    return {"id": id, "function": {"name": name, "arguments": arguments}, **fields}


def test_calls_are_told_apart_by_index():
    found = calls(
        [head("b", "g", index=1)],
        [head("a", "f", index=0), part('{"x"', index=1)],
        [part("{}", index=0), part(":1}", index=1)],
    )
    assert found == [("a", "f", "{}"), ("b", "g", '{"x":1}')]


def test_row_15_calls_without_index_are_told_apart_by_id():
    found = calls([head("a", "f", "{")], [head("b", "f", "{}")], [part("}", id="a")])
    assert found == [("a", "f", "{}"), ("b", "f", "{}")]


def test_calls_without_index_and_id_are_told_apart_by_position():
    found = calls([head(None, "f", "{"), head(None, "g", "{")], [part("}"), part("}")])
    assert found == [(None, "f", "{}"), (None, "g", "{}")]


def test_whole_calls_without_index_and_id_that_follow_each_other_are_several():
    found = calls([head(None, "f", '{"x":1}')], [head(None, "f", '{"x":2}')], [head(None, "g")])
    assert found == [(None, "f", '{"x":1}'), (None, "f", '{"x":2}'), (None, "g", "")]


def test_a_name_that_is_sent_with_each_piece_is_one_call():
    assert calls([head(None, "f", '{"x"')], [head(None, "f", ":1}")]) == [(None, "f", '{"x":1}')]


def test_several_calls_with_the_same_index_are_told_apart_by_id():
    found = calls(
        [head("a", "f", "{", index=0)],
        [part("}", index=0)],
        [head("b", "f", "{", index=0)],
        [part("}", index=0)],
    )
    assert found == [("a", "f", "{}"), ("b", "f", "{}")]


def test_an_id_that_is_new_for_each_piece_is_one_call():
    found = calls([head("a", "f", "{", index=0)], [part("}", index=0, id="b")])
    assert found == [("a", "f", "{}")]


def test_arguments_that_come_as_an_object_are_text():
    assert calls([part({"x": 1}, id="a"), part(None, id="b")]) == [
        ("a", "", '{"x": 1}'),
        ("b", "", ""),
    ]


def test_what_else_a_call_has_is_kept():
    extra = {"extra_content": {"google": {"thought_signature": "c2ln"}}}
    made = message({"tool_calls": [head("a", "f", "{}")]}, {"tool_calls": [{"id": "a", **extra}]})
    assert made["tool_calls"][0]["extra_content"] == extra["extra_content"]


def test_calls_of_custom_tools_are_kept_as_what_they_are():
    custom: list[dict[str, Any]] = [
        {"index": 0, "id": "a", "type": "custom", "custom": {"name": "sql", "input": "select "}},
        {"index": 0, "custom": {"input": "1"}},
    ]
    completion = accumulated(*(of_delta(tool_calls=[each]) for each in custom))
    calls = completion.choices[0].message.tool_calls
    assert calls is not None
    assert isinstance(calls[0], ChatCompletionMessageCustomToolCall)
    assert (calls[0].id, calls[0].custom.input) == ("a", "select 1")


def test_a_call_of_a_custom_tool_is_one_without_a_type_too():
    made = message({"tool_calls": [{"id": "a", "custom": {"name": "sql", "input": "select"}}]})
    assert made["tool_calls"][0]["type"] == "custom"


def test_arguments_that_only_look_whole_go_on():
    assert calls([head(None, "f", '{"x":{}')], [head(None, "f", "}")]) == [(None, "f", '{"x":{}}')]


class CountedText(TextBuffer):
    """A text that knows how many of its characters were read."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    def text(self, length: int | None = None) -> str:
        found = super().text(length)
        self.read += len(found)
        return found

    def pieces(self, begin: int, end: int) -> list[str]:
        found = super().pieces(begin, end)
        self.read += sum(map(len, found))
        return found


def test_whether_arguments_are_whole_is_known_without_reading_a_character_twice():
    call = ToolCallSoFar(0)
    text = call.arguments = CountedText()
    pieces = ['{"a": "', *["word } "] * 100, '"', "}", " "]
    whole: list[bool] = []
    for piece in pieces:
        call.add({"function": {"name": "f", "arguments": piece}})
        whole.append(call.has_all_arguments())
    assert whole == [False] * 102 + [True, True]
    assert text.read == len("".join(pieces))


def test_a_function_call_of_the_old_kind_is_joined():
    made = message(
        {"function_call": {"name": "f", "arguments": "{"}}, {"function_call": {"arguments": "}"}}
    )
    assert made["function_call"] == {"name": "f", "arguments": "{}"}


def test_sound_is_joined_over_the_padding_of_its_pieces():
    pieces = [b"a", b"bc", b"def", b"g"]
    made = message(
        {"audio": {"id": "au", "transcript": "He"}},
        *({"audio": {"data": base64.b64encode(piece).decode()}} for piece in pieces),
        {"audio": {"transcript": "y", "expires_at": 5}},
    )
    assert base64.b64decode(made["audio"].pop("data")) == b"abcdefg"
    assert made["audio"] == {"id": "au", "transcript": "Hey", "expires_at": 5}


@pytest.mark.parametrize("data", ["a=b", "-_-_AA==AAAA"])
def test_sound_that_is_no_base64_is_kept(data: str):
    assert message({"audio": {"data": data}})["audio"]["data"] == data


def test_content_that_is_a_list_is_a_list_and_text():
    accumulator = ChatAccumulator()
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}
    for content in ("a", [thinking], [{"type": "text", "text": "b"}], "c", ""):
        accumulator.add(decode(to_json(of_delta(content=content))))
    parts = [{"type": "text", "text": "a"}, thinking, {"type": "text", "text": "bc"}]
    assert accumulator.snapshot().to_dict()["choices"][0]["message"]["content"] == parts
    assert accumulator.choices[0].content.text() == "abc"


def test_thoughts_of_all_names_are_kept():
    made = message(
        {"reasoning_content": "a", "reasoning": "x", "reasoning_details": [detail("a", 0)]},
        {"reasoning_content": "b", "reasoning": "y", "reasoning_details": [detail("b", 0)]},
    )
    assert (made["reasoning_content"], made["reasoning"]) == ("ab", "xy")
    assert made["reasoning_details"] == [detail("ab", 0)]


def test_row_2_thoughts_of_several_kinds_with_one_index_are_several():
    summary = {"type": "reasoning.summary", "format": "openai-responses-v1", "index": 0}
    secret = {"type": "reasoning.encrypted", "format": "openai-responses-v1", "index": 0}
    made = message(
        {"reasoning_details": [{**summary, "summary": "I "}]},
        {"reasoning_details": [{**summary, "summary": "look"}]},
        {"reasoning_details": [{**secret, "id": "rs_1", "data": "AA"}]},
        {"reasoning_details": [{**secret, "id": "rs_2", "data": "BB"}]},
        {"reasoning_details": [{**summary, "summary": "Then"}]},
        {"reasoning_details": [{"index": 0, "summary": " on"}]},
    )
    assert made["reasoning_details"] == [
        {**summary, "summary": "I look"},
        {**secret, "id": "rs_1", "data": "AA"},
        {**secret, "id": "rs_2", "data": "BB"},
        {**summary, "summary": "Then on"},
    ]


def test_row_2_summaries_without_a_key_go_on():
    pieces = [{"type": "reasoning.summary", "summary": piece} for piece in ("I ", "look")]
    made = message(*({"reasoning_details": [piece]} for piece in pieces))
    assert made["reasoning_details"] == [{"type": "reasoning.summary", "summary": "I look"}]


def detail(text: str, index: int) -> dict[str, Any]:
    return {"type": "reasoning.text", "text": text, "format": "unknown", "index": index}


def test_logprobs_are_collected_with_what_else_they_have():
    token = {"token": "a", "logprob": -1.0, "bytes": [97], "top_logprobs": []}
    completion = accumulated(
        of_choice(logprobs=None),
        of_choice(logprobs={"content": [token], "refusal": None, "ids": [1]}),
        of_choice(logprobs={"content": [token, token], "refusal": [token], "ids": [2]}),
    )
    logprobs = completion.choices[0].logprobs
    assert logprobs is not None
    assert logprobs.to_dict() == {"content": [token] * 3, "refusal": [token], "ids": [1, 2]}
    assert logprobs.content is not None
    assert isinstance(logprobs.content[0], ChatCompletionTokenLogprob)


def test_annotations_are_collected():
    annotation = {"type": "url_citation", "url_citation": {"url": "http://x", "title": "X"}}
    made = message({"annotations": [annotation]}, {"annotations": [annotation]})
    assert made["annotations"] == [annotation] * 2


def test_what_servers_add_to_choices_and_chunks_is_kept():
    completion = accumulated(
        {**of_choice(content_filter_results={"hate": {"filtered": False}}), "provider": "X"},
        {**of_choice(content_filter_results={}, native_finish_reason=None), "provider": "X"},
    )
    extra = completion.choices[0].model_extra
    assert extra == {
        "content_filter_results": {"hate": {"filtered": False}},
        "native_finish_reason": None,
    }
    assert completion.model_extra == {"provider": "X"}


def test_a_snapshot_does_not_change_with_later_chunks():
    accumulator = ChatAccumulator()
    accumulator.add(decode(to_json(of_delta(content="a"))))
    snapshot = accumulator.snapshot()
    accumulator.add(decode(to_json(of_delta(content="b"))))
    assert snapshot.choices[0].message.content == "a"
    assert accumulator.snapshot().choices[0].message.content == "ab"
