"""The choices of a chat completion: what one says, as a message and as the deltas of a stream.

Decides the shape of a message of text, of calls of tools and of speech. Knows neither the request
nor the completion around it.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol, TypeAlias

from openai_mock.content.logprobs import token_logprobs
from openai_mock.content.media import speech
from openai_mock.content.tokens import count, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openai_mock.content.tokens import Output
    from openai_mock.content.tool_calls import ToolCall

Json: TypeAlias = dict[str, object]
Delta: TypeAlias = "tuple[Json, Json | None]"  # with its log probabilities

SECONDS_OF_AUDIO = 3600  # for which what was spoken can be named in a later request
LETTERS_A_PIECE = 16_384  # of sound in base64; a multiple of 4, so that each can be decoded


class Choice(Protocol):
    """One of the answers to a request."""

    @property
    def message(self) -> Json:
        """The whole message."""
        ...

    @property
    def finish_reason(self) -> str:
        """Why it ended."""
        ...

    @property
    def logprobs(self) -> Json | None:
        """The log probabilities of its tokens, if they are asked for."""
        ...

    @property
    def tokens(self) -> int:
        """How many tokens it has."""
        ...

    def deltas(self) -> Iterator[Delta]:
        """The message in pieces, in the order in which they are sent."""
        ...


@dataclass(frozen=True)
class TextChoice:
    """An answer in text.

    Attributes:
        said: What is said.
        top: How many likely tokens are named in each place; None if no log probabilities are
            asked for.
    """

    said: Output
    top: int | None = None

    @property
    def message(self) -> Json:
        """The whole message."""
        return {**_opening(self.said.text), "annotations": []}

    @property
    def finish_reason(self) -> str:
        """Why it ended."""
        return self.said.finish_reason

    @property
    def logprobs(self) -> Json | None:
        """The log probabilities of its tokens, if they are asked for."""
        return None if self.top is None else _logprobs(self._entries)

    @property
    def tokens(self) -> int:
        """How many tokens it has."""
        return len(self.said.pieces)

    def deltas(self) -> Iterator[Delta]:
        """The message in pieces."""
        yield _opening(""), None
        if self.top is None:
            for piece in self.said.pieces:
                yield {"content": piece}, None
            return
        for piece, entry in zip(self.said.pieces, self._entries, strict=True):
            yield {"content": piece}, _logprobs([entry])

    @cached_property
    def _entries(self) -> list[Json]:
        return token_logprobs(self.said.pieces, top=self.top or 0)


@dataclass(frozen=True)
class ToolsChoice:
    """An answer that calls tools.

    Attributes:
        calls: The calls, at least one.
        is_legacy: Whether it is a `function_call`, as before there were tools.
        is_forced: Whether the request named the one tool to call.
    """

    calls: tuple[ToolCall, ...]
    is_legacy: bool = False
    is_forced: bool = False
    logprobs: Json | None = None

    @property
    def message(self) -> Json:
        """The whole message."""
        called: Json = {"tool_calls": [call.in_message() for call in self.calls]}
        if self.is_legacy:
            (call,) = self.calls
            called = {"function_call": {"name": call.name, "arguments": call.input}}
        return {**_opening(None), **called, "annotations": []}

    @property
    def finish_reason(self) -> str:
        """Why it ended; a call that was forced is told as the end of an answer."""
        if self.is_legacy:
            return "function_call"
        return "stop" if self.is_forced else "tool_calls"

    @property
    def tokens(self) -> int:
        """How many tokens it has."""
        return sum(count(call.name) + count(call.input) for call in self.calls)

    def deltas(self) -> Iterator[Delta]:
        """The message in pieces: each call by its index, its arguments piece by piece."""
        yield _opening(None), None
        for index, call in enumerate(self.calls):
            for part in self._parts(index, call):
                yield part, None

    def _parts(self, index: int, call: ToolCall) -> Iterator[Json]:
        if self.is_legacy:
            yield {"function_call": {"name": call.name, "arguments": ""}}
            for piece in split(call.input):
                yield {"function_call": {"arguments": piece}}
            return
        argument = "arguments" if call.kind == "function" else "input"
        # The description of a chunk has no type for calls of custom tools.
        kind = {"type": call.kind} if call.kind == "function" else {}
        begun = {"index": index, "id": call.call_id, **kind}
        yield {"tool_calls": [{**begun, call.kind: {"name": call.name, argument: ""}}]}
        for piece in split(call.input):
            yield {"tool_calls": [{"index": index, call.kind: {argument: piece}}]}


@dataclass(frozen=True)
class SpokenChoice:
    """An answer that is spoken.

    Attributes:
        said: What is said.
        format: The format of the sound.
        seed: What the id of the sound is made from.
        created: When it is made, in whole seconds since the epoch.
    """

    said: Output
    format: str
    seed: str
    created: int
    data: str = ""
    logprobs: Json | None = None

    def made(self) -> SpokenChoice:
        """The choice with its sound.

        Raises:
            MediaFormatError: There is no such format.
        """
        sound = speech(self.said.text, self.format.removesuffix("16"))  # pcm16 is pcm
        return replace(self, data=b64encode(sound).decode())

    def again(self, seed: str) -> SpokenChoice:
        """The same with another id."""
        return replace(self, seed=seed)

    @property
    def message(self) -> Json:
        """The whole message."""
        audio: Json = {
            "id": self._id,
            "data": self.data,
            "expires_at": self._expires_at,
            "transcript": self.said.text,
        }
        return {**_opening(None), "audio": audio, "annotations": []}

    @property
    def finish_reason(self) -> str:
        """Why it ended."""
        return self.said.finish_reason

    @property
    def tokens(self) -> int:
        """How many tokens it has."""
        return len(self.said.pieces)

    def deltas(self) -> Iterator[Delta]:
        """The message in pieces: the words, then the sound."""
        yield _opening(None), None
        yield {"audio": {"id": self._id, "transcript": ""}}, None
        for piece in self.said.pieces:
            yield {"audio": {"transcript": piece}}, None
        for begin in range(0, len(self.data), LETTERS_A_PIECE):
            yield {"audio": {"data": self.data[begin : begin + LETTERS_A_PIECE]}}, None
        yield {"audio": {"expires_at": self._expires_at}}, None

    @property
    def _id(self) -> str:
        return f"audio_{sha256(self.seed.encode()).hexdigest()[:24]}"

    @property
    def _expires_at(self) -> int:
        return self.created + SECONDS_OF_AUDIO


def _opening(content: str | None) -> Json:
    return {"role": "assistant", "content": content, "refusal": None}


def _logprobs(entries: Sequence[Json]) -> Json:
    return {"content": entries, "refusal": None}
