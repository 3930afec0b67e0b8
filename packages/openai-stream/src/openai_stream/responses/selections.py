"""What loops over the texts, the calls and the parts of a streamed response find in its events.

Decides that each is given once, and none is left out: what no event told before the one that ends
the response is taken from that one. So it is when the server does not stream the rest of a response
in the background any more, and with servers that stream little. Does no I/O.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

from openai_types import responses as wire

from openai_stream.accumulators.response_builder import ENDS
from openai_stream.parsing.structured import StructuredOutput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openai_types.responses import ParsedResponseFunctionToolCall

    from openai_stream.parsing.structured import CompletedPart
    from openai_stream.parsing.text_buffer import TextBuffer
    from openai_stream.responses.parsing import ResponseParser

T = TypeVar("T")

_DELTA, _ITEM = "response.output_text.delta", "response.output_item.done"


class Piece(NamedTuple):
    """A piece of a text, and the place of the text in the output."""

    text: str
    place: str


class Told:
    """What the events told of texts and calls before the end."""

    __slots__ = ("_calls", "_latest", "_place", "_texts")

    def __init__(self) -> None:
        self._texts: dict[TextBuffer, None] = {}  # in the order in which they began
        self._latest: TextBuffer | None = None
        self._place = ""  # of the latest
        self._calls: set[str] = set()

    def note(self, event: wire.ResponseStreamEvent, growing: TextBuffer | None) -> None:
        """Take the next event, and the text that grew by it."""
        if growing is None:
            if event.type == _ITEM:
                self._calls.update(_name(call) for call in _calls([event.item]))
        elif growing is not self._latest and event.type == _DELTA:
            self._texts[growing] = None
            self._latest, self._place = growing, _piece(event).place

    def rest_of_texts(self, response: object) -> Iterator[Piece]:
        """What only the whole response tells; nothing if its texts came in another order."""
        told = "".join(text.text() for text in self._texts)
        texts = [*_texts(response)]
        if not "".join(text for text, _ in texts).startswith(told):
            return
        known = len(told)
        for text, place in texts:
            if known < len(text):
                yield Piece(text[known:], self._place if known else place)
            known = max(0, known - len(text))

    def rest_of_calls(self, response: object) -> Iterator[wire.ResponseFunctionToolCall]:
        """The whole calls of which only the whole response tells."""
        for call in _calls(_list(getattr(response, "output", None))):
            if _name(call) not in self._calls and call.status in (None, "completed"):
                yield call


class _Pieces:
    """The pieces of all texts, in their order."""

    def __init__(self, told: Told) -> None:
        self._told = told

    def _pieces(self, event: object) -> Iterable[Piece]:
        kind = getattr(event, "type", None)
        if kind == _DELTA:
            return (_piece(event),)
        return self._told.rest_of_texts(getattr(event, "response", None)) if _ends(kind) else ()


class Texts(_Pieces):
    """The pieces of the texts."""

    def __call__(self, event: object) -> Iterable[str]:
        """Those in an event."""
        return [piece.text for piece in self._pieces(event)]


class Parts(_Pieces, Generic[T]):
    """The parts of structured outputs of a type, each when it is whole."""

    def __init__(self, told: Told, type_: type[T]) -> None:
        super().__init__(told)
        self._type = type_
        self._outputs: dict[str, StructuredOutput[T]] = {}

    def __call__(self, event: object) -> Iterable[CompletedPart]:
        """Those that an event completes."""
        found: list[CompletedPart] = []
        for piece in self._pieces(event):
            output = self._outputs.get(piece.place)
            if output is None:
                output = self._outputs[piece.place] = StructuredOutput(self._type)
            output.feed(piece.text)
            found += output.completed()
        return found


class Calls:
    """The calls of functions, each when it is whole."""

    # Any: of whichever type the texts are.
    def __init__(self, told: Told, parser: ResponseParser[Any]) -> None:
        self._told = told
        self._parser = parser

    def __call__(self, event: object) -> Iterable[ParsedResponseFunctionToolCall]:
        """Those that an event completes."""
        kind = getattr(event, "type", None)
        if kind == _ITEM:
            calls = _calls([getattr(event, "item", None)])
        elif _ends(kind):
            calls = self._told.rest_of_calls(getattr(event, "response", None))
        else:
            return ()
        return [self._parser.call(call) for call in calls]


def _ends(kind: object) -> bool:
    return isinstance(kind, str) and kind in ENDS


def _piece(event: object) -> Piece:
    """The piece of a text that an event tells; its fields may be of any type."""
    fields = vars(event)
    delta = fields.get("delta")
    place = _place(fields.get("output_index"), fields.get("content_index"))
    return Piece(delta if isinstance(delta, str) else "", place)


def _place(index: object, number: object) -> str:
    return f"{index}, {number}"


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _texts(response: object) -> Iterator[Piece]:
    """The texts of a response, and their places."""
    for index, item in enumerate(_list(getattr(response, "output", None))):
        if isinstance(item, wire.ResponseOutputMessage):
            for number, part in enumerate(_list(item.content)):
                text: object = getattr(part, "text", None)
                if isinstance(part, wire.ResponseOutputText) and isinstance(text, str):
                    yield Piece(text, _place(index, number))


def _calls(items: Iterable[object]) -> Iterator[wire.ResponseFunctionToolCall]:
    return (each for each in items if isinstance(each, wire.ResponseFunctionToolCall))


def _name(call: wire.ResponseFunctionToolCall) -> str:
    """What tells calls apart: servers may give them other ids of items in each event."""
    return repr(call.call_id or call.id or (call.name, call.arguments))
