"""The signatures of operations whose arguments decide what comes back, or which go together.

Each is written for each mode, so what the signatures of one operation have in common is written
once: a TypedDict of its parameters and the options of calls, which only type checkers see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from codegen.emitting.signatures import Parameters, Signature
from codegen.operations import Operation

HTTP = "openai_http"
OPTIONS = "CallOptionsParams"
STREAM_OPTIONS = "StreamOptionsParams"
# What a call gives in each mode, by the result that is decoded.
MODES = {
    "Decoded": "{result}",
    "Raw": f"{HTTP}.LegacyAPIResponse[{{result}}]",
    "Streamed": (
        f"{HTTP}.{{prefix}}ResponseContextManager[{HTTP}.{{prefix}}APIResponse[{{result}}]]"
    ),
}


class Overloads:
    """Writes the signatures for one description."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters

    def are_needed(self, operation: Operation) -> bool:
        """Whether one signature cannot say all of an operation."""
        decides = bool(operation.streams) and not operation.always_streams
        is_open = bool(operation.params) and not self._parameters.typed_dict(operation)
        return decides or operation.chosen_by is not None or is_open

    def given(self, operation: Operation) -> Iterator[str]:
        """The TypedDicts that the signatures of an operation unpack, as source text."""
        if not self.are_needed(operation):
            return
        if operation.chosen_by:
            yield self._of_fields(operation, without={operation.chosen_by[0]})
            return
        for name, base in self._dicts(operation).items():
            yield f"class {name}({base}, {_options(operation)}): ..."

    def signatures(
        self, operation: Operation, result: str, stream: str, owner: str, *, asynchronous: bool
    ) -> Iterator[Signature]:
        """Every way to call an operation.

        Args:
            operation: the operation.
            result: the type of what it gives.
            stream: the type of its stream, empty if it has none.
            owner: the class that it is a method of.
            asynchronous: whether that is a class of the asynchronous client.
        """
        plain = [*self._plain(operation, result, stream)]
        prefix = "Async" if asynchronous else ""
        for mode, form in MODES.items():
            for each in plain:
                if each.is_open and mode != "Decoded":
                    continue  # a response with either: whoever wants one says which
                yield replace(
                    each,
                    of=f"{owner}[{mode}]",
                    returns=form.format(prefix=prefix, result=each.returns),
                    awaited=asynchronous and mode != "Streamed",
                )

    def _plain(self, operation: Operation, result: str, stream: str) -> Iterator[Signature]:
        """The signatures in the ordinary mode."""
        if operation.chosen_by:
            yield from self._by_value(operation, *operation.chosen_by, stream)
            return
        ways = [("", result, False)]
        if stream:
            ways = [
                ("stream: Literal[False] | None = NOT_GIVEN", result, False),
                ("stream: Literal[True]", stream, False),
                ("stream: bool", f"{result} | {stream}", True),
            ]
        positional, others = self._parameters.in_path(operation)
        for given in self._dicts(operation):
            for named, returns, is_open in ways:
                yield Signature(
                    tuple(f"{each}: str" for each in positional),
                    (*(f"{each}: str" for each in others), *([named] if named else [])),
                    given,
                    returns,
                    is_open=is_open,
                    options=(),
                )

    def _by_value(
        self, operation: Operation, name: str, table: dict[str, str], stream: str
    ) -> Iterator[Signature]:
        """Where the value of a parameter decides what comes back."""
        values: dict[str, list[str]] = {}
        for value, type_ in table.items():
            values.setdefault(type_, []).append(repr(value))
        first = next(iter(values))
        given = _dict_name(operation)
        for type_, literals in values.items():
            named = [
                f"{name}: Literal[{', '.join(literals)}]{' = NOT_GIVEN' if type_ == first else ''}"
            ]
            if stream:
                named.append("stream: Literal[False] | None = NOT_GIVEN")
            yield Signature((), tuple(named), given, type_, options=())
        if stream:
            explicit = self._parameters.explicit(operation)
            chosen = [each for each in explicit if each.startswith(f"{name}:")]
            yield Signature((), (*chosen, "stream: Literal[True]"), given, stream, options=())

    def _dicts(self, operation: Operation) -> dict[str, str]:
        """The TypedDicts of an operation that chooses no result: their names, and bases."""
        single = self._parameters.typed_dict(operation)
        if single:
            return {_dict_name(operation): single}
        return {
            f"{each.rpartition('.')[2]}Call": each for each in self._parameters.variants(operation)
        }

    def _of_fields(self, operation: Operation, *, without: set[str]) -> str:
        lines = [f"class {_dict_name(operation)}({_options(operation)}, total=False):"]
        for each in self._parameters.explicit(operation):
            name, _, rest = each.partition(": ")
            type_, optional, _ = rest.partition(" = NOT_GIVEN")
            if name not in without:
                lines.append(f"    {name}: {type_ if optional else f'Required[{type_}]'}")
        return "\n".join(lines)


def _options(operation: Operation) -> str:
    return STREAM_OPTIONS if operation.streams else OPTIONS


def _dict_name(operation: Operation) -> str:
    words = operation.name.replace(".", "_").split("_")
    return "".join(word.capitalize() for word in words) + "Call"
