"""What a server answers to a call, by the type that the catalogue describes for it."""

from __future__ import annotations

import json
from typing import Any

from openai_types.catalogue import Operation, resolve

from .described_values import Call, events, value
from .recording_server import Answer

# Any: JSON.

# The events by which streams end whose end nothing else tells.
ENDS = frozenset(
    {
        "image_edit.completed",
        "image_generation.completed",
        "response.completed",
        "transcript.text.done",
    }
)
AFTER = "next-1"  # what asks for the second page


def answers_to(operation: Operation, given: Call, content: bytes) -> list[Answer]:
    """The answers to a call: one, or two pages.

    Args:
        operation: what is called.
        given: how.
        content: what a file has in it.
    """
    if given.streams:
        return [stream_of(operation, _few(events(resolve(given.returns))))]
    if given.returns == "None":
        return [Answer(b"", "text/plain")]
    if given.returns == "bytes":
        return [Answer(content, "application/octet-stream")]
    if given.returns == "str":
        return [Answer(b"text", "text/plain")]
    described = value(resolve(given.returns))
    if operation.page:
        return [_page(described, AFTER, more=True), _page(described, "next-2", more=False)]
    return [_json(described)]


def _json(content: Any) -> Answer:
    return Answer(json.dumps(content).encode())


def _page(item: Any, last: str, *, more: bool) -> Answer:
    """A page of any kind: what other kinds have besides is ignored."""
    if isinstance(item, dict) and "id" in item:
        item["id"] = last
    return _json(
        {
            "object": "list",
            "data": [item],
            "has_more": more,
            "last_id": last,
            "next": last if more else None,
        }
    )


def _few(described: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An event, and one that may end a stream, if there is such."""
    ends = [each for each in described if each.get("type") in ENDS]
    return [next(each for each in described if "error" not in each), *ends]


def stream_of(operation: Operation, sent: list[dict[str, Any]]) -> Answer:
    """The stream of some events."""
    lines: list[str] = []
    for event in sent:
        data = event
        if operation.event_and_data:
            lines.append(f"event: {event['event']}\n")
            data = event["data"]
        lines.append(f"data: {json.dumps(data)}\n\n")
    return Answer("".join([*lines, "data: [DONE]\n\n"]).encode(), "text/event-stream")
