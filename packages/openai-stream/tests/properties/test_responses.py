"""Whatever pieces a response is told in, it is put together as it was."""

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from openai_stream.accumulators.responses import ResponseAccumulator
from openai_types import Decoder
from openai_types.responses import ResponseStreamEvent

Json = dict[str, Any]

decode = Decoder[ResponseStreamEvent](ResponseStreamEvent)
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
Draw = Callable[..., Any]  # Any: what is drawn is of the strategy's type
Strategy = st.SearchStrategy[Json]


def objects(**fields: st.SearchStrategy[Any]) -> Strategy:
    return st.fixed_dictionaries(fields)


def lists(each: st.SearchStrategy[Any], size: int = 2) -> st.SearchStrategy[list[Any]]:
    return st.lists(each, max_size=size)


annotations = objects(
    type=st.just("url_citation"),
    url=texts,
    title=texts,
    start_index=st.just(0),
    end_index=st.just(1),
)
output_texts = objects(type=st.just("output_text"), text=texts, annotations=lists(annotations))
refusals = objects(type=st.just("refusal"), refusal=texts)
thoughts = objects(type=st.just("reasoning_text"), text=texts)
summaries = objects(type=st.just("summary_text"), text=texts)
# By the type of an item: the field that is told in pieces, and what its events are called.
FIELDS = {
    "function_call": ("arguments", "response.function_call_arguments"),
    "custom_tool_call": ("input", "response.custom_tool_call_input"),
    "mcp_call": ("arguments", "response.mcp_call_arguments"),
    "code_interpreter_call": ("code", "response.code_interpreter_call_code"),
}
PARTS = {
    "output_text": ("text", "response.output_text", "content_index"),
    "refusal": ("refusal", "response.refusal", "content_index"),
    "reasoning_text": ("text", "response.reasoning_text", "content_index"),
    "summary_text": ("text", "response.reasoning_summary_text", "summary_index"),
}
messages = objects(
    type=st.just("message"),
    role=st.just("assistant"),
    content=lists(output_texts | refusals, size=3),
)
reasoning = objects(type=st.just("reasoning"), content=lists(thoughts), summary=lists(summaries))
calls: Strategy = st.one_of(
    [
        objects(**{"type": st.just(kind), "name": st.just("tool"), field: texts})
        for kind, (field, _) in FIELDS.items()
    ]
)
items = st.one_of(messages, reasoning, calls)


@st.composite
def responses(draw: st.DrawFn) -> Json:
    output = draw(lists(items, size=3))
    for number, item in enumerate(output):
        item.update(id=f"item_{number}", status="completed")
    return {"id": "resp_1", "object": "response", "status": "completed", "output": output}


def split(draw: Draw, text: str) -> list[str]:
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=3)))
    edges = [0, *cuts, len(text)]
    return [text[begin:end] for begin, end in pairwise(edges)]


def told(draw: Draw, item: Json, index: int, *, announced: bool) -> list[Json]:
    """The events of an item; unannounced, only the pieces of its texts come."""
    place = {"item_id": item["id"], "output_index": index}
    events: list[Json] = []
    begun = {**item, "status": "in_progress"}
    for name in ("content", "summary"):
        for number, part in enumerate(item.get(name, ())):
            begun[name] = []
            events += told_part(draw, part, place, number, announced=announced)
    if item["type"] in FIELDS:
        field, family = FIELDS[item["type"]]
        begun[field] = ""
        pieces = split(draw, item[field])
        events += [{"type": f"{family}.delta", **place, "delta": piece} for piece in pieces]
        if announced and draw(st.booleans()):
            events.append({"type": f"{family}.done", **place, field: item[field]})
    if announced:
        added = {"type": "response.output_item.added", "output_index": index, "item": begun}
        done = {"type": "response.output_item.done", "output_index": index, "item": item}
        return [added, *events, done]
    return events


def told_part(draw: Draw, part: Json, place: Json, number: int, *, announced: bool) -> list[Json]:
    field, family, index = PARTS[part["type"]]
    place = {**place, index: number}
    events: list[Json] = [
        {"type": f"{family}.delta", **place, "delta": piece, "logprobs": []}
        for piece in split(draw, part[field])
    ]
    for position, note in enumerate(part.get("annotations", ())):
        added = {"annotation_index": position, "annotation": note}
        events.append({"type": "response.output_text.annotation.added", **place, **added})
    if not announced:
        return events
    if draw(st.booleans()):
        events.append({"type": f"{family}.done", **place, field: part[field]})
    kind = "reasoning_summary_part" if index == "summary_index" else "content_part"
    empty = {**part, field: ""}
    if "annotations" in part:
        empty["annotations"] = []
    added = {"type": f"response.{kind}.added", **place, "part": empty}
    done = {"type": f"response.{kind}.done", **place, "part": part}
    return [added, *events, done]


def interleaved(draw: Draw, streams: list[list[Json]]) -> list[Json]:
    turns: list[int] = [number for number, stream in enumerate(streams) for _ in stream]
    sources = [iter(stream) for stream in streams]
    shuffled: list[int] = draw(st.permutations(turns))
    return [next(sources[turn]) for turn in shuffled]


def accumulated(events: list[Json]) -> ResponseAccumulator:
    accumulator = ResponseAccumulator()
    for event in events:
        accumulator.add(decode(json.dumps(event)))
    return accumulator


@settings(max_examples=40)  # an example is a whole stream
@given(st.data())
def test_any_split_and_any_interleaving_is_the_response(data: st.DataObject):
    response = data.draw(responses())
    streams = [
        told(data.draw, item, index, announced=True)
        for index, item in enumerate(response["output"])
    ]
    events = interleaved(data.draw, streams)
    head: Json = {**response, "status": "in_progress", "output": []}
    if data.draw(st.booleans()):
        events.insert(0, {"type": "response.created", "response": head})
    for number, event in enumerate(events):
        event["sequence_number"] = number
    doubled = data.draw(st.lists(st.sampled_from(range(len(events) or 1)), max_size=3))
    if events:
        for number in doubled:  # comes again, much later
            events.append(events[number])

    before = accumulated(events)

    assert before.snapshot().to_dict().get("output", []) == response["output"]
    end = {"type": "response.completed", "sequence_number": len(events), "response": response}
    assert accumulated([*events, end]).snapshot().to_dict() == response


@settings(max_examples=40)  # an example is a whole stream
@given(st.data())
def test_texts_of_what_nobody_announced_are_whole(data: st.DataObject):
    response = data.draw(responses())
    streams = [
        told(data.draw, item, index, announced=False)
        for index, item in enumerate(response["output"])
    ]

    snapshot = accumulated(interleaved(data.draw, streams)).snapshot().to_dict()

    found = {item["id"]: item for item in snapshot.get("output", ())}
    for item, stream in zip(response["output"], streams, strict=True):
        if stream:
            told_item = found[item["id"]]
            for name in ("content", "summary", "arguments", "input", "code"):
                assert without_notes(told_item.get(name)) == without_notes(item.get(name))


def without_notes(value: str | list[Json] | None) -> str | list[Json] | None:
    """Parts without the annotations that nothing told, because there are none."""
    if not isinstance(value, list):
        return value or None
    return [
        {name: each for name, each in part.items() if name != "annotations" or each}
        for part in value
    ] or None


junk: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2**70) | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
KINDS = [
    "response.created",
    "response.completed",
    "response.failed",
    "response.output_item.added",
    "response.output_item.done",
    "response.content_part.added",
    "response.content_part.done",
    "response.reasoning_summary_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.output_text.annotation.added",
    "response.function_call_arguments.delta",
    "response.audio.delta",
    "response.audio.transcript.delta",
    "response.image_generation_call.partial_image",
    "response.shell_call_command.added",
    "response.shell_call_command.delta",
    "response.shell_call_output_content.delta",
    "response.shell_call_output_content.done",
    "response.web_search_call.searching",
    "response.something.new",
    "error",
]
NAMES = [
    *("output_index", "content_index", "summary_index", "command_index", "annotation_index"),
    *("item_id", "item", "part", "delta", "text", "arguments", "annotation", "response"),
    *("sequence_number", "response_id", "output", "command", "message", "logprobs"),
]
MESSAGE: Json = {"type": "message", "id": "item_1", "content": []}
sensible = st.sampled_from([0, 1, 2, "item_1", "resp_1", MESSAGE])
events: Strategy = st.fixed_dictionaries(
    {"type": st.sampled_from(KINDS)},
    optional=dict.fromkeys(NAMES, junk | sensible),
)


@settings(max_examples=40)
@given(st.lists(events, max_size=6))
@example([{"type": "response.output_text.delta", "output_index": 0, "content_index": []}])
def test_whatever_a_server_sends_there_is_a_snapshot(sent: list[Json]):
    accumulator = ResponseAccumulator()
    for event in sent:
        accumulator.add(decode(json.dumps(event)))
        assert accumulator.snapshot() is not None
