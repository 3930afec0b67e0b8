"""What an operation of the API is: its route, its parameters, and the types of its answers.

Facts without behaviour towards the network. The types are named, not imported: the first call of
an operation pays for them.
"""

from __future__ import annotations

from copy import copy
from difflib import get_close_matches
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from openai_http.bodies.encoding import PARAMETERS
from openai_http.requests import build_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_stream import EventReader, TerminalContract
    from openai_types import Decoder

    from openai_http.bodies.encoding import WireNames
    from openai_http.messages import Request
    from openai_http.requests import CallOptions
    from openai_http.settings import Settings

T = TypeVar("T")
E = TypeVar("E")


class Operation(Generic[T, E]):
    """An operation: `T` is what it returns, `E` an event of its stream.

    Args:
        name: as it is called, like "chat.completions.create".
        method: the HTTP method.
        path: the path below the base URL, with `{name}` for each parameter in it.
        body: the names of the parameters in the body, with blanks between them.
        query: those in the query.
        files: those that may be files; with any, the body is a multipart form.
        references: those of `files` that may be an object instead, which says where a file is;
            then the body is JSON.
        json_without_files: the body is JSON, too, if no file is given.
        wire_names: the keys that have another name on the wire, in the parameters and what is in
            them: by the type of a place ("" for the parameters themselves) and the key, the name
            (empty for the key itself) and the type inside (empty where there are no such keys).
        headers: those in headers, with the header's name.
        required: those that must be given.
        sends: headers of every call of it.
        sdp: it sends an offer of the session description protocol, as it is.
        result: where the type of the answer is, as "module:name"; "str" for plain text; empty if
            there is none.
        result_by: a parameter by whose value the type differs, and where the types are.
        page: the kind of page of which `result` is an item, like "CursorPage".
        events: where the type of an event of its stream is; empty if it does not stream.
        ends: the rule of `openai_stream.terminal` by which its stream ends.
        named_events: an event is the pair of its name and its data.
        admin: it takes the admin key.
    """

    is_described = True  # by the API; what is not may answer with any text

    def __init__(
        self,
        name: str,
        method: str,
        path: str,
        *,
        body: str = "",
        query: str = "",
        files: str = "",
        references: str = "",
        json_without_files: bool = False,
        wire_names: WireNames | None = None,
        headers: Mapping[str, str] | None = None,
        required: str = "",
        sends: Mapping[str, str] | None = None,
        sdp: bool = False,
        result: str = "",
        result_by: tuple[str, Mapping[str, str]] | None = None,
        page: str = "",
        events: str = "",
        ends: str = "any_end",
        named_events: bool = False,
        admin: bool = False,
    ) -> None:
        self.name = name
        self.method = method
        self.path = path
        self.json_without_files = json_without_files
        self.wire_names = wire_names or {}
        self.sdp = sdp
        self.sends = sends or {}
        self.result = result
        self.result_by = result_by
        self.page = page
        self.events = events
        self.ends = ends
        self.named_events = named_events
        self.admin = admin
        self.headers = headers or {}
        self._body = body
        self._query = query
        self._files = files
        self._references = references
        self._required = required
        self._decoders: dict[tuple[str, str, bool], Decoder[object]] = {}

    @cached_property
    def body(self) -> frozenset[str]:
        """The names of the parameters in the body."""
        return frozenset(self._body.split())

    @cached_property
    def query(self) -> frozenset[str]:
        """The names of the parameters in the query."""
        return frozenset(self._query.split())

    @cached_property
    def files(self) -> frozenset[str]:
        """The names of the parameters that are files."""
        return frozenset(self._files.split())

    @cached_property
    def file_fields(self) -> dict[str, str]:
        """The same, by the names of their fields in the form."""
        renamed = self.wire_names.get(PARAMETERS, {})
        return {renamed.get(name, ("",))[0] or name: name for name in self.files}

    @cached_property
    def references(self) -> frozenset[str]:
        """The names of the parameters that are files, or say where one is."""
        return frozenset(self._references.split())

    @cached_property
    def path_parameters(self) -> tuple[str, ...]:
        """The names of the parameters in the path, in their order."""
        return tuple(part.partition("}")[0] for part in self.path.split("{")[1:])

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The names of the parameters that must be given."""
        return (*self.path_parameters, *self._required.split())

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The names of all parameters."""
        return self.body | self.query | self.files | {*self.path_parameters, *self.headers}

    def check(self, params: Mapping[str, object]) -> None:
        """Refuse parameters as Python refuses arguments.

        Raises:
            TypeError: one is unknown (the message suggests the nearest), or a required one is
                missing.
        """
        for name in params:
            if name not in self.parameters:
                close = get_close_matches(name, self.parameters, n=1)
                hint = f"; did you mean {close[0]!r}?" if close else "."
                raise TypeError(
                    f"{self.name}() got an unexpected keyword argument {name!r}{hint} What the API"
                    " takes but this version does not know goes into extra_body={...}."
                )
        missing = [repr(name) for name in self.required if name not in params]
        if missing:
            raise TypeError(f"{self.name}() is missing {', '.join(missing)}")

    def streamed(self, events: str, *, ends: str) -> Operation[T, object]:
        """The same operation, answered with a stream that it is not described with.

        Args:
            events: where the type of an event is.
            ends: the rule by which the stream ends.
        """
        made = cast("Operation[T, object]", copy(self))
        made.events, made.ends = events, ends
        made.sends = {name: value for name, value in self.sends.items() if name != "accept"}
        return made

    def request(
        self, settings: Settings, params: Mapping[str, object], options: CallOptions
    ) -> Request:
        """Make the request of a call; raises what `requests.build_request` does."""
        return build_request(settings, self, params, options)

    def result_for(self, params: Mapping[str, object]) -> str:
        """Where the type of the answer to a call with these parameters is."""
        if self.result_by is None:
            return self.result
        name, places = self.result_by
        usual = next(iter(places.values()))
        return places.get(str(params.get(name)), usual)

    def result_decoder(self, place: str, *, strict: bool) -> Decoder[T]:
        """Decodes the answer; `place` is what `result_for` gives."""
        return cast("Decoder[T]", self._decoder(place, "", strict))

    def page_decoder(self, kind: str, *, strict: bool) -> Decoder[object]:
        """Decodes a page of answers; `kind` is "Sync" or "Async"."""
        return self._decoder(self.result, kind + self.page, strict)

    def reader(self, *, strict: bool, is_over: bool = False) -> EventReader[E]:
        """A new reader of its stream, which knows how such a stream ends, or that it has."""
        from openai_stream import EventReader, terminal
        from openai_stream.accumulating import accumulator_of

        contract: TerminalContract[E] = getattr(terminal, "any_end" if is_over else self.ends)()
        decode = cast("Decoder[E]", self._decoder(self.events, "", strict))
        return EventReader(
            decode,
            contract,
            named_events=self.named_events,
            accumulator=accumulator_of(self.events),
        )

    def _decoder(self, place: str, page: str, strict: bool) -> Decoder[object]:
        key = place, page, strict
        if key not in self._decoders:
            from openai_types import Decoder

            module, _, name = place.partition(":")
            type_ = getattr(import_module(module), name)
            if page:
                from openai_http import pagination

                type_ = getattr(pagination, page)[type_]
            self._decoders[key] = Decoder(type_, strict=strict)
        return self._decoders[key]
