"""Responses whose text was parsed into a type of the caller's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Generic, TypeAlias, TypeVar, Union, get_args

from openai_types.leniency import Tagged
from openai_types.responses.items_objects import ParsedResponseOutputItemRest
from openai_types.responses.objects import (
    Response,
    ResponseOutputMessage,
    ResponseOutputRefusal,
    ResponseOutputText,
)
from openai_types.unknown import UnknownMember

ContentType = TypeVar("ContentType")


class ParsedResponseOutputText(ResponseOutputText, Generic[ContentType]):
    """Text of an output with what it was parsed into."""

    parsed: ContentType | None = None


# pydantic would need each alias once a type parameter: at run time they have none.
if TYPE_CHECKING:
    ParsedContent: TypeAlias = ParsedResponseOutputText[ContentType] | ResponseOutputRefusal
    """A part of a parsed message."""
else:
    ParsedContent = Annotated[
        ParsedResponseOutputText | ResponseOutputRefusal | UnknownMember, Tagged("type")
    ]


class ParsedResponseOutputMessage(ResponseOutputMessage, Generic[ContentType]):
    """A message of an output with parsed parts."""

    if TYPE_CHECKING:
        content: list[ParsedContent[ContentType]]  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleVariableOverride]
    else:
        content: list[ParsedContent]


if TYPE_CHECKING:
    ParsedResponseOutputItem: TypeAlias = (
        ParsedResponseOutputMessage[ContentType] | ParsedResponseOutputItemRest
    )
    """An item of a parsed response's output."""
else:
    ParsedResponseOutputItem = Annotated[
        Union[(ParsedResponseOutputMessage, *get_args(get_args(ParsedResponseOutputItemRest)[0]))],
        Tagged("type"),
    ]


class ParsedResponse(Response, Generic[ContentType]):
    """A response with parsed output."""

    if TYPE_CHECKING:
        output: list[ParsedResponseOutputItem[ContentType]]  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleVariableOverride]
    else:
        output: list[ParsedResponseOutputItem]

    @property
    def output_parsed(self) -> ContentType | None:
        """What the first parsed text became; None if there is none."""
        for item in self.output:
            if isinstance(item, ParsedResponseOutputMessage):
                for part in item.content:
                    if isinstance(part, ParsedResponseOutputText) and part.parsed is not None:
                        return part.parsed
        return None
