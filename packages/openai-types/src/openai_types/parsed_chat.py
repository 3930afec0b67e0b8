"""Chat completions whose content was parsed into a type of the caller's."""

from __future__ import annotations

from typing import Generic, TypeVar

from openai_types.chat.objects import (
    ChatCompletion,
    ChatCompletionChoice,
    ChatCompletionMessage,
    ParsedFunctionToolCall,
)

ContentType = TypeVar("ContentType")


class ParsedChatCompletionMessage(ChatCompletionMessage, Generic[ContentType]):
    """A message with what its content was parsed into."""

    parsed: ContentType | None = None
    tool_calls: list[ParsedFunctionToolCall] | None = None  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleVariableOverride]


class ParsedChoice(ChatCompletionChoice, Generic[ContentType]):
    """A choice with a parsed message."""

    message: ParsedChatCompletionMessage[ContentType]


class ParsedChatCompletion(ChatCompletion, Generic[ContentType]):
    """A chat completion with parsed choices."""

    choices: list[ParsedChoice[ContentType]]  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleVariableOverride]
