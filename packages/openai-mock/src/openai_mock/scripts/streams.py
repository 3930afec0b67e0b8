"""From a whole answer to the stream in which it would have come.

Decides the events of scripted answers, for the operations whose models speak. Takes what is there:
fields that it does not know are passed on with the first chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from openai_mock.content.tokens import split
from openai_mock.replies import DONE, Frame

Object: TypeAlias = dict[str, Any]  # Any: JSON
Stream: TypeAlias = Callable[[Object, Mapping[str, Any]], Iterator[Frame]]
_ENDS = {"completed", "incomplete", "failed"}


def _chat(body: Object, request: Mapping[str, Any]) -> Iterator[Frame]:
    wants_usage = _wants_usage(request)
    head = {name: value for name, value in body.items() if name not in ("choices", "usage")}
    head["object"] = "chat.completion.chunk"
    if wants_usage:
        head["usage"] = None
    for choice in body.get("choices") or ():
        end = {"index": choice.get("index", 0), "logprobs": None}
        for delta in _deltas(choice.get("message") or {}):
            yield None, {**head, "choices": [{**end, "delta": delta, "finish_reason": None}]}
        reason = choice.get("finish_reason", "stop")
        yield None, {**head, "choices": [{**end, "delta": {}, "finish_reason": reason}]}
    if wants_usage:
        yield None, {**head, "choices": [], "usage": body.get("usage")}
    yield DONE


def _deltas(message: Object) -> Iterator[dict[str, object]]:
    """The parts of a message."""
    known = ("content", "tool_calls", "annotations")
    first = {name: value for name, value in message.items() if name not in known}
    content = message.get("content")
    is_text = isinstance(content, str)
    yield {"role": "assistant", **first, "content": "" if is_text else content}
    for piece in split(content) if is_text else ():
        yield {"content": piece}
    calls: list[Object] = message.get("tool_calls") or []
    for index, call in enumerate(calls):
        function: Object = call.get("function") or {}
        begun: Object = {**call, "index": index, "function": {**function, "arguments": ""}}
        yield {"tool_calls": [begun]}
        for piece in split(function.get("arguments") or ""):
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}


def _completion(body: Object, request: Mapping[str, Any]) -> Iterator[Frame]:
    head = {name: value for name, value in body.items() if name not in ("choices", "usage")}
    for choice in body.get("choices") or ():
        part = {**choice, "finish_reason": None}
        for piece in split(choice.get("text") or ""):
            yield None, {**head, "choices": [{**part, "text": piece}]}
        yield None, {**head, "choices": [{**choice, "text": ""}]}
    if _wants_usage(request):
        yield None, {**head, "choices": [], "usage": body.get("usage")}
    yield DONE


def _wants_usage(request: Mapping[str, Any]) -> bool:
    options: Object = request.get("stream_options") or {}
    return bool(options.get("include_usage"))


def _response(body: Object, request: Mapping[str, Any]) -> Iterator[Frame]:
    del request
    for number, event in enumerate(_events(body)):
        yield str(event["type"]), {**event, "sequence_number": number}


def _events(body: Object) -> Iterator[dict[str, object]]:
    begun: Object = {
        **body,
        "status": "in_progress",
        "completed_at": None,
        "output": [],
        "usage": None,
        "error": None,
        "incomplete_details": None,
    }
    yield {"type": "response.created", "response": begun}
    yield {"type": "response.in_progress", "response": begun}
    items: list[Object] = body.get("output") or []
    for index, item in enumerate(items):
        place = {"output_index": index}
        make = _INSIDE.get(item.get("type"))
        added: Object = {**item, **_EMPTY.get(item.get("type"), {})}
        yield {"type": "response.output_item.added", **place, "item": added}
        if make:
            yield from make(item, {"item_id": item.get("id"), **place})
        yield {"type": "response.output_item.done", **place, "item": item}
    status = body.get("status")
    end = status if status in _ENDS else "completed"
    yield {"type": f"response.{end}", "response": body}


def _in_message(item: Object, place: dict[str, object]) -> Iterator[dict[str, object]]:
    parts: list[Object] = item.get("content") or []
    for number, part in enumerate(parts):
        at = {**place, "content_index": number}
        kind, field = _TEXTS.get(part.get("type"), ("", ""))
        empty: Object = {**part, field: ""} if field else part
        yield {"type": "response.content_part.added", **at, "part": empty}
        if field:
            text = part.get(field) or ""
            more: dict[str, object] = {"logprobs": []} if kind == "output_text" else {}
            for piece in split(text):
                yield {"type": f"response.{kind}.delta", **at, "delta": piece, **more}
            yield {"type": f"response.{kind}.done", **at, field: text, **more}
        yield {"type": "response.content_part.done", **at, "part": part}


def _in_function_call(item: Object, place: dict[str, object]) -> Iterator[dict[str, object]]:
    kind, arguments = "response.function_call_arguments", item.get("arguments") or ""
    for piece in split(arguments):
        yield {"type": f"{kind}.delta", **place, "delta": piece}
    yield {"type": f"{kind}.done", **place, "name": item.get("name"), "arguments": arguments}


_TEXTS: Mapping[object, tuple[str, str]] = {
    "output_text": ("output_text", "text"),
    "refusal": ("refusal", "refusal"),
}
_EMPTY: Mapping[object, dict[str, object]] = {
    "message": {"status": "in_progress", "content": []},
    "function_call": {"status": "in_progress", "arguments": ""},
}
_Inside: TypeAlias = Callable[[Object, dict[str, object]], Iterator[dict[str, object]]]
_INSIDE: Mapping[object, _Inside] = {"message": _in_message, "function_call": _in_function_call}

STREAMED: Mapping[str, Stream] = {
    "chat.completions.create": _chat,
    "completions.create": _completion,
    "responses.create": _response,
    "beta.responses.create": _response,
}
"""How an answer is streamed, by operation."""
