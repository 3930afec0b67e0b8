"""The inputs of an import, from a file or over HTTPS, and the hashes by which they are pinned."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import yaml

SCHEMES = ("https://", "http://")


class PinError(ValueError):
    """An input is not the one that was pinned."""


class InputError(ValueError):
    """An input cannot be read."""


@dataclass(frozen=True)
class Pins:
    """A file of hashes, one for each input."""

    path: Path

    def check(self, name: str, data: bytes) -> None:
        """See that an input is the pinned one.

        Raises:
            PinError: it is another one.
        """
        found, pinned = _digest(data), self._read().get(name, "")
        if found != pinned:
            raise PinError(
                f"the input {name} has the sha256 {found}, but {self.path.name} has "
                f"{pinned or 'none'}: if that is meant, import with --pin and review the diff"
            )

    def pin(self, name: str, data: bytes) -> None:
        """Note the hash of an input."""
        written = {**self._read(), name: _digest(data)}
        self.path.write_text(yaml.safe_dump(written))

    def _read(self) -> dict[str, str]:
        return yaml.safe_load(self.path.read_text()) if self.path.exists() else {}


def fetch(source: str) -> bytes:
    """The bytes of a file, or of what a URL leads to.

    Raises:
        InputError: there is nothing to read.
    """
    try:
        if source.startswith(SCHEMES):
            with urlopen(source, timeout=60) as answer:  # noqa: S310 - of the schemes above
                data: bytes = answer.read()
                return data
        return Path(source).read_bytes()
    except OSError as error:
        message = f"{source} cannot be read ({error}): give a file or a URL"
        raise InputError(message) from error


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
