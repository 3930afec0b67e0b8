"""A file that calls every operation, for type checkers: `tests/typing/every_operation.py`.

It is never run. It imports names where users of the official package expect them, and asserts the
type of each result, so that a method that no longer takes its own parameters, or whose result is
`Any`, is found by pyright and mypy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from codegen.description import Description
from codegen.emitting.signatures import Parameters
from codegen.expressions import Writer, references
from codegen.operations import Operation

FILE = "every_operation.py"
SUITE = "openai_suite"
BINARY = "HttpxBinaryResponseContent"
CLIENT_NAMES = ("AsyncOpenAI", "AsyncStream", BINARY, "OpenAI", "Stream")


@dataclass(frozen=True)
class Call:
    """One way to call an operation.

    Attributes:
        parameters: of the function that makes the call, with their types.
        arguments: of the call.
        result: the type that comes back, or that iterating gives; "" for none.
        streams: whether it comes in a stream; None where a variable decides that.
    """

    parameters: tuple[str, ...]
    arguments: tuple[str, ...]
    result: str
    streams: bool | None = False


class Consumer:
    """Writes the file for one description."""

    def __init__(self, description: Description) -> None:
        self._description = description
        self._parameters = Parameters(description)
        self._homes: defaultdict[str, set[str]] = defaultdict(set)
        for operation in description.operations:
            for full in self._types(operation):
                namespace, _, name = full.rpartition(".")
                self._homes[name].add(namespace)
        self._writer = Writer(self._local, ())

    def source(self) -> str:
        """The file without its head, not yet formatted."""
        functions = [
            self._function(operation, path, asynchronous=asynchronous)
            for operation, path in self._places()
            for asynchronous in (False, True)
        ]
        title = '"""Every operation once, sync and async, never run: checkers infer these types."""'
        head = "\n".join([title, *self._imports(functions)])
        return "\n\n\n".join([head, *functions]) + "\n"

    def _places(self) -> Iterator[tuple[Operation, str]]:
        """Every operation with its resource, and with each other name of that resource."""
        for operation in self._description.operations:
            yield operation, operation.resource
            for resource in self._description.resources:
                if resource.alias_of == operation.resource:
                    yield operation, resource.path

    def _types(self, operation: Operation) -> Iterator[str]:
        """The types that calls of an operation name."""
        for call in self._calls(operation):
            for expression in (call.result, *(each.partition(": ")[2] for each in call.parameters)):
                yield from references(expression or "None")
        if operation.streams:
            yield from references(operation.streams)

    def _imports(self, functions: list[str]) -> Iterator[str]:
        text = "\n".join(functions)
        yield "from __future__ import annotations"
        yield "from typing import assert_type"
        if used := [name for name in CLIENT_NAMES if name in text]:
            yield f"from {SUITE} import {', '.join(used)}"
        for name, namespaces in self._homes.items():
            for namespace in namespaces - {""}:
                home = f"{SUITE}.types" + ("" if namespace == "shared" else f".{namespace}")
                local = self._local(f"{namespace}.{name}")
                yield f"from {home} import {name}{f' as {local}' if local != name else ''}"

    def _local(self, full: str) -> str:
        """What the file calls a type: its name, after its namespace where several have one."""
        namespace, _, name = full.rpartition(".")
        if len(self._homes[name]) < 2 or namespace in {"", "shared"}:  # noqa: PLR2004 - several
            return name
        words = namespace.replace(".", "_").split("_")
        return "".join(word.capitalize() for word in words) + name

    def _function(self, operation: Operation, path: str, *, asynchronous: bool) -> str:
        calls = list(self._calls(operation))
        parameters = dict.fromkeys(
            f"{name}: {self._writer.write(type_)}"
            for call in calls
            for name, _, type_ in (each.partition(": ") for each in call.parameters)
        )
        method = operation.name.rpartition(".")[2]
        target = f"client.{path}.{method}"
        name = f"{path}.{method}".replace(".", "_")
        client = "AsyncOpenAI" if asynchronous else "OpenAI"
        head = f"{'async ' if asynchronous else ''}def {name}{'_async' if asynchronous else ''}"
        lines = [f"{head}({', '.join([f'client: {client}', *parameters])}) -> None:"]
        for call in calls:
            made = f"{target}({', '.join(call.arguments)})"
            lines += self._proof(operation, call, made, asynchronous=asynchronous)
        return "\n".join(lines)

    def _proof(
        self, operation: Operation, call: Call, made: str, *, asynchronous: bool
    ) -> Iterator[str]:
        """The lines that make a call and assert what comes back."""
        if operation.page:
            yield f"    {'async ' if asynchronous else ''}for item in {made}:"
            yield f"        assert_type(item, {self._writer.write(call.result)})"
            return
        result = BINARY if call.result == "bytes" else self._writer.write(call.result)
        if call.streams is not False:
            stream = f"{'Async' if asynchronous else ''}Stream"
            events = f"{stream}[{self._writer.write(operation.streams)}]"
            result = events if call.streams else f"{result} | {events}"
        waited = f"await {made}" if asynchronous else made
        if result == "None":
            yield f"    {waited}"  # the value of a call that gives none may not be used
        else:
            yield f"    assert_type({waited}, {result})"

    def _calls(self, operation: Operation) -> Iterator[Call]:
        """The calls that together touch each overload of a method."""
        positional, others = self._parameters.in_path(operation)
        names = tuple(f"{each}: str" for each in (*positional, *others))
        path = (*positional, *(f"{each}={each}" for each in others))
        dicts = self._dicts(operation)
        chosen = operation.chosen_by
        if chosen:
            yield from self._calls_by_value(operation, *chosen)
            return
        for number, each in enumerate(dicts, start=1):
            name = f"params_{number}" if len(dicts) > 1 else "params"
            parameters = (*names, f"{name}: {each}")
            plain = (*path, f"**{name}")
            if not operation.streams or operation.always_streams:
                yield Call(parameters, plain, operation.returns, operation.always_streams)
                continue
            yield Call(parameters, plain, operation.returns)
            yield Call(parameters, (*plain, "stream=False"), operation.returns)
            yield Call(parameters, (*plain, "stream=True"), "None", streams=True)
            flagged = (*parameters, "stream: bool")
            yield Call(flagged, (*plain, "stream=stream"), operation.returns, streams=None)
        if not dicts:
            yield Call(names, path, operation.returns, operation.always_streams)

    def _dicts(self, operation: Operation) -> list[str]:
        """The TypedDicts of the parameters: one, or one for each overload."""
        single = self._parameters.typed_dict(operation)
        return [single] if single else self._parameters.variants(operation)

    def _calls_by_value(
        self, operation: Operation, name: str, table: dict[str, str]
    ) -> Iterator[Call]:
        """A call for each value that decides what comes back, with what every call needs."""
        needed = [
            each.replace("FileTypes", "bytes")
            for each in self._parameters.explicit(operation)
            if not each.endswith("= NOT_GIVEN") and not each.startswith(f"{name}:")
        ]
        given = tuple(f"{each.partition(':')[0]}={each.partition(':')[0]}" for each in needed)
        first = next(iter(table.values()))
        yield Call(tuple(needed), given, first)
        for value, type_ in table.items():
            yield Call(tuple(needed), (*given, f'{name}="{value}"'), type_)
        if operation.streams:
            yield Call(tuple(needed), (*given, "stream=True"), "None", streams=True)
