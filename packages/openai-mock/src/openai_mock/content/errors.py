"""What ends the making of content. A server turns each into the refusal of a request."""

from __future__ import annotations

from openai_types.errors import OpenAIError


class ContentError(OpenAIError):
    """What was asked for cannot be made; the message names the place and what helps.

    Attributes:
        place: Where it is: a path such as `lines[0].price`, or a parameter such as `tool_choice`.
            Empty for the top of a schema.
    """

    place: str

    def __init__(self, message: str, *, place: str = "") -> None:
        super().__init__(message)
        self.place = place


class SchemaError(ContentError):
    """No value meets a JSON Schema, or none that the mock finds."""


class PatternError(ContentError):
    """A regular expression that cannot be read, or that no text within the lengths matches."""


class ToolChoiceError(ContentError):
    """The choice of a tool does not fit the tools that are offered."""


class MediaFormatError(ContentError):
    """A format of media that the mock cannot write."""
