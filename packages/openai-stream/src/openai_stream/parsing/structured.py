"""Structured outputs while they arrive: text in, values of a type of the caller's out.

Decides what is validated, and when: each part of the answer once, when it is whole, and the answer
at its end. Where the text comes from is no business of this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from openai_types.errors import OpenAIError
from pydantic_core import to_json

from openai_stream.errors import StructuredOutputError
from openai_stream.parsing.inner_types import TypeNode, type_node
from openai_stream.parsing.partial_json import PartialJSON

if TYPE_CHECKING:
    from pydantic import JsonValue, TypeAdapter, ValidationError

    from openai_stream.parsing.partial_json import Completed, PartialMode, Path

T = TypeVar("T")

SHOWN = 3  # complaints that a message shows


@dataclass(frozen=True, slots=True)
class CompletedPart:
    """An object inside an answer, or an element of an array, of which nothing is missing.

    Attributes:
        path: the keys and indexes that lead to it.
        raw: what it is in JSON.
        value: it as the type at that place; `raw` if the type says nothing about the place, or if
            it does not fit.
        error: why it does not fit, or None.
    """

    path: Path
    raw: JsonValue
    value: object
    error: StructuredOutputError | None = None


class StructuredOutput(Generic[T]):
    """An answer of a type that is being written; `feed` it with the text, then ask for `final`.

    Args:
        type_: a pydantic model, a dataclass, a typed dict, or whatever else pydantic validates.

    Raises:
        OpenAIError: pydantic cannot validate the type.
    """

    __slots__ = ("_completed", "_final", "_node", "_parser", "_parts")

    def __init__(self, type_: type[T]) -> None:
        self._node = _checked(type_)
        self._parser = PartialJSON()
        self._parts: list[str] = []
        self._completed: list[Completed] = []
        self._final: list[T] = []  # with the value, once it was validated

    @property
    def text(self) -> str:
        """What was written so far."""
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return "".join(self._parts)

    @property
    def _data(self) -> bytes:
        return self.text.encode(errors="surrogatepass")

    @property
    def partial(self) -> JsonValue:
        """What is known of the answer, as plain JSON that nobody validated; None at the start."""
        return self.value()

    @property
    def error(self) -> str | None:
        """Why what was written is not JSON, if it is not."""
        return self._parser.error

    def value(
        self, mode: PartialMode = "trailing-strings", *, default: JsonValue = None
    ) -> JsonValue:
        """What is known of the answer, as plain JSON that nobody validated.

        Args:
            mode: what to do with a value that is cut, as in `parse_partial`.
            default: what to give if nothing is known yet.
        """
        return self._parser.value(mode, default=default)

    def feed(self, text: str) -> None:
        """Take what the model wrote next. It raises nothing."""
        self._parts.append(text)
        self._completed += self._parser.feed(text)

    def completed(self) -> list[CompletedPart]:
        """The objects and the elements of arrays that became whole since the last call.

        Inner ones come first. Each is validated once, by the type at its place; validators that a
        model has for the whole of a field see it at the end only, in `final`.
        """
        fresh, self._completed = self._completed, []
        return [self._part(each) for each in fresh if _counts(each)]

    def final(self) -> T:
        """The whole answer, validated; to be asked for when nothing more comes.

        Raises:
            StructuredOutputError: it is not JSON, not whole, or not of the type. The text is on it.
        """
        if not self._final:
            self._completed += self._parser.finish()
            if self._parser.error is not None:
                raise self._error(f"is not JSON: {self._parser.error}")
            self._final.append(self._validated())
        return self._final[0]

    def _validated(self) -> T:
        from pydantic import ValidationError

        validate = cast("TypeAdapter[T]", self._node.adapter).validate_json
        try:
            try:
                return validate(self._data)
            except ValueError as error:
                if isinstance(error, ValidationError) and not _is_about_json(error):
                    raise
            # It is JSON, but has half a surrogate pair, which pydantic-core does not read.
            return validate(to_json(self._parser.value()))
        except ValidationError as error:
            raise self._error(f"does not fit: {_complaints(error)}") from error

    def _part(self, completed: Completed) -> CompletedPart:
        from pydantic import ValidationError

        path, raw = completed
        node = self._node.at(path)
        if node is None:
            return CompletedPart(path, raw, raw)
        try:
            return CompletedPart(path, raw, node.adapter.validate_json(to_json(raw)))
        except ValidationError as cause:
            error = self._error(f"does not fit at {_shown(path)}: {_complaints(cause)}")
            error.__cause__ = cause
            return CompletedPart(path, raw, raw, error)

    def _error(self, problem: str) -> StructuredOutputError:
        return StructuredOutputError(
            f"What the model wrote is not {_name(self._node.type)}: it {problem}. See whether it"
            " was cut off (finish_reason, incomplete_details) or refused, and whether the server"
            " keeps to schemas; the text is in .text.",
            data=self._data,
        )


def _checked(type_: object) -> TypeNode:
    from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError

    node = type_node(type_)
    try:
        node.adapter  # noqa: B018 - it is made when it is asked for
    except (PydanticUserError, PydanticUndefinedAnnotation) as error:
        raise OpenAIError(
            f"{_name(type_)} cannot be the type of an answer: {error.message}. Use a pydantic"
            " model, a dataclass or a typed dict of types that JSON has."
        ) from error
    return node


def _counts(completed: Completed) -> bool:
    """Whether something is an object or an element, and not the whole answer."""
    path, value = completed
    return bool(path) and (isinstance(value, dict) or isinstance(path[-1], int))


def _is_about_json(error: ValidationError) -> bool:
    return any(each["type"] == "json_invalid" for each in error.errors(include_url=False))


def _complaints(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    shown = [f"{_shown(each['loc'])}: {each['msg']}" for each in found[:SHOWN]]
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return "; ".join(shown) + more


def _shown(path: Path) -> str:
    return ".".join(map(str, path)) or "the top"


def _name(type_: object) -> str:
    return type_.__name__ if isinstance(type_, type) else str(type_)
