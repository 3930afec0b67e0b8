"""Files that a call sends: from what users pass to the parts of a multipart form.

Decides names and refuses what is no file. It reads paths, because a request that is sent again
needs the same bytes; open files are handed on, and read by whoever sends the request.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from inspect import iscoroutinefunction
from pathlib import Path
from typing import IO, cast

from openai_types.errors import InvalidArgumentError, InvalidTypeError

NAMELESS = "upload"  # servers want a name for each file, and bytes have none


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a form.

    Attributes:
        name: the name of the parameter.
        filename: what the server is told; None for what is no file.
        content: the bytes, or an open file.
        content_type: the media type; by the filename if None.
        headers: more headers of the part.
    """

    name: str
    filename: str | None
    content: IO[bytes] | bytes = field(repr=False)
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def rewind(self) -> None:
        """Make the content ready to be sent again, the same bytes.

        Raises:
            InvalidArgumentError: it is a file that can be read only once, or is closed.
        """
        if not isinstance(self.content, bytes):
            rewind(self.content, self.name)


@dataclass(frozen=True, slots=True)
class Form:
    """A multipart body."""

    fields: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]

    def rewind(self) -> None:
        """Make every part ready to be sent again. Raises what `Part.rewind` raises."""
        for part in self.parts:
            part.rewind()


def rewind(file: IO[bytes], name: str, start: int = 0) -> None:
    """Make a file ready to be sent again.

    Raises:
        InvalidArgumentError: it can be read only once, or is closed.
    """
    try:
        file.seek(start)
    except (AttributeError, OSError, ValueError) as error:
        raise InvalidArgumentError(
            f"The request was not sent again, because the file for {name} cannot be read again:"
            f" {error}. Pass its bytes or a pathlib.Path, which can."
        ) from error


def is_file(value: object) -> bool:
    """Whether a value is one file, rather than several or something else."""
    if isinstance(value, tuple):
        pair = cast("tuple[object, ...]", value)
        return len(pair) > 1 and (pair[0] is None or isinstance(pair[0], str))
    return isinstance(value, bytes | bytearray | memoryview | os.PathLike) or hasattr(value, "read")


def parts_of(name: str, value: object) -> Iterable[Part]:
    """The parts of a parameter that takes a file, or several.

    Raises:
        InvalidTypeError: it is no file.
        InvalidArgumentError: it cannot be read.
    """
    kind = type(value).__name__
    if is_file(value):
        yield _part(name, value)
    elif isinstance(value, Iterable) and not isinstance(value, str | Mapping):
        for each in cast("Iterable[object]", value):
            yield _part(f"{name}[]", each)
    else:
        raise _no_file(name, kind)


def _part(name: str, value: object) -> Part:
    if not isinstance(value, tuple):
        filename, content = read_file(name, value)
        return Part(name, filename, content)
    given, content, *rest = cast("tuple[object, ...]", value)
    if isinstance(content, str):  # no path: the name is beside it
        content = content.encode()
    filename, read = read_file(name, content)
    content_type, headers = (*rest, None, None)[:2]
    return Part(
        name,
        str(given or filename),
        read,
        cast("str | None", content_type),
        cast("Mapping[str, str]", headers or {}),
    )


def read_file(name: str, content: object) -> tuple[str, IO[bytes] | bytes]:
    """The name of a file and its content, of bytes, a path or an open file.

    Raises:
        InvalidTypeError: it is something else.
        InvalidArgumentError: it cannot be read.
    """
    if isinstance(content, bytes | bytearray | memoryview):
        return NAMELESS, bytes(cast("bytes | bytearray | memoryview[int]", content))
    if isinstance(content, os.PathLike):
        path = Path(cast("os.PathLike[str]", content))
        try:
            return path.name, path.read_bytes()
        except OSError as error:
            raise InvalidArgumentError(f"The file for {name} cannot be read: {error}.") from error
    if hasattr(content, "read") and not hasattr(content, "encoding"):
        opened = cast("IO[bytes]", content)
        if iscoroutinefunction(opened.read):
            raise InvalidTypeError(
                f"{name} takes a file, and what read() of a {type(content).__name__} gives must be"
                " awaited. Pass (name, await file.read()), or the file inside of it."
            )
        return Path(str(getattr(content, "name", NAMELESS))).name, opened
    raise _no_file(name, type(content).__name__)


def _no_file(name: str, kind: str) -> InvalidTypeError:
    return InvalidTypeError(
        f"{name} takes a file, not a value of type {kind}. Pass bytes, a"
        ' pathlib.Path, a file opened with "rb", or (name, content).'
    )
