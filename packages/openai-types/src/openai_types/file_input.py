"""What may be given where a file is uploaded."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import IO, TypeAlias

FileContent: TypeAlias = IO[bytes] | bytes | PathLike[str]
"""An open file, its content, or its path."""

FileTypes: TypeAlias = (
    FileContent
    | tuple[str | None, FileContent]
    | tuple[str | None, FileContent, str | None]
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
"""A file; with its name; with its media type; with more headers of its part."""
