"""Completions of a text, as the API had them before chat, whole or in chunks.

Is given a request that has been checked. Knows nothing about HTTP or the framing of a stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

from openai_mock.answers.chat import FINGERPRINT
from openai_mock.answers.words import plain_words
from openai_mock.content.json_values import as_object
from openai_mock.content.logprobs import completion_logprobs
from openai_mock.content.tokens import output, split
from openai_mock.content.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.content.json_values import Object
    from openai_mock.state.ids import Identifiers

USUAL_LIMIT = 16  # tokens, if the request does not say
Prompt: TypeAlias = str | list[int]  # a text, or the ids of its tokens


@dataclass(frozen=True)
class _Choice:
    """One completion of one prompt.

    Attributes:
        pieces: Its tokens, those of the prompt before them if it is repeated.
        written: How many of them are new.
        finish_reason: Why it ended.
        logprobs: The log probabilities of its tokens, if they are asked for.
    """

    pieces: tuple[str, ...]
    written: int
    finish_reason: str
    logprobs: dict[str, object] | None


class CompletionAnswer:
    """The answer to one request.

    Args:
        request: The request.
        ids: Where its id is from.
        created: When it is made, in whole seconds since the epoch.
    """

    def __init__(self, request: Object, *, ids: Identifiers, created: int) -> None:
        self._request = request
        self._prompts = _prompts(request["prompt"])
        number = cast("int", request.get("n") or 1)
        # One choice says what all of a prompt do.
        each = [self._made_choice(prompt) for prompt in self._prompts]
        self._choices = [choice for choice in each for _ in range(number)]
        self._head: dict[str, object] = {
            "id": ids.new("cmpl-"),
            "object": "text_completion",
            "created": created,
            "model": request["model"],
            "system_fingerprint": FINGERPRINT,
        }

    def body(self) -> dict[str, object]:
        """The completion, not streamed."""
        choices = [
            _choice("".join(each.pieces), index, each.logprobs, each.finish_reason)
            for index, each in enumerate(self._choices)
        ]
        return {**self._head, "choices": choices, "usage": self._usage()}

    def chunks(self) -> Iterator[dict[str, object]]:
        """The completion, streamed: one choice after the other."""
        with_usage = as_object(self._request.get("stream_options")).get("include_usage") is True
        head = self._head | ({"usage": None} if with_usage else {})
        for index, choice in enumerate(self._choices):
            for place, piece in enumerate(choice.pieces):
                logprobs = _at(choice.logprobs, place)
                yield {**head, "choices": [_choice(piece, index, logprobs, None)]}
            yield {**head, "choices": [_choice("", index, None, choice.finish_reason)]}
        if with_usage:
            yield {**head, "choices": [], "usage": self._usage()}

    def _made_choice(self, prompt: Prompt) -> _Choice:
        request = self._request
        text, suffix = _text_of(prompt), request.get("suffix")
        limit = cast("int | None", request.get("max_tokens"))
        said = output(
            plain_words(Turn(f"{text} ... {suffix}" if suffix else text, is_of_user=True)),
            limit=USUAL_LIMIT if limit is None else limit,
            stop=cast("list[str] | None", request.get("stop")),
        )
        before = tuple(split(text)) if request.get("echo") is True else ()
        pieces = (*before, *said.pieces)
        top = cast("int | None", request.get("logprobs"))
        logprobs = None if top is None else completion_logprobs(pieces, top=top)
        return _Choice(pieces, len(said.pieces), said.finish_reason, logprobs)

    def _usage(self) -> dict[str, object]:
        read = sum(
            len(split(each)) if isinstance(each, str) else len(each) for each in self._prompts
        )
        written = sum(choice.written for choice in self._choices)
        return {
            "prompt_tokens": read,
            "completion_tokens": written,
            "total_tokens": read + written,
        }


def _prompts(given: object) -> list[Prompt]:
    """The prompts: one text, texts, one text as tokens, or several."""
    if isinstance(given, str):
        return [given]
    prompts = cast("list[Prompt | int]", given or [""])
    if isinstance(prompts[0], int):
        return [cast("list[int]", prompts)]
    return cast("list[Prompt]", prompts)


def _text_of(prompt: Prompt) -> str:
    """The text; of tokens, of which the mock has no vocabulary, their numbers."""
    return prompt if isinstance(prompt, str) else " ".join(map(str, prompt))


def _choice(
    text: str, index: int, logprobs: object, finish_reason: str | None
) -> dict[str, object]:
    return {"text": text, "index": index, "logprobs": logprobs, "finish_reason": finish_reason}


def _at(logprobs: dict[str, object] | None, place: int) -> dict[str, object] | None:
    """The log probabilities of one token."""
    if logprobs is None:
        return None
    return {name: cast("list[object]", all_)[place : place + 1] for name, all_ in logprobs.items()}
