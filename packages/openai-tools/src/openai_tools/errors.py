"""The errors of tools and schemas; each message names the place and what to write instead."""

from __future__ import annotations

from openai_types.errors import OpenAIError


class StrictSchemaError(OpenAIError):
    """A type has something that strict mode refuses; the message gives the path to it."""


class ToolDefinitionError(OpenAIError):
    """A function or a name cannot be made a tool."""


class ToolArgumentsError(OpenAIError, ValueError):
    """The arguments that a model wrote do not fit the function.

    Attributes:
        arguments: what the model wrote.
    """

    def __init__(self, message: str, *, arguments: str | bytes) -> None:
        super().__init__(message)
        self.arguments = arguments
