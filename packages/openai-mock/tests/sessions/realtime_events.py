"""Events that clients of Realtime send, and how those of the server are looked through."""

from base64 import b64encode
from typing import Any

WEATHER = {
    "type": "function",
    "name": "get_weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    },
}
RESPOND: dict[str, Any] = {"type": "response.create"}
TEXT = [
    "response.created",
    "rate_limits.updated",
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "conversation.item.done",
    "response.output_item.done",
    "response.done",
]


def item(text: str, **more: object) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    created = {"type": "message", "role": "user", "content": content}
    return {"type": "conversation.item.create", "item": {**created, **more}}


def update(**changes: object) -> dict[str, Any]:
    return {"type": "session.update", "session": {"type": "realtime", **changes}}


def append(sound: str | bytes) -> dict[str, Any]:
    audio = sound if isinstance(sound, str) else b64encode(sound).decode()
    return {"type": "input_audio_buffer.append", "audio": audio}


def kinds(events: list[Any]) -> list[str]:
    """The types in their order, each once."""
    return list(dict.fromkeys(event.type for event in events))


def only(events: list[Any], kind: str) -> Any:
    (found,) = [event for event in events if event.type == kind]
    return found
