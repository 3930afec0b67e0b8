"""Any split of a completion into deltas, interleaved in any way, gives the completion again."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from openai_stream import ChatCompletionStreamState
from openai_stream.accumulators.chat import ChatAccumulator
from openai_types import Decoder
from openai_types.chat import ChatCompletion, ChatCompletionChunk
from pydantic import BaseModel
from pydantic_core import to_json

chunk = Decoder[ChatCompletionChunk](ChatCompletionChunk)
completion = Decoder[ChatCompletion](ChatCompletion)

# Any: JSON.

texts = st.text(max_size=8)
tokens = st.fixed_dictionaries({"token": texts, "logprob": st.floats(-9, 0), "bytes": st.none()})
names = st.sampled_from(["weather", "time"])
tool_calls = st.lists(st.tuples(names, st.dictionaries(texts, st.integers(), max_size=2)))


@st.composite
def choices(draw: st.DrawFn, index: int) -> dict[str, Any]:
    message: dict[str, Any] = {
        "role": "assistant",
        "content": draw(st.none() | texts),
        "refusal": draw(st.none() | texts),
    }
    if draw(st.booleans()):
        message["reasoning_content"] = draw(texts)
    if calls := draw(tool_calls):
        message["tool_calls"] = [
            {
                "id": f"call_{index}_{number}",
                "type": "function",
                "function": {"name": name, "arguments": json.dumps(arguments)},
            }
            for number, (name, arguments) in enumerate(calls)
        ]
    logprobs = {"content": draw(st.lists(tokens, max_size=4)), "refusal": None}
    return {
        "index": index,
        "message": message,
        "logprobs": draw(st.sampled_from([None, logprobs])),
        "finish_reason": draw(st.sampled_from(["stop", "length", "eos"])),
    }


@st.composite
def completions(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt",
        "choices": [draw(choices(index)) for index in range(draw(st.integers(1, 3)))],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
    }


def pieces(draw: st.DrawFn, text: Any) -> list[Any]:
    """A text or a list in pieces, one at least."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=3)))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def strands(draw: st.DrawFn, choice: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """What a choice is made of; in each, the order counts, and between them none does."""
    message = choice["message"]
    yield [{"delta": {"role": "assistant"}}] * draw(st.integers(1, 2))
    for name in ("content", "refusal", "reasoning_content"):
        if name in message:
            whole = message[name]
            parts = [None] if whole is None else pieces(draw, whole)
            yield [{"delta": {name: part}} for part in parts]
    for index, call in enumerate(message.get("tool_calls", ())):
        arguments = pieces(draw, call["function"]["arguments"])
        first = {**call, "index": index, "function": {**call["function"], "arguments": ""}}
        rest = [{"index": index, "function": {"arguments": part}} for part in arguments]
        yield [{"delta": {"tool_calls": [each]}} for each in (first, *rest)]
    if choice["logprobs"] is None:
        yield [{"logprobs": None}]
    else:
        parts = pieces(draw, choice["logprobs"]["content"])
        yield [{"logprobs": {"content": part, "refusal": None}} for part in parts]
    yield [{"finish_reason": choice["finish_reason"]}, {"finish_reason": None}]


@st.composite
def streams(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A completion and its chunks: all strands of all choices, interleaved."""
    whole = draw(completions())
    left = [
        [{"index": choice["index"], **each} for each in strand]
        for choice in whole["choices"]
        for strand in strands(draw, choice)
    ]
    order = draw(st.permutations([number for number, each in enumerate(left) for _ in each]))
    queues = [iter(strand) for strand in left]
    fields = {name: whole[name] for name in ("id", "created", "model")}
    chunks = [{**fields, "choices": [next(queues[number])]} for number in order]
    chunks.insert(draw(st.integers(0, len(chunks))), {**fields, "choices": [], **usage(whole)})
    return whole, chunks


def usage(whole: dict[str, Any]) -> dict[str, Any]:
    return {"usage": whole["usage"]}


@settings(max_examples=30)
@given(streams())
def test_any_split_in_any_order_gives_the_completion(stream: Any):
    whole, chunks = stream
    accumulator = ChatAccumulator()
    for each in chunks:
        accumulator.add(chunk(to_json(each)))
    assert accumulator.snapshot().to_dict() == completion(to_json(whole)).to_dict()


@settings(max_examples=30)
@given(streams())
def test_events_tell_what_the_completion_is(stream: Any):
    whole, chunks = stream
    state = ChatCompletionStreamState[None]()
    events: list[Any] = [
        told for each in chunks for told in state.handle_chunk(chunk(to_json(each)))
    ]
    events += state.finish()
    for choice in whole["choices"]:
        own = [e for e in events if e.type != "chunk" and e.choice_index == choice["index"]]
        content = choice["message"]["content"] or ""
        assert "".join(e.delta for e in own if e.type == "content.delta") == content
        # Again where text came after a call had begun, or after the end: the last one is right.
        assert [e.content for e in own if e.type == "content.done"][-1:] == [content] * bool(
            content
        )
        refusal = choice["message"]["refusal"]
        told = [e.refusal for e in own if e.type == "refusal.done"]
        assert told[-1:] == ([] if refusal is None else [refusal])
        done = [e for e in own if e.type == "tool_calls.function.arguments.done"]
        calls = {e.tool_call.id: (e.name, e.arguments) for e in done}
        assert calls == {
            call["id"]: (call["function"]["name"], call["function"]["arguments"])
            for call in choice["message"].get("tool_calls", ())
        }


class Answer(BaseModel):
    x: int


TOOLS: Any = [{"type": "function", "function": {"name": "f", "strict": True}}, {}, None]
scalars: list[Any] = [None, True, 7, -1, 2**70, 0.5, "", "x", "e30="]
lists: list[Any] = [[], [None, 7, []], [{"index": 0, "text": "x"}], [{"id": "x", "index": []}]]
maps: list[Any] = [{}, {"id": "x"}, {"arguments": "}"}, {"name": "f", "arguments": {}}]
more_maps: list[Any] = [{"data": "a=b"}, {"content": ["x"]}, {"total_tokens": "x"}]
odd = st.sampled_from([*scalars, *lists, *maps, *more_maps])
calls = st.dictionaries(st.sampled_from(["index", "id", "type", "function", "custom"]), odd)
delta_keys = ["role", "content", "refusal", "tool_calls", "function_call", "audio"]
delta_keys += ["annotations", "reasoning_content", "reasoning_details", "parsed"]
deltas = st.dictionaries(st.sampled_from(delta_keys), odd | st.lists(calls, max_size=2), max_size=4)
choice_keys = st.sampled_from(["index", "delta", "logprobs", "finish_reason", "usage", "message"])
odd_choices = st.dictionaries(choice_keys, odd | deltas, max_size=4)
chunk_keys = st.sampled_from(["id", "choices", "usage", "x_groq", "model", "created", "moderation"])
odd_chunks = st.dictionaries(chunk_keys, odd | st.lists(odd_choices, max_size=2), max_size=4)


@given(st.lists(odd_chunks | odd_choices.map(lambda each: {"choices": [each]}), max_size=5))
def test_nothing_that_a_server_sends_makes_it_raise(sent: list[Any]):
    accumulator = ChatAccumulator()
    state = ChatCompletionStreamState[Any](response_format=Answer, input_tools=TOOLS)
    for each in sent:
        accumulator.add(chunk(to_json(each)))
        accumulator.snapshot().to_json()
        for event in state.handle_chunk(chunk(to_json(each))):
            assert repr(event)
            if event.type.endswith(".delta"):
                event.to_dict()
        state.snapshot().to_json()
