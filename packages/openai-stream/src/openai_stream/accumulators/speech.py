"""Spoken sound from the events that carry it in base64."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openai_types.audio import SpeechStreamEvent


class SpeechAccumulator:
    """Puts the sound together, which is a file of the format that was asked for."""

    __slots__ = ("_pieces",)

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def add(self, event: SpeechStreamEvent) -> None:
        """Take the next event. It raises nothing, whatever the server sent."""
        audio: object = getattr(event, "audio", None)
        if isinstance(audio, str):
            self._pieces.append(_decoded(audio))

    def snapshot(self) -> bytes:
        """The sound so far."""
        if len(self._pieces) > 1:
            self._pieces = [b"".join(self._pieces)]
        return b"".join(self._pieces)


def _decoded(audio: str) -> bytes:
    """The sound of an event; none, where it is no base64."""
    try:
        return b64decode(audio, validate=True)
    except ValueError:
        return b""
