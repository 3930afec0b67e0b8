"""The client events by their official names: `connection.response.create(...)` and so on.

Decides which event each call makes. Written once for both kinds of connection: every call returns
what the connection's `send` returns, which is None or something to await.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Generic, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai_types.realtime import (
        ConversationItemParam,
        RealtimeClientEvent,
        RealtimeClientEventParam,
        RealtimeResponseCreateParamsParam,
        RealtimeSessionCreateRequestParam,
        RealtimeTranscriptionSessionCreateRequestParam,
    )

Sent = TypeVar("Sent")  # None, or a coroutine that ends when the event is sent


class Resource(Generic[Sent]):
    """A group of client events."""

    def __init__(self, send: Callable[[RealtimeClientEventParam], Sent]) -> None:
        self.__send = send

    def _send(self, type: str, **fields: object) -> Sent:
        event = {"type": type, **{k: v for k, v in fields.items() if v is not None}}
        # The signatures of the calls below are the events' types; here they are only put together.
        return self.__send(cast("RealtimeClientEventParam", event))


class RealtimeSessionResource(Resource[Sent]):
    """Settings of the session."""

    def update(
        self,
        *,
        session: RealtimeSessionCreateRequestParam | RealtimeTranscriptionSessionCreateRequestParam,
        event_id: str | None = None,
    ) -> Sent:
        """Change settings of the session; the server answers `session.updated`."""
        return self._send("session.update", session=session, event_id=event_id)


class RealtimeResponseResource(Resource[Sent]):
    """Responses of the model."""

    def create(
        self,
        *,
        response: RealtimeResponseCreateParamsParam | None = None,
        event_id: str | None = None,
    ) -> Sent:
        """Ask for a response, with settings that hold for it alone."""
        return self._send("response.create", response=response, event_id=event_id)

    def cancel(self, *, response_id: str | None = None, event_id: str | None = None) -> Sent:
        """Stop a response in progress; without an id, that of the conversation."""
        return self._send("response.cancel", response_id=response_id, event_id=event_id)


class RealtimeConversationItemResource(Resource[Sent]):
    """Items of the conversation: messages, function calls and their outputs."""

    def create(
        self,
        *,
        item: ConversationItemParam,
        previous_item_id: str | None = None,
        event_id: str | None = None,
    ) -> Sent:
        """Add an item, at the end or after the item with the given id ("root": at the start)."""
        return self._send(
            "conversation.item.create",
            item=item,
            previous_item_id=previous_item_id,
            event_id=event_id,
        )

    def delete(self, *, item_id: str, event_id: str | None = None) -> Sent:
        """Remove an item."""
        return self._send("conversation.item.delete", item_id=item_id, event_id=event_id)

    def retrieve(self, *, item_id: str, event_id: str | None = None) -> Sent:
        """Ask for the server's copy of an item; it answers `conversation.item.retrieved`."""
        return self._send("conversation.item.retrieve", item_id=item_id, event_id=event_id)

    def truncate(
        self,
        *,
        item_id: str,
        content_index: int,
        audio_end_ms: int,
        event_id: str | None = None,
    ) -> Sent:
        """Cut the audio of an answer to what was heard, in milliseconds from its start."""
        return self._send(
            "conversation.item.truncate",
            item_id=item_id,
            content_index=content_index,
            audio_end_ms=audio_end_ms,
            event_id=event_id,
        )


class RealtimeConversationResource(Resource[Sent]):
    """The conversation."""

    def __init__(self, send: Callable[[RealtimeClientEventParam], Sent]) -> None:
        super().__init__(send)
        self.item = RealtimeConversationItemResource(send)


class RealtimeInputAudioBufferResource(Resource[Sent]):
    """The audio that is sent to the model."""

    def append(self, *, audio: str, event_id: str | None = None) -> Sent:
        """Add audio: base64 text of the session's input format."""
        return self._send("input_audio_buffer.append", audio=audio, event_id=event_id)

    def commit(self, *, event_id: str | None = None) -> Sent:
        """Make a message of the audio; not needed while the server detects turns."""
        return self._send("input_audio_buffer.commit", event_id=event_id)

    def clear(self, *, event_id: str | None = None) -> Sent:
        """Throw the audio away."""
        return self._send("input_audio_buffer.clear", event_id=event_id)


class RealtimeOutputAudioBufferResource(Resource[Sent]):
    """The audio that comes from the model (WebRTC and SIP only)."""

    def clear(self, *, event_id: str | None = None) -> Sent:
        """Stop the audio that is being played."""
        return self._send("output_audio_buffer.clear", event_id=event_id)


class RealtimeResources(ABC, Generic[Sent]):
    """What every kind of connection offers for sending."""

    @abstractmethod
    def send(self, event: RealtimeClientEvent | RealtimeClientEventParam) -> Sent:
        """Send a client event."""

    @property
    def session(self) -> RealtimeSessionResource[Sent]:
        """Settings of the session."""
        return RealtimeSessionResource(self.send)

    @property
    def response(self) -> RealtimeResponseResource[Sent]:
        """Responses of the model."""
        return RealtimeResponseResource(self.send)

    @property
    def conversation(self) -> RealtimeConversationResource[Sent]:
        """The conversation."""
        return RealtimeConversationResource(self.send)

    @property
    def input_audio_buffer(self) -> RealtimeInputAudioBufferResource[Sent]:
        """The audio that is sent to the model."""
        return RealtimeInputAudioBufferResource(self.send)

    @property
    def output_audio_buffer(self) -> RealtimeOutputAudioBufferResource[Sent]:
        """The audio that comes from the model."""
        return RealtimeOutputAudioBufferResource(self.send)
