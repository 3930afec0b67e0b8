"""Text that arrives in pieces and is joined only when somebody reads it."""

from __future__ import annotations

import base64
import re

_BLOCK = (
    1024  # pieces that are joined for good: many short texts take far more memory than a long one
)
_PADDED = re.compile("[^=]+=*")  # pieces of base64, with the padding that ends them


class TextBuffer:
    """A growing text. Adding a piece costs the same whatever came before.

    Args:
        text: what it begins with.
    """

    __slots__ = ("_blocks", "_length", "_pieces")

    def __init__(self, text: str = "") -> None:
        self._blocks: list[str] = []
        self._pieces = [text] if text else []
        self._length = len(text)

    def __len__(self) -> int:
        """Its characters; `text` takes the number to give the text of this moment later."""
        return self._length

    def append(self, piece: str) -> None:
        """Add a piece at the end."""
        pieces = self._pieces
        pieces.append(piece)
        self._length += len(piece)
        if len(pieces) > _BLOCK:
            self._blocks.append("".join(pieces))
            pieces.clear()

    def text(self, length: int | None = None) -> str:
        """The text, or as much of it as there was when it had a length."""
        if self._pieces or len(self._blocks) > 1:
            self._blocks = ["".join((*self._blocks, *self._pieces))]
            self._pieces.clear()
        whole = self._blocks[0] if self._blocks else ""
        return whole if length is None else whole[:length]

    def pieces(self, begin: int, end: int) -> list[str]:
        """What came between two lengths; what came last is given without joining anything."""
        if end <= begin:
            return []
        found: list[str] = []
        position = self._length
        for piece in reversed(self._pieces):
            if position <= begin or end != self._length:
                break
            found.append(piece)
            position -= len(piece)
        if position == begin:
            return found[::-1]
        return [self.text()[begin:end]]


def joined_base64(text: str) -> str:
    """Base64 of which each piece was encoded by itself, as one; as it came where it is none."""
    if "=" not in text.rstrip("="):
        return text
    try:
        pieces = [base64.b64decode(piece, validate=True) for piece in _PADDED.findall(text)]
    except ValueError:
        return text
    return base64.b64encode(b"".join(pieces)).decode()
