"""Names that the official package has for what has another one here, or none of its own."""

from __future__ import annotations

from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Final

from openai_http import AsyncOpenAI as AsyncClient
from openai_http import Limits
from openai_http import OpenAI as Client
from openai_types.websocket import ReconnectingEvent, ReconnectingOverrides

from openai_suite.version import __version__ as VERSION  # noqa: N812 - the official name

if TYPE_CHECKING:
    from os import PathLike

__all__ = [
    "DEFAULT_CONNECTION_LIMITS",
    "VERSION",
    "AsyncClient",
    "Client",
    "NoneType",
    "ReconnectingEvent",
    "ReconnectingOverrides",
    "__title__",
    "file_from_path",
]

DEFAULT_CONNECTION_LIMITS: Final = Limits()
"""How many connections a client may have that is told nothing else."""

__title__ = "openai_suite"


def file_from_path(path: str | PathLike[str]) -> tuple[str, bytes]:
    """A file to upload, read now: its name and its content.

    Raises:
        OSError: it cannot be read.
    """
    file = Path(path)
    return file.name, file.read_bytes()
