"""Responses: the answer of the model in the shape of this API, whole or as a stream's events.

Is given a request that has been checked. Knows nothing about HTTP or the framing of a stream.
Nothing is stored: a response that is named as the previous one is taken as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openai_mock import echo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openai_types.responses import ResponseCreateParams

    from openai_mock.ids import Identifiers

TOKENS_OF_AN_ITEM = 4  # its role and its ends, besides its text
MODEL_OF_A_PROMPT = "gpt-5.5"  # stored prompts name a model; there are none here

# What a response says of parameters that were not sent.
_DEFAULTS: dict[str, object] = {
    "background": False,
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "prompt_cache_key": None,
    "reasoning": {"effort": None, "summary": None},
    "safety_identifier": None,
    "store": True,
    "temperature": 1.0,
    "text": {"format": {"type": "text"}, "verbosity": "medium"},
    "tool_choice": "auto",
    "tools": [],
    "top_logprobs": 0,
    "top_p": 1.0,
    "truncation": "disabled",
    "user": None,
}


class ResponseAnswer:
    """The answer to one request.

    Args:
        request: The request.
        ids: Where its ids are from.
        created: When it is made, in whole seconds since the epoch.
    """

    def __init__(self, request: ResponseCreateParams, *, ids: Identifiers, created: int) -> None:
        self._request = cast("Mapping[str, object]", request)
        self._items = _items(request.get("input"))
        self._answer = echo.answer(
            echo.last_words(self._items), limit=request.get("max_output_tokens")
        )
        self._id = ids.new("resp_")
        self._message_id = ids.new("msg_")
        self._created = created

    def body(self) -> dict[str, object]:
        """The response, finished."""
        reason = {"reason": "max_output_tokens"} if self._answer.cut else None
        return {
            **self._begun(),
            "status": self._status,
            "completed_at": None if self._answer.cut else self._created,
            "incomplete_details": reason,
            "output": [self._message()],
            "usage": self._usage(),
        }

    def events(self) -> Iterator[dict[str, object]]:
        """The response, streamed."""
        for number, event in enumerate(self._unnumbered()):
            yield {**event, "sequence_number": number}

    def _unnumbered(self) -> Iterator[dict[str, object]]:
        item: dict[str, object] = {"output_index": 0}
        content: dict[str, object] = {"item_id": self._message_id, **item, "content_index": 0}
        begun: dict[str, object] = {**self._message(), "status": "in_progress", "content": []}
        yield {"type": "response.created", "response": self._begun()}
        yield {"type": "response.in_progress", "response": self._begun()}
        yield {"type": "response.output_item.added", **item, "item": begun}
        yield {"type": "response.content_part.added", **content, "part": _part("")}
        for piece in self._answer.pieces:
            delta: dict[str, object] = {"delta": piece, "logprobs": []}
            yield {"type": "response.output_text.delta", **content, **delta}
        done: dict[str, object] = {"text": self._answer.text, "logprobs": []}
        yield {"type": "response.output_text.done", **content, **done}
        yield {"type": "response.content_part.done", **content, "part": _part(self._answer.text)}
        yield {"type": "response.output_item.done", **item, "item": self._message()}
        yield {"type": f"response.{self._status}", "response": self.body()}

    @property
    def _status(self) -> str:
        return "incomplete" if self._answer.cut else "completed"

    def _begun(self) -> dict[str, object]:
        told = {name: self._told(name, default) for name, default in _DEFAULTS.items()}
        conversation = self._request.get("conversation")
        if isinstance(conversation, str):
            conversation = {"id": conversation}
        return {
            "id": self._id,
            "object": "response",
            "created_at": self._created,
            "model": self._request.get("model", MODEL_OF_A_PROMPT),
            "status": "in_progress",
            "completed_at": None,
            "error": None,
            "incomplete_details": None,
            "conversation": conversation,
            "prompt": self._request.get("prompt"),
            "service_tier": "default",
            "output": [],
            "usage": None,
            **told,
        }

    def _told(self, name: str, default: object) -> object:
        """What was sent, completed by the default; null where the API takes it for 'not sent'."""
        sent = self._request.get(name)
        if sent is None:
            return default
        if isinstance(default, dict) and isinstance(sent, dict):
            return {**cast("dict[str, object]", default), **cast("dict[str, object]", sent)}
        return sent

    def _message(self) -> dict[str, object]:
        return {
            "id": self._message_id,
            "type": "message",
            "role": "assistant",
            "status": self._status,
            "content": [_part(self._answer.text)],
        }

    def _usage(self) -> dict[str, object]:
        texts = [echo.text_of(item.get("content")) for item in self._items]
        texts.append(echo.text_of(self._request.get("instructions")))
        read = echo.tokens(*texts) + TOKENS_OF_AN_ITEM * len(self._items)
        return {
            "input_tokens": read,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": self._answer.tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": read + self._answer.tokens,
        }


def _items(given: object) -> list[Mapping[str, object]]:
    if isinstance(given, str):
        return [{"role": "user", "content": given}]
    return cast("list[Mapping[str, object]]", given or [])


def _part(text: str) -> dict[str, object]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
