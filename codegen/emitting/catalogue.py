"""The catalogue of operations: the description's operations as data for programs.

The mock server and the tests read it; the resources are generated from the same operations. One
line holds one operation, so that a change shows as one.
"""

from __future__ import annotations

import json

from codegen.description import Description
from codegen.emitting.docs import operation_line
from codegen.emitting.wire_names import WireNames
from codegen.operations import Operation


def catalogue(description: Description) -> str:
    """The text of the catalogue."""
    wire_names = WireNames(description)
    entries = (
        {**_entry(each, wire_names), "doc": operation_line(description, each)}
        for each in description.operations
    )
    lines = (json.dumps(each, separators=(", ", ": ")) for each in entries)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _entry(operation: Operation, wire_names: WireNames) -> dict[str, object]:
    entry: dict[str, object] = {
        "name": operation.name,
        "method": operation.method.upper(),
        "path": operation.path,
        "kind": operation.kind,
        "auth": operation.auth,
        "returns": operation.returns,
    }
    optional = {
        "streams": operation.streams,
        "stream_mode": operation.stream_mode,
        "page": operation.page,
        "accept": operation.accept,
        "headers": dict(operation.headers),
        "returns_by": {name: dict(table) for name, table in operation.returns_by},
        "event_and_data": operation.event_and_data,
        "raw_content": operation.raw_content,
        "json_without_files": operation.json_without_files,
        "deprecated": operation.deprecated,
        "wire_names": wire_names.of(operation),
        "params": list(operation.params),
        "parameters": [
            {
                "name": each.name,
                "in": each.place,
                **({"required": True} if each.required else {}),
                **({"wire": each.wire} if each.wire != each.name else {}),
            }
            for each in operation.parameters
        ],
    }
    return entry | {key: value for key, value in optional.items() if value}
