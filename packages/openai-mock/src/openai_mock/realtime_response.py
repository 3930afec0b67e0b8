"""One response of a Realtime session: the answer of the model in the shape of this API's events.

Is given what the response was asked for and the state of the session; changes neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_mock import echo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.body import JsonObject
    from openai_mock.ids import Identifiers

TOKENS_OF_AN_ITEM = 4  # its role and its ends, besides its text


class RealtimeAnswer:
    """The answer to one `response.create`.

    Args:
        wanted: The `response` of that event.
        session: The session as it stands.
        conversation: The items of the conversation.
        conversation_id: The id of the conversation.
        ids: Where ids are from.
    """

    def __init__(
        self,
        wanted: JsonObject,
        *,
        session: JsonObject,
        conversation: list[JsonObject],
        conversation_id: str,
        ids: Identifiers,
    ) -> None:
        self._settings = {**session, **wanted}
        self._read: list[JsonObject] = wanted.get("input", conversation)
        self.joins_the_conversation = wanted.get("conversation", "auto") != "none"
        self._conversation_id = conversation_id if self.joins_the_conversation else None
        limit = self._settings["max_output_tokens"]
        self._answer = echo.answer(
            echo.last_words(self._read), limit=limit if isinstance(limit, int) else None
        )
        self._id = ids.new("resp_")
        self.item: JsonObject = {
            "id": ids.new("item_"),
            "object": "realtime.item",
            "type": "message",
            "role": "assistant",
            "status": self._status,
            "content": [{"type": "output_text", "text": self._answer.text}],
        }

    def events(self, added_after: str | None) -> Iterator[dict[str, object]]:
        """The response, without the ids of its events.

        Args:
            added_after: The id of the item after which its item was put into the conversation.
        """
        item: dict[str, object] = {"response_id": self._id, "output_index": 0}
        content: dict[str, object] = {**item, "item_id": self.item["id"], "content_index": 0}
        begun: JsonObject = {**self.item, "status": "in_progress", "content": []}
        text = self._answer.text
        yield {"type": "response.created", "response": self._response("in_progress", [])}
        yield {"type": "response.output_item.added", **item, "item": begun}
        if self.joins_the_conversation:
            before = {"previous_item_id": added_after}
            yield {"type": "conversation.item.added", "item": begun, **before}
        part = {"type": "text", "text": ""}
        yield {"type": "response.content_part.added", **content, "part": part}
        for piece in self._answer.pieces:
            yield {"type": "response.output_text.delta", **content, "delta": piece}
        yield {"type": "response.output_text.done", **content, "text": text}
        part = {"type": "text", "text": text}
        yield {"type": "response.content_part.done", **content, "part": part}
        if self.joins_the_conversation:
            before = {"previous_item_id": added_after}
            yield {"type": "conversation.item.done", "item": self.item, **before}
        yield {"type": "response.output_item.done", **item, "item": self.item}
        yield {"type": "response.done", "response": self._response(self._status, [self.item])}

    @property
    def _status(self) -> str:
        return "incomplete" if self._answer.cut else "completed"

    def _response(self, status: str, output: list[JsonObject]) -> dict[str, Any]:  # Any: JSON
        done = status != "in_progress"
        reason = {"reason": "max_output_tokens"} if status == "incomplete" else {}
        return {
            "id": self._id,
            "object": "realtime.response",
            "status": status,
            "status_details": {"type": status, **reason} if done else None,
            "output": output,
            "conversation_id": self._conversation_id,
            "output_modalities": self._settings["output_modalities"],
            "max_output_tokens": self._settings["max_output_tokens"],
            "metadata": self._settings.get("metadata"),
            "usage": self._usage() if done else None,
        }

    def _usage(self) -> dict[str, object]:
        texts = [echo.text_of(item.get("content")) for item in self._read]
        texts.append(echo.text_of(self._settings.get("instructions")))
        read = echo.tokens(*texts) + TOKENS_OF_AN_ITEM * len(self._read)
        written = self._answer.tokens
        return {
            "input_tokens": read,
            "output_tokens": written,
            "total_tokens": read + written,
            "input_token_details": {"text_tokens": read, "audio_tokens": 0, "cached_tokens": 0},
            "output_token_details": {"text_tokens": written, "audio_tokens": 0},
        }
