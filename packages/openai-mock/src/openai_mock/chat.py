"""Chat completions: the answer of the model in the shape of this API, whole or in chunks.

Is given a request that has been checked. Knows nothing about HTTP or the framing of a stream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openai_mock import echo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openai_types.chat import CompletionCreateParams

    from openai_mock.ids import Identifiers

TOKENS_OF_A_MESSAGE = 4  # its role and its ends, besides its text
FINGERPRINT = "fp_openai_mock"


class ChatAnswer:
    """The answer to one request.

    Args:
        request: The request.
        ids: Where its id is from.
        created: When it is made, in whole seconds since the epoch.
    """

    def __init__(self, request: CompletionCreateParams, *, ids: Identifiers, created: int) -> None:
        self._request = request
        self._messages = cast("list[Mapping[str, object]]", request["messages"])
        self._choices = range(request.get("n") or 1)
        self._id = ids.new("chatcmpl-")
        self._created = created
        limit = request.get("max_completion_tokens") or request.get("max_tokens")
        stop = request.get("stop") or ()
        self._answer = echo.answer(
            echo.last_words(self._messages),
            limit=limit,
            stop=(stop,) if isinstance(stop, str) else stop,
        )

    def body(self) -> dict[str, object]:
        """The completion, not streamed."""
        message: dict[str, object] = {
            "role": "assistant",
            "content": self._answer.text,
            "refusal": None,
            "annotations": [],
        }
        choices: list[dict[str, object]] = [
            {
                "index": index,
                "message": message,
                "logprobs": None,
                "finish_reason": self._finish_reason,
            }
            for index in self._choices
        ]
        return {**self._head("chat.completion"), "choices": choices, "usage": self._usage()}

    def chunks(self) -> Iterator[dict[str, object]]:
        """The completion, streamed."""
        options = self._request.get("stream_options")
        with_usage = bool(options and options.get("include_usage"))
        head = self._head("chat.completion.chunk") | ({"usage": None} if with_usage else {})
        for delta in self._deltas():
            for index in self._choices:
                yield {**head, "choices": [_choice(index, delta, None)]}
        for index in self._choices:
            yield {**head, "choices": [_choice(index, {}, self._finish_reason)]}
        if with_usage:
            yield {**head, "choices": [], "usage": self._usage()}

    @property
    def _finish_reason(self) -> str:
        return "length" if self._answer.cut else "stop"

    def _deltas(self) -> Iterator[dict[str, object]]:
        yield {"role": "assistant", "content": "", "refusal": None}
        for piece in self._answer.pieces:
            yield {"content": piece}

    def _head(self, kind: str) -> dict[str, object]:
        return {
            "id": self._id,
            "object": kind,
            "created": self._created,
            "model": self._request["model"],
            "service_tier": "default",
            "system_fingerprint": FINGERPRINT,
        }

    def _usage(self) -> dict[str, object]:
        texts = [echo.text_of(message.get("content")) for message in self._messages]
        prompt = echo.tokens(*texts) + TOKENS_OF_A_MESSAGE * len(texts)
        completion = self._answer.tokens * len(self._choices)
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": 0,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        }


def _choice(index: int, delta: dict[str, object], finish_reason: str | None) -> dict[str, object]:
    return {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
