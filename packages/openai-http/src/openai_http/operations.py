"""What an operation of the API is: its route, its parameters, and the types of its answers.

Facts without behaviour towards the network. The types are named, not imported: the first call of
an operation pays for them.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Generic, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_stream import EventReader, TerminalContract
    from openai_types import Decoder

T = TypeVar("T")
E = TypeVar("E")


class Operation(Generic[T, E]):
    """An operation: `T` is what it returns, `E` an event of its stream.

    Args:
        name: as it is called, like "chat.completions.create".
        method: the HTTP method.
        path: the path below the base URL.
        body: the names of its parameters, all in the JSON body.
        required: those of them that must be given.
        result: where the type of the answer is, as "module:name".
        events: the same for an event of its stream; empty if it does not stream.
        ends: the rule of `openai_stream.terminal` by which its stream ends.
    """

    __slots__ = (
        "_decoders",
        "body",
        "ends",
        "events",
        "method",
        "name",
        "path",
        "required",
        "result",
    )

    def __init__(
        self,
        name: str,
        method: str,
        path: str,
        *,
        body: frozenset[str],
        required: tuple[str, ...],
        result: str,
        events: str = "",
        ends: str = "any_end",
    ) -> None:
        self.name = name
        self.method = method
        self.path = path
        self.body = body
        self.required = required
        self.result = result
        self.events = events
        self.ends = ends
        self._decoders: dict[tuple[str, bool], Decoder[object]] = {}

    def check(self, params: Mapping[str, object]) -> None:
        """Refuse parameters as Python refuses arguments.

        Raises:
            TypeError: one is unknown (the message suggests the nearest), or a required one is
                missing.
        """
        for name in params:
            if name not in self.body:
                close = get_close_matches(name, self.body, n=1)
                hint = f"; did you mean {close[0]!r}?" if close else "."
                raise TypeError(
                    f"{self.name}() got an unexpected keyword argument {name!r}{hint} What the API"
                    " takes but this version does not know goes into extra_body={...}."
                )
        missing = [repr(name) for name in self.required if name not in params]
        if missing:
            raise TypeError(f"{self.name}() is missing {', '.join(missing)}")

    def result_decoder(self, *, strict: bool) -> Decoder[T]:
        """Decodes the answer."""
        return cast("Decoder[T]", self._decoder(self.result, strict))

    def reader(self, *, strict: bool) -> EventReader[E]:
        """A new reader of its stream, which knows how such a stream ends."""
        from openai_stream import EventReader, terminal

        contract: TerminalContract[E] = getattr(terminal, self.ends)()
        decode = cast("Decoder[E]", self._decoder(self.events, strict))
        return EventReader(decode, contract)

    def _decoder(self, place: str, strict: bool) -> Decoder[object]:
        from openai_types import Decoder

        if (place, strict) not in self._decoders:
            module, _, name = place.partition(":")
            self._decoders[place, strict] = Decoder(
                getattr(import_module(module), name), strict=strict
            )
        return self._decoders[place, strict]
