"""Chat completions: the answer of the model in the shape of this API, whole or in chunks.

Is given a request that has been checked. Knows nothing about HTTP or the framing of a stream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openai_mock.answers.chat_choices import SpokenChoice, TextChoice, ToolsChoice
from openai_mock.answers.refused import refusing
from openai_mock.answers.words import words
from openai_mock.content.json_values import as_object, objects_in
from openai_mock.content.tokens import output
from openai_mock.content.tool_calls import tool_calls_of_chat
from openai_mock.content.turns import turn_of_messages
from openai_mock.content.usage import chat_prompt_tokens, chat_usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_types.chat import CompletionCreateParams

    from openai_mock.answers.chat_choices import Choice
    from openai_mock.content.json_values import Object
    from openai_mock.content.tool_calls import ToolCall
    from openai_mock.state.ids import Identifiers

FINGERPRINT = "fp_openai_mock"
_CHOSEN_BY_SERVER = (None, "auto")


class ChatAnswer:
    """The answer to one request.

    Args:
        request: The request.
        ids: Where its id is from.
        created: When it is made, in whole seconds since the epoch.

    Raises:
        Refusal: No answer meets what it asks for.
    """

    def __init__(self, request: CompletionCreateParams, *, ids: Identifiers, created: int) -> None:
        self._request = cast("Object", request)
        self._id = ids.new("chatcmpl-")
        self._created = created
        self._choices = self._made_choices(request.get("n") or 1)

    def body(self) -> dict[str, object]:
        """The completion, not streamed."""
        choices: list[dict[str, object]] = [
            {
                "index": index,
                "message": choice.message,
                "logprobs": choice.logprobs,
                "finish_reason": choice.finish_reason,
            }
            for index, choice in enumerate(self._choices)
        ]
        return {**self._head("chat.completion"), "choices": choices, "usage": self._usage()}

    def chunks(self) -> Iterator[dict[str, object]]:
        """The completion, streamed."""
        with_usage = as_object(self._request.get("stream_options")).get("include_usage") is True
        head = self._head("chat.completion.chunk") | ({"usage": None} if with_usage else {})
        # The choices are alike, so that their streams are of the same length.
        streams = (choice.deltas() for choice in self._choices)
        for together in zip(*streams, strict=True):
            for index, (delta, logprobs) in enumerate(together):
                yield {**head, "choices": [_choice(index, delta, logprobs, None)]}
        for index, choice in enumerate(self._choices):
            yield {**head, "choices": [_choice(index, {}, None, choice.finish_reason)]}
        if with_usage:
            yield {**head, "choices": [], "usage": self._usage()}

    def _made_choices(self, number: int) -> list[Choice]:
        request = self._request
        seeds = [f"{self._id}/{index}" for index in range(number)]
        calls = self._calls(seeds)
        if calls:
            legacy = bool(request.get("functions")) and not request.get("tools")
            forced = as_object(request.get("tool_choice")).get("type") in ("function", "custom")
            return [ToolsChoice(each, is_legacy=legacy, is_forced=forced) for each in calls]
        turn = turn_of_messages(objects_in(request.get("messages")))
        with refusing("response_format"):
            text = words(turn, as_object(request.get("response_format")))
        limit = request.get("max_completion_tokens") or request.get("max_tokens")
        stop = cast("list[str] | None", request.get("stop"))
        said = output(text, limit=cast("int | None", limit), stop=stop)
        if "audio" in cast("list[str]", request.get("modalities") or ()):
            format_ = str(as_object(request.get("audio")).get("format", "wav"))
            with refusing("audio.format"):
                spoken = SpokenChoice(said, format_, self._id, self._created).made()
            return [spoken.again(seed) for seed in seeds]
        wanted = request.get("logprobs") is True
        top = cast("int", request.get("top_logprobs") or 0) if wanted else None
        return [TextChoice(said, top)] * number

    def _calls(self, seeds: list[str]) -> list[tuple[ToolCall, ...]]:
        """The calls of each choice; none if the answer is in words."""
        names = ("tools", "functions", "tool_choice")
        if not any(self._request.get(name) for name in names):
            return []
        with refusing():
            calls = [tool_calls_of_chat(self._request, seed=seed) for seed in seeds]
        return calls if calls[0] else []

    def _head(self, kind: str) -> dict[str, object]:
        tier = self._request.get("service_tier")
        return {
            "id": self._id,
            "object": kind,
            "created": self._created,
            "model": self._request["model"],
            "service_tier": "default" if tier in _CHOSEN_BY_SERVER else tier,
            "system_fingerprint": FINGERPRINT,
        }

    def _usage(self) -> dict[str, object]:
        tokens = sum(choice.tokens for choice in self._choices)
        return chat_usage(chat_prompt_tokens(self._request), tokens)


def _choice(
    index: int, delta: dict[str, object], logprobs: object, finish_reason: str | None
) -> dict[str, object]:
    return {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": finish_reason}
