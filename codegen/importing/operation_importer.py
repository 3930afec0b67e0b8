"""The importer of operations: from the facts of the official package's methods to the description.

Methods that send no request of their own (helpers that combine others, WebSocket sessions) are not
described: they are listed, for other packages to bring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from codegen.description import Field, Object
from codegen.importing.facts import Fact, Facts, Place, as_fact, camel
from codegen.operations import PLACES, Operation, Parameter, Resource

OPEN = {"helper", "websocket"}
STREAM = "_streaming:Stream"
# Streams that are classes of their own, with the union of their events.
STREAMS = {"lib.beta.agents._stream:AgentSessionEventStream": "beta.AgentSessionEvent"}
TypeWriter = Callable[[Any], str]  # Any: JSON


class OperationImporter:
    """Makes the operations of a description from facts.

    Args:
        facts: the facts.
        write: turns a type expression of the facts into Python's syntax, for a reader outside of
            all namespaces.
    """

    def __init__(self, facts: Facts, write: TypeWriter) -> None:
        self._facts = facts
        self._write = write
        self.made: dict[Place, Object] = {}  # dicts of parameters for which upstream has none

    def operations(self) -> Iterator[Operation]:
        """The operations, sorted by name."""
        methods = self._facts.surface["methods"]
        for method in sorted(methods, key=lambda each: (each["resource"], each["name"])):
            if method["kind"] not in OPEN and not method.get("alias_of"):
                yield self._operation(method)

    def open(self) -> dict[str, str]:
        """The methods that are not described, with their kind."""
        return {
            f"{method['resource']}.{method['name']}": method["kind"]
            for method in self._facts.surface["methods"]
            if method["kind"] in OPEN
        }

    def resources(self) -> list[Resource]:
        """The resources, sorted by path."""
        found = [
            Resource(each["path"], each["class"].rpartition(":")[2], each.get("alias_of", ""))
            for each in self._facts.surface["resources"]
        ]
        return sorted(found, key=lambda each: each.path)

    def _operation(self, method: Fact) -> Operation:
        name = f"{method['resource']}.{method['name']}"
        parameters = tuple(self._parameters(method))
        params = [self._facts.place(each).seen_from("") for each in method.get("params_type", ())]
        if not params and any(each.place != "path" for each in parameters):
            params = [self._made(method)]
        page = method["page"] or ""
        return Operation(
            name,
            method["http"],
            method["path"],
            parameters,
            tuple(sorted(params)),
            kind=method["kind"],
            returns=self._returns(method["returns"]),
            streams=self._streams(method.get("stream_returns")) or self._always(method["returns"]),
            page=page.removeprefix("Sync"),
            auth=method.get("auth", "bearer"),
            accept=method.get("accept", ""),
            headers=tuple(sorted(method.get("extra_headers", {}).items())),
            returns_by=tuple(self._returns_by(method)),
            stream_mode=method.get("stream_mode", ""),
            event_and_data=method.get("synthesize_event_and_data", False),
            raw_content=method.get("raw_content", False),
            deprecated=bool(method.get("deprecated")),
        )

    @staticmethod
    def _parameters(method: Fact) -> Iterator[Parameter]:
        for place in PLACES:
            for each in method["params"]:
                if each["in"] == place:
                    yield Parameter(
                        each["name"], place, each["required"], each.get("wire") or each["name"]
                    )

    def _returns(self, expression: Any) -> str:  # Any: JSON
        identifier: str = as_fact(expression).get("ref", "")
        if identifier == STREAM or identifier in STREAMS:
            return self._streams(expression)
        if identifier.startswith("pagination:"):
            return self._write(expression["args"][0])
        return "bytes" if "BinaryResponseContent" in identifier else self._write(expression)

    def _streams(self, expression: Any) -> str:  # Any: JSON
        if not expression:
            return ""
        return STREAMS.get(expression["ref"]) or self._write(expression["args"][0])

    def _always(self, expression: Any) -> str:  # Any: JSON
        """The events of a method that has nothing but a stream to give."""
        return self._streams(expression) if as_fact(expression).get("ref") == STREAM else ""

    def _returns_by(self, method: Fact) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
        """For overloads that tell the result by a literal other than `stream`."""
        found: dict[str, dict[str, str]] = {}
        for overload in method.get("overloads", ()):
            for name, fact in overload["params"].items():
                if (
                    name != "stream"
                    and isinstance(fact["type"], dict)
                    and "literal" in fact["type"]
                ):
                    for value in fact["type"]["literal"]:
                        found.setdefault(name, {})[value] = self._returns(overload["returns"])
        for name, table in found.items():
            yield name, tuple(table.items())

    def _made(self, method: Fact) -> str:
        """A dict of parameters for which upstream has none, named as it names the others."""
        path = method["resource"].split(".")
        name = f"{camel(path[-1]).removesuffix('s')}{camel(method['name'])}Params"
        place = Place(".".join(path[:-1]) or "shared", name)
        fields = [
            Field(
                each.get("wire") or each["name"],
                self._write(each["type"]),
                each["required"],
                each["name"] if each.get("wire") else "",
            )
            for each in method["params"]
            if each["in"] != "path"
        ]
        self.made[place] = Object(name, "params", tuple(fields))
        return place.seen_from("")
