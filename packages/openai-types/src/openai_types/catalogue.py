"""The catalogue of the API's operations, for servers and tests that go by it.

Data only: `operations.json` beside this module is generated from the same description as the
resources of the client.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).parent / "operations.json"

Place = Literal["path", "query", "header", "body", "file"]
WireNames: TypeAlias = "Mapping[str, Mapping[str, tuple[str, str]]]"
Kind = Literal["json", "page", "multipart", "stream-capable", "binary", "none"]


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation.

    Attributes:
        name: its name in Python.
        place: where it goes in the request.
        required: whether every call must give it.
        wire: its name in the request.
    """

    name: str
    place: Place
    required: bool
    wire: str


@dataclass(frozen=True)
class Operation:
    """What one method of a resource sends and what comes back.

    Attributes:
        name: the path of the resource and the name of the method, `chat.completions.create`.
        method: GET, POST, PUT, PATCH or DELETE.
        path: the route, with `{parameters}`.
        kind: what is sent or comes back, where that is no plain JSON.
        auth: which key it needs, "bearer" or "admin".
        returns: the type of the result, `namespace.Name`; of a page, that of its items.
        streams: the type of the events if it can stream; without a parameter `stream` it always
            does.
        stream_mode: "events" where events have names of their own.
        page: the class of page, like "CursorPage".
        accept: the media type that is asked for where it is not JSON.
        headers: what is always sent.
        returns_by: for a parameter, the type of the result by its value.
        event_and_data: whether an event's name is put beside its data.
        raw_content: whether a body is sent as it is.
        json_without_files: whether the body is JSON where no file is given. Else an operation that
            takes files always sends a form; JSON only where a dict stands for a file.
        deprecated: whether the API discourages it.
        doc: what it does, in a line.
        wire_names: where keys of parameters have another name in the request: by type ("" for the
            parameters themselves; "A or B" for one of several) and key the name, empty if it is
            the key, and the type inside, empty if there are no such keys further in. A mapping is
            a type, "dict[str, A]", with the key "*".
        params: the types of the parameters; several where they depend on each other.
        parameters: in the order of the signature.
    """

    name: str
    method: str
    path: str
    kind: Kind = "json"
    auth: Literal["bearer", "admin"] = "bearer"
    returns: str = "None"
    streams: str = ""
    stream_mode: str = ""
    page: str = ""
    accept: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    returns_by: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict[str, "Mapping[str, str]"]
    )
    event_and_data: bool = False
    raw_content: bool = False
    json_without_files: bool = False
    deprecated: bool = False
    doc: str = ""
    wire_names: WireNames = field(default_factory=dict[str, "Mapping[str, tuple[str, str]]"])
    params: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()

    @property
    def always_streams(self) -> bool:
        """Whether a stream is all that it gives."""
        return bool(self.streams) and not any(each.name == "stream" for each in self.parameters)


@cache
def operations() -> Mapping[str, Operation]:
    """Every operation by its name."""
    found = (_operation(entry) for entry in json.loads(FILE.read_bytes()))
    return {each.name: each for each in found}


def resolve(name: str) -> object:
    """The type that a catalogue names: a class, or an alias of a union.

    Args:
        name: `namespace.Name`, the name of a scalar, or "None".
    """
    namespace, _, last = name.rpartition(".")
    if not namespace:
        return {"str": str, "bytes": bytes, "None": None}[name]
    return getattr(import_module(f"openai_types.{namespace}"), last)


def _operation(entry: dict[str, Any]) -> Operation:  # Any: JSON
    wire_names = {
        place: {key: (wire, inside) for key, (wire, inside) in keys.items()}
        for place, keys in entry.pop("wire_names", {}).items()
    }
    parameters = tuple(
        Parameter(
            each["name"], each["in"], each.get("required", False), each.get("wire", each["name"])
        )
        for each in entry.pop("parameters", ())
    )
    return Operation(
        wire_names=wire_names,
        params=tuple(entry.pop("params", ())),
        parameters=parameters,
        **entry,
    )
