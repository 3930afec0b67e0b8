"""Files that get their name when they are whole, and the counting of what has arrived of them.

A download that breaks off leaves nothing behind under the name that the user gave, and what was
there before stays. Knows nothing of responses but how long they say that they are.
"""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping
    from os import PathLike
    from types import TracebackType
    from typing import Self

Progress: TypeAlias = "Callable[[int, int | None], object]"
"""Called as bytes arrive, with how many have, and how many there will be if that is known."""


class Tally:
    """Tells a callback how much has arrived.

    Args:
        progress: the callback, or None.
        total: how many bytes there will be, if that is known.
    """

    __slots__ = ("_progress", "_received", "_total")

    def __init__(self, progress: Progress | None, total: int | None) -> None:
        self._progress = progress
        self._total = total
        self._received = 0

    def add(self, piece: bytes) -> None:
        """Count a piece that has arrived."""
        if self._progress is not None:
            self._received += len(piece)
            self._progress(self._received, self._total)


def announced_size(headers: Mapping[str, str]) -> int | None:
    """How many bytes a body will have by its head; None if that is not said, or of another form."""
    length = headers.get("content-length", "")
    if headers.get("content-encoding", "identity") != "identity" or not length.isdecimal():
        return None
    return int(length)


class PartFile:
    """A file that is written beside its place, and put there at the end of the `with` block.

    If the block is left by an exception, it is removed, and what was in its place stays. What is
    no ordinary file, such as a pipe or a device, is written to as it is.

    Args:
        file: its place. The folder must exist; a link goes on pointing to where it does.

    Raises:
        OSError: it cannot be made, or not be written to.
    """

    def __init__(self, file: str | PathLike[str]) -> None:
        self._place = Path(os.path.realpath(file))
        self._is_special = self._place.exists() and not self._place.is_file()
        name = f".{secrets.token_hex(8)}.part"
        self._part = self._place if self._is_special else self._place.with_name(name)
        try:
            self._opened = self._part.open("wb" if self._is_special else "xb")
        except FileNotFoundError as error:  # of the folder: name the file that was asked for
            raise FileNotFoundError(error.errno, error.strerror, str(file)) from None

    def write(self, piece: bytes) -> None:
        """Add a piece."""
        self._opened.write(piece)

    def keep(self) -> None:
        """Put it in its place, with the permissions of what was there."""
        try:
            self._opened.close()  # which writes what is left, and may fail
            if self._is_special:
                return
            if self._place.exists():
                shutil.copymode(self._place, self._part)
            self._part.replace(self._place)
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Remove it."""
        with suppress(OSError):
            self._opened.close()
        if not self._is_special:
            self._part.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            self.keep()
        else:
            self.discard()


def save(pieces: Iterable[bytes], file: str | PathLike[str]) -> None:
    """Write pieces to a file, which is replaced when all have been written."""
    with PartFile(file) as part:
        for piece in pieces:
            part.write(piece)


async def save_async(pieces: AsyncIterator[bytes], file: str | PathLike[str]) -> None:
    """The same, without holding up the event loop."""
    from anyio.to_thread import run_sync

    part = await run_sync(PartFile, file)
    try:
        async for piece in pieces:
            await run_sync(part.write, piece)
    except BaseException:
        part.discard()  # in a task that is cancelled, nothing can be awaited
        raise
    await run_sync(part.keep)
