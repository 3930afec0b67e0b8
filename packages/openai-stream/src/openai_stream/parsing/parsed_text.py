"""A text that is being written, as a value: what is certain of it, and the whole at the end.

Decides that text is parsed as far as somebody asks, and no character twice. How JSON that is cut is
read is in `partial_json`, how a value is validated in `structured`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from openai_stream.errors import StructuredOutputError
from openai_stream.parsing.partial_json import PartialJSON
from openai_stream.parsing.structured import StructuredOutput

if TYPE_CHECKING:
    from pydantic import JsonValue

    from openai_stream.parsing.partial_json import PartialMode
    from openai_stream.parsing.text_buffer import TextBuffer

T_co = TypeVar("T_co", covariant=True)


class ParsedText(Generic[T_co]):
    """A text that is being written, as a value of a type; it is parsed when somebody asks.

    Args:
        type_: what the text is to be when it is whole.
        text: where it is written.
        mode: what of a value that is cut is given, as in `parse_partial`.
        default: what to take for the text if it is whole and blank.
    """

    __slots__ = ("_default", "_mode", "_parsed", "_parser", "_text", "_type", "_whole")

    def __init__(
        self,
        type_: type[T_co],
        text: TextBuffer,
        *,
        mode: PartialMode = "trailing-strings",
        default: str = "",
    ) -> None:
        self._type = type_
        self._mode: PartialMode = mode
        self._text = text
        self._default = default
        self._parser = PartialJSON()
        self._parsed = 0  # characters, by the parser
        self._whole: tuple[int, T_co] | None = None  # the value, and of how many characters

    def partial(self, length: int) -> JsonValue:
        """What is certain after so many characters; None if nothing is, or if it is no JSON."""
        if length < self._parsed:  # somebody looks back
            self._parser, self._parsed = PartialJSON(), 0
        for piece in self._text.pieces(self._parsed, length):
            self._parser.feed(piece)
        self._parsed = length
        return self._parser.value(self._mode)

    def whole(self, length: int | None = None) -> T_co:
        """The value that so many characters are, or all of them; validated once.

        Raises:
            StructuredOutputError: the text is not of the type, or was cut off.
        """
        length = len(self._text) if length is None else length
        if self._whole is None or self._whole[0] != length:
            output = StructuredOutput(self._type)
            text = self._text.text(length)
            output.feed(text if text.strip() else self._default)
            self._whole = length, output.final()
        return self._whole[1]

    def known(self) -> T_co | JsonValue:
        """The value if the text is whole and fits, or else what is certain of it."""
        try:
            return self.whole()
        except StructuredOutputError:
            return self.partial(len(self._text))
