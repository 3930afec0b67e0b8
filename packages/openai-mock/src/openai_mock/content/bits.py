"""Writing numbers bit by bit, as formats of images and videos have them."""

from __future__ import annotations


class BitWriter:
    """Bits one after the other, the highest of a byte first.

    Args:
        lowest_first: Whether a byte begins with its lowest bit, and a number with its lowest.
    """

    def __init__(self, *, lowest_first: bool = False) -> None:
        self._lowest_first = lowest_first
        self._bits: list[str] = []

    def write(self, number: int, bits: int) -> None:
        """Append a number in so many bits."""
        digits = f"{number:0{bits}b}" if bits else ""
        self._bits.append(digits[::-1] if self._lowest_first else digits)

    def write_golomb(self, number: int) -> None:
        """Append a number as Exp-Golomb codes write it: with as many zeros before as it needs."""
        self.write(number + 1, 2 * (number + 1).bit_length() - 1)

    def align(self, bit: int = 0) -> None:
        """Fill the last byte with this bit."""
        self._bits.append(str(bit) * (-self.length % 8))

    @property
    def length(self) -> int:
        """How many bits there are."""
        return sum(map(len, self._bits))

    def to_bytes(self) -> bytes:
        """All of it; the last byte is filled with zeros."""
        text = "".join(self._bits)
        text += "0" * (-len(text) % 8)
        octets = (text[begin : begin + 8] for begin in range(0, len(text), 8))
        return bytes(int(each[::-1] if self._lowest_first else each, 2) for each in octets)
