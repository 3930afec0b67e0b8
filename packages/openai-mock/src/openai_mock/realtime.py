"""A Realtime session without any I/O: frames of the client in, events of the server out.

Decides what answers each client event, for a conversation in text; what needs audio is refused
with an error event. How a response becomes events is in `realtime_response`, what the
conversation holds in `conversation`. Knows nothing about sockets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from openai_mock.body import JsonObject, parse_object
from openai_mock.conversation import Conversation
from openai_mock.realtime_response import RealtimeAnswer
from openai_mock.refusals import Refusal
from openai_mock.validation import check_client_event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openai_mock.ids import Identifiers

ServerEvent = dict[str, object]


class RealtimeSession:
    """One session.

    Args:
        model: The model that answers.
        ids: Where ids are from.
    """

    def __init__(self, model: str, *, ids: Identifiers) -> None:
        self._ids = ids
        self._conversation = Conversation()
        self._conversation_id = ids.new("conv_")
        self._session: JsonObject = {
            "type": "realtime",
            "object": "realtime.session",
            "id": ids.new("sess_"),
            "model": model,
            "output_modalities": ["text"],
            "instructions": "",
            "tools": [],
            "tool_choice": "auto",
            "max_output_tokens": "inf",
            "tracing": None,
            "prompt": None,
            "truncation": "auto",
        }

    def opening(self) -> list[ServerEvent]:
        """What the server sends before the client has sent anything."""
        return [self._numbered({"type": "session.created", "session": dict(self._session)})]

    def receive(self, frame: bytes | str) -> Iterator[ServerEvent]:
        """What the server answers to a frame."""
        event_id: object = None
        try:
            event = parse_object(frame)
            event_id = event.get("event_id")
            check_client_event(event)
            for answer in self._answers(event):
                yield self._numbered(answer)
        except Refusal as refusal:
            named = event_id if isinstance(event_id, str) else None
            error = {**refusal.error, "event_id": named}
            yield self._numbered({"type": "error", "error": error})

    def _numbered(self, event: Mapping[str, object]) -> ServerEvent:
        return {**event, "event_id": self._ids.new("event_")}

    def _answers(self, event: JsonObject) -> Iterator[ServerEvent]:
        match event["type"]:
            case "session.update":
                yield self._update(event["session"])
            case "conversation.item.create":
                yield from self._add(event["item"], event.get("previous_item_id"))
            case "conversation.item.retrieve":
                item = self._conversation.find(event["item_id"])
                yield {"type": "conversation.item.retrieved", "item": item}
            case "conversation.item.delete":
                self._conversation.remove(event["item_id"])
                yield {"type": "conversation.item.deleted", "item_id": event["item_id"]}
            case "response.create":
                yield from self._respond(event.get("response") or {})
            case "response.cancel":
                message = "No response is in progress. Cancel one before its response.done."
                raise Refusal(message, code="response_cancel_not_active")
            case "input_audio_buffer.clear":
                yield {"type": "input_audio_buffer.cleared"}
            case kind:
                raise _needs_audio(kind, "type")

    def _update(self, changes: JsonObject) -> ServerEvent:
        if changes["type"] != self._session["type"]:
            message = "A realtime session cannot become a transcription session. Open another one."
            raise Refusal(message, code="invalid_value", param="session.type")
        if changes.get("model", self._session["model"]) != self._session["model"]:
            message = "The model of a session cannot be changed. Connect with ?model= for another."
            raise Refusal(message, code="invalid_value", param="session.model")
        _check_modalities(changes, "session.output_modalities")
        self._session = _merged(self._session, changes)
        return {"type": "session.updated", "session": dict(self._session)}

    def _add(self, item: JsonObject, after: str | None) -> Iterator[ServerEvent]:
        item = {"id": self._ids.new("item_"), **item}
        item |= {"object": "realtime.item", "status": "completed"}
        before = self._conversation.add(item, after)
        yield {"type": "conversation.item.added", "item": item, "previous_item_id": before}
        yield {"type": "conversation.item.done", "item": item, "previous_item_id": before}

    def _respond(self, wanted: JsonObject) -> Iterator[ServerEvent]:
        _check_modalities(wanted, "response.output_modalities")
        answer = RealtimeAnswer(
            wanted,
            session=self._session,
            conversation=list(self._conversation),
            conversation_id=self._conversation_id,
            ids=self._ids,
        )
        added_after = None
        if answer.joins_the_conversation:
            added_after = self._conversation.add(answer.item, None)
        yield from answer.events(added_after)


def _check_modalities(wanted: JsonObject, param: str) -> None:
    if "audio" in wanted.get("output_modalities", ()):
        raise _needs_audio("audio", param)


def _needs_audio(what: str, param: str) -> Refusal:
    return Refusal(
        f"The mock server talks in text only, so '{what}' is not supported. Send items with "
        "input_text, and set output_modalities to ['text'].",
        code="unsupported_value",
        param=param,
    )


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> JsonObject:  # Any: JSON
    """What an update leaves: objects are merged, everything else is replaced."""
    both = dict(old)
    for name, value in new.items():
        before = both.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            both[name] = _merged(cast("JsonObject", before), cast("JsonObject", value))
        else:
            both[name] = value
    return both
