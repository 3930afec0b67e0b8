"""The events of a response's stream, made from the response itself.

Decides their order, their numbers and the pieces. A finished response has always the same events,
so that a stream can be told again from any place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from openai_mock.answers.items import output_text
from openai_mock.answers.responses import unfinished
from openai_mock.content.json_values import objects_in
from openai_mock.content.tokens import split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.answers.responses import Response
    from openai_mock.content.json_values import Object

Event: TypeAlias = dict[str, object]

# What happens between the beginning of an item and its end: a text of it is told in pieces, or
# how far it has come.
_STEPS = {
    "code_interpreter_call": ("in_progress", "code", "interpreting", "completed"),
    "custom_tool_call": ("input",),
    "file_search_call": ("in_progress", "searching", "completed"),
    "function_call": ("arguments",),
    "mcp_call": ("in_progress", "arguments", "completed"),
    "mcp_list_tools": ("in_progress", "completed"),
    "web_search_call": ("in_progress", "searching", "completed"),
}
_ENDS = ("completed", "failed", "incomplete")  # no event tells that one was cancelled
# What of an item is not there when it begins.
_LATER: Object = {
    "arguments": "",
    "code": "",
    "content": [],
    "input": "",
    "output": None,
    "outputs": None,
    "result": None,
    "results": None,
    "summary": [],
    "tools": [],
}


def response_events(response: Response, *, after: int = -1) -> Iterator[Event]:
    """The events of a stream.

    Args:
        response: The response, finished.
        after: The number of the last event that is not wanted again.
    """
    for number, event in enumerate(_events(response)):
        if number > after:
            event["sequence_number"] = number
            yield event


def opening_events(response: Response) -> Iterator[Event]:
    """The events of a stream before there is output, without their numbers."""
    if response.get("background"):
        queued = unfinished(response, "queued")
        yield {"type": "response.created", "response": queued}
        yield {"type": "response.queued", "response": queued}
    else:
        yield {"type": "response.created", "response": unfinished(response, "in_progress")}
    yield {"type": "response.in_progress", "response": unfinished(response, "in_progress")}


def _events(response: Response) -> Iterator[Event]:
    yield from opening_events(response)
    for index, item in enumerate(objects_in(response["output"])):
        begun = {name: _LATER.get(name, value) for name, value in item.items()}
        if "status" in item:
            begun["status"] = "in_progress"
        yield {"type": "response.output_item.added", "output_index": index, "item": begun}
        yield from _of_item(response, item, {"item_id": item.get("id"), "output_index": index})
        yield {"type": "response.output_item.done", "output_index": index, "item": item}
    status = response.get("status", "completed")
    if status in _ENDS:
        yield {"type": f"response.{status}", "response": response}


def _of_item(response: Response, item: Object, place: Object) -> Iterator[Event]:
    kind = str(item["type"])
    match kind:
        case "message":
            for index, part in enumerate(objects_in(item["content"])):
                yield from _of_part(part, {**place, "content_index": index})
        case "reasoning":
            for index, part in enumerate(objects_in(item["summary"])):
                yield from _of_summary(str(part["text"]), {**place, "summary_index": index})
        case "image_generation_call":
            yield from _of_image(response, item, place)
        case _:
            for step in _STEPS.get(kind, ()):
                if step in item:
                    yield from _pieces(kind, step, item, place)
                else:
                    yield {"type": f"response.{kind}.{step}", **place}


def _of_part(part: Object, place: Object) -> Iterator[Event]:
    text, logprobs = str(part["text"]), objects_in(part.get("logprobs"))
    yield {"type": "response.content_part.added", **place, "part": output_text("")}
    name = "response.output_text.delta"
    if logprobs:
        for each in logprobs:
            yield {"type": name, **place, "delta": each["token"], "logprobs": [_of_delta(each)]}
    else:
        for piece in split(text):
            yield {"type": name, **place, "delta": piece, "logprobs": []}
    for index, annotation in enumerate(objects_in(part.get("annotations"))):
        told = {"annotation_index": index, "annotation": annotation}
        yield {"type": "response.output_text.annotation.added", **place, **told}
    said = {"text": text, "logprobs": [_of_delta(each) for each in logprobs]}
    yield {"type": "response.output_text.done", **place, **said}
    yield {"type": "response.content_part.done", **place, "part": part}


def _of_delta(logprob: Object) -> Object:
    """A log probability as the events of texts have it: without bytes."""
    likeliest = [
        {"token": each["token"], "logprob": each["logprob"]}
        for each in objects_in(logprob["top_logprobs"])
    ]
    return {"token": logprob["token"], "logprob": logprob["logprob"], "top_logprobs": likeliest}


def _of_summary(text: str, place: Object) -> Iterator[Event]:
    empty, part = {"type": "summary_text", "text": ""}, {"type": "summary_text", "text": text}
    yield {"type": "response.reasoning_summary_part.added", **place, "part": empty}
    for piece in split(text):
        yield {"type": "response.reasoning_summary_text.delta", **place, "delta": piece}
    yield {"type": "response.reasoning_summary_text.done", **place, "text": text}
    yield {"type": "response.reasoning_summary_part.done", **place, "part": part}


def _of_image(response: Response, item: Object, place: Object) -> Iterator[Event]:
    name = "response.image_generation_call"
    yield {"type": f"{name}.in_progress", **place}
    yield {"type": f"{name}.generating", **place}
    tools = objects_in(response.get("tools"))
    asked = [tool.get("partial_images") for tool in tools if tool["type"] == "image_generation"]
    settings = {name: item.get(name) for name in ("background", "output_format", "quality", "size")}
    for index in range(cast("int", (asked or [0])[0] or 0)):
        partial = {"partial_image_index": index, "partial_image_b64": item["result"]}
        yield {"type": f"{name}.partial_image", **place, **partial, **settings}
    yield {"type": f"{name}.completed", **place}


def _pieces(kind: str, field: str, item: Object, place: Object) -> Iterator[Event]:
    """A text of an item, piece by piece and then whole."""
    name, text = f"response.{kind}_{field}", str(item[field])
    for piece in split(text):
        yield {"type": f"{name}.delta", **place, "delta": piece}
    called = {"name": item["name"]} if kind == "function_call" else {}
    yield {"type": f"{name}.done", **place, **called, field: text}
