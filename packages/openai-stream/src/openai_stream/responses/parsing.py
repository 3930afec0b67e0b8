"""Responses whose texts and arguments are parsed by types of the caller's.

Decides what is parsed, and by what; how text becomes a value is in `structured`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from openai_types.responses import (
    ParsedResponse,
    ParsedResponseFunctionToolCall,
    ParsedResponseOutputMessage,
    ParsedResponseOutputText,
    Response,
    ResponseFunctionToolCall,
    ResponseOutputMessage,
    ResponseOutputText,
)

from openai_stream.errors import StructuredOutputError
from openai_stream.parsing.argument_types import argument_types
from openai_stream.parsing.structured import StructuredOutput
from openai_stream.responses.recasting import recast

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

# At run time the classes have no type parameters to look up for each object.
_RESPONSE: type[ParsedResponse[Any]] = ParsedResponse
_MESSAGE: type[ParsedResponseOutputMessage[Any]] = ParsedResponseOutputMessage
_TEXT: type[ParsedResponseOutputText[Any]] = ParsedResponseOutputText


def parsed_text(type_: type[T], text: str) -> T:
    """A text as a type.

    Raises:
        StructuredOutputError: it does not fit, or was cut off.
    """
    output = StructuredOutput(type_)
    output.feed(text)
    return output.final()


class ResponseParser(Generic[T]):
    """Parses responses of one request.

    Args:
        text_format: what texts are to be; None if they are only text.
        tools: those of the request. Arguments are parsed of the functions that are strict, and of
            those that a pydantic model was made a tool of.
    """

    def __init__(self, text_format: type[T] | None, tools: Iterable[object] = ()) -> None:
        self.text_format = text_format
        self._arguments = dict(argument_types(tools))

    def parsed(self, response: Response) -> tuple[ParsedResponse[T], StructuredOutputError | None]:
        """A response with what was parsed, and the first error if there was one."""
        errors: list[StructuredOutputError] = []
        output = cast("object", response.output)
        if isinstance(output, list):
            items = cast("list[object]", output)
            output = [self._item(item, errors) for item in items]
        made = recast(_RESPONSE, response, {"output": output})
        return made, errors[0] if errors else None

    def call(self, call: ResponseFunctionToolCall) -> ParsedResponseFunctionToolCall:
        """A call of a function, with its arguments parsed if that was asked for.

        Raises:
            StructuredOutputError: they do not fit the model of the tool; the text is on the error.
        """
        type_ = self._arguments.get(str(call.name))  # whatever a server sends as the name
        if type_ is None or type_ is dict:
            arguments = None if type_ is None else _json(call.arguments)
        else:
            arguments = parsed_text(type_, str(call.arguments))
        return _call(call, arguments)

    def _item(self, item: object, errors: list[StructuredOutputError]) -> object:
        if isinstance(item, ResponseFunctionToolCall):
            try:
                return self.call(item)
            except StructuredOutputError as error:
                errors.append(error)
                return _call(item, None)
        if not isinstance(item, ResponseOutputMessage):
            return item
        content = cast("object", item.content)
        if isinstance(content, list):
            parts = cast("list[object]", content)
            content = [self._part(part, errors) for part in parts]
        return recast(_MESSAGE, item, {"content": content})

    def _part(self, part: object, errors: list[StructuredOutputError]) -> object:
        if not isinstance(part, ResponseOutputText):
            return part
        value: T | None = None
        if self.text_format is not None:
            try:
                value = parsed_text(self.text_format, str(part.text))
            except StructuredOutputError as error:
                errors.append(error)
        return recast(_TEXT, part, {"parsed": value})


def _call(call: ResponseFunctionToolCall, arguments: object) -> ParsedResponseFunctionToolCall:
    return recast(ParsedResponseFunctionToolCall, call, {"parsed_arguments": arguments})


def _json(text: object) -> object:
    """The value of a JSON text; None if it is none."""
    try:
        return json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
