"""The operations of a description: what each sends, what comes back, and how files keep it.

One file holds the operations of one top-level resource (`chat/operations.yaml`). Facts only; what
is made of them is not this module's concern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLACES = ("path", "query", "header", "body", "file")
PARAMETER = re.compile(r"(?P<name>\w+)(?P<optional>\?)?(?: as (?P<wire>\S+))?$")
FILE = "operations.yaml"
SCALARS = ("kind", "auth", "accept", "returns", "streams", "page", "stream_mode")
FLAGS = ("deprecated", "raw_content", "event_and_data", "json_without_files")


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation.

    Attributes:
        name: its name in Python.
        place: one of `PLACES`.
        required: whether every call must give it.
        wire: its name in the request.
    """

    name: str
    place: str
    required: bool
    wire: str

    @property
    def key(self) -> str:
        """How the parameter is written in a file."""
        alias = f" as {self.wire}" if self.wire != self.name else ""
        return f"{self.name}{'' if self.required else '?'}{alias}"


@dataclass(frozen=True)
class Operation:
    """A method of a resource that sends one request.

    Attributes:
        name: the path of the resource and the name of the method, `chat.completions.create`.
        method, path: the route.
        parameters: in the order of the signature; those in the path by position, at first.
        params: the dicts that type the parameters; several where they depend on each other.
        kind: json, page, multipart, stream-capable, binary or none.
        returns: the type of the result, of a page's items for a page, "bytes" for binary.
        streams: the type of the events, if it can stream.
        page: which class of page, like "CursorPage".
        auth: "bearer" or "admin".
        accept: the media type to ask for, where it is not JSON.
        headers: what is always sent.
        returns_by: for one parameter, the type of the result by its value.
        stream_mode: "events" where events have names of their own, else "".
        event_and_data: whether an event's name is put beside its data.
        raw_content: whether the body is sent as it is.
        json_without_files: whether the body is JSON where no file is given, instead of a form.
        deprecated: whether the API discourages it.
    """

    name: str
    method: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    params: tuple[str, ...] = ()
    kind: str = "json"
    returns: str = "None"
    streams: str = ""
    page: str = ""
    auth: str = "bearer"
    accept: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    returns_by: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    stream_mode: str = ""
    event_and_data: bool = False
    raw_content: bool = False
    json_without_files: bool = False
    deprecated: bool = False

    @property
    def resource(self) -> str:
        """The path of its resource."""
        return self.name.rpartition(".")[0]

    @property
    def top(self) -> str:
        """The top-level resource."""
        return self.name.partition(".")[0]

    @property
    def always_streams(self) -> bool:
        """Whether there is nothing else than a stream."""
        return bool(self.streams) and all(each.name != "stream" for each in self.parameters)

    @property
    def chosen_by(self) -> tuple[str, dict[str, str]] | None:
        """The parameter whose value decides the type of the result, if that makes a difference."""
        for name, table in self.returns_by:
            if len({type_ for _, type_ in table}) > 1:
                return name, dict(table)
        return None


@dataclass(frozen=True)
class Resource:
    """A group of operations, as an attribute of the client or of another resource."""

    path: str
    class_name: str
    alias_of: str = ""


def entry(operation: Operation) -> dict[str, object]:
    """How an operation is written in a file: what goes without saying is left out."""
    written: dict[str, object] = {operation.method: operation.path}
    for name in SCALARS:
        value = getattr(operation, name)
        if value and (name, value) not in {
            ("kind", "json"),
            ("auth", "bearer"),
            ("returns", "None"),
        }:
            written[name] = value
    if operation.returns_by:
        written["returns_by"] = {name: dict(table) for name, table in operation.returns_by}
    for name in FLAGS:
        if getattr(operation, name):
            written[name] = True
    if operation.headers:
        written["headers"] = dict(operation.headers)
    if operation.params:
        written["params"] = list(operation.params)
    for place in PLACES:
        keys = [each.key for each in operation.parameters if each.place == place]
        if keys:
            written[place] = keys
    return written


def operation(name: str, written: dict[str, Any]) -> Operation:  # Any: YAML
    """An operation from its entry in a file.

    Raises:
        ValueError: the entry has no route, or a parameter that cannot be read.
    """
    method = next(
        (each for each in ("get", "post", "put", "patch", "delete") if each in written), ""
    )
    if not method:
        raise ValueError("it has no route: write METHOD: PATH")
    odd = [key for key in (method, *SCALARS) if not isinstance(written.get(key, ""), str)]
    if odd:
        raise ValueError(f"{' and '.join(odd)} must be text")
    return Operation(
        name,
        method,
        written[method],
        tuple(_parameter(key, place) for place in PLACES for key in written.get(place, ())),
        tuple(written.get("params", ())),
        headers=tuple(written.get("headers", {}).items()),
        returns_by=tuple(
            (key, tuple(table.items())) for key, table in written.get("returns_by", {}).items()
        ),
        **{key: written[key] for key in (*SCALARS, *FLAGS) if key in written},
    )


def files(folder: Path) -> Iterator[Path]:
    """The files of operations below a description's folder."""
    return iter(sorted(folder.glob(f"*/{FILE}")))


def _parameter(key: str, place: str) -> Parameter:
    match = PARAMETER.match(key)
    if match is None:
        raise ValueError(f"{key!r} is no parameter: write NAME, NAME? or NAME as WIRE")
    return Parameter(
        match["name"], place, match["optional"] is None, match["wire"] or match["name"]
    )
