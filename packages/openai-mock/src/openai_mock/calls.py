"""A request that has been checked, as handlers get it. Knows neither HTTP libraries nor checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openai_types.catalogue import Operation

    from openai_mock.checking.body import JsonObject


@dataclass(frozen=True)
class Upload:
    """A file of a form.

    Attributes:
        filename: Its name, as the client wrote it.
        content_type: Its media type.
        content: Its bytes.
    """

    filename: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Call:
    """A call of an operation. All names are those of the wire, all values have their types.

    Attributes:
        operation: What is called.
        path: The parameters in the path.
        query: Those in the query.
        body: Those in the body: JSON, or the fields of a form that are no files.
        files: The files of a form; several where the parameter takes a list.
        headers: All headers, in lower case; those that are parameters are checked.
        unstored: What was said up to the end of responses that only the caller's connection keeps,
            by their ids.
    """

    operation: Operation
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, Any] = field(default_factory=dict[str, Any])  # Any: JSON
    body: JsonObject = field(default_factory=dict[str, Any])
    files: Mapping[str, tuple[Upload, ...]] = field(default_factory=dict[str, tuple[Upload, ...]])
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    unstored: Mapping[str, Sequence[JsonObject]] = field(
        default_factory=dict[str, "Sequence[JsonObject]"], repr=False
    )
