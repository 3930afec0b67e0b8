"""What a chat completion's texts are parsed into: its content, and the arguments of functions.

Decides which texts are parsed, by the parameters of the request, and that each is parsed once, when
somebody asks. How that is done is in `parsed_text`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

from openai_stream.parsing.argument_types import argument_types
from openai_stream.parsing.parsed_text import ParsedText

if TYPE_CHECKING:
    from openai_stream.parsing.text_buffer import TextBuffer

T = TypeVar("T")

# Strings that are cut are left out, as in the official package: who sees a key has its value.
PARTIAL = "on"


class ChatParsing(Generic[T]):
    """What was asked for.

    Args:
        response_format: a type for the content; a parameter of the API, or nothing, asks for none.
        input_tools: the tools of the request. Arguments are parsed of the functions that are
            strict, and of those that a pydantic model was made a tool of.

    Attributes:
        content_type: the type of the content; None if it is only text.
    """

    def __init__(self, response_format: object, input_tools: object) -> None:
        self.content_type = cast("type[T] | None", _type_in(response_format))
        self._arguments = dict(argument_types(input_tools))

    @property
    def asked(self) -> bool:
        """Whether anything is to be parsed."""
        return self.content_type is not None or bool(self._arguments)

    def content(self, text: TextBuffer) -> ParsedText[T] | None:
        """A content as what it is to be."""
        return (
            None if self.content_type is None else ParsedText(self.content_type, text, mode=PARTIAL)
        )

    def arguments(self, name: str, text: TextBuffer) -> ParsedText[object] | None:
        """The arguments of a function as what they are to be; None if they are not parsed."""
        type_ = self._arguments.get(name)
        return None if type_ is None else arguments(text, type_)


def arguments(text: TextBuffer, type_: type[object] = dict) -> ParsedText[object]:
    """Arguments as a value of a type, or as JSON; blank ones are none."""
    return ParsedText(type_, text, mode=PARTIAL, default="{}")


def _type_in(response_format: object) -> object:
    """The type that a parameter is; None if it is what the API takes, or a mark of absence."""
    if isinstance(response_format, type):
        return response_format
    # Types like list[int] are no instances of type.
    return response_format if getattr(response_format, "__origin__", None) is not None else None
