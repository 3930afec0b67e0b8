"""Cyclic redundancy checks whose bits are not reflected, which the standard library lacks."""

from __future__ import annotations


class Crc:
    """A check of this polynomial, with nothing before and nothing after.

    Args:
        polynomial: The polynomial, without its highest bit.
        bits: How many bits the check has: 8 or more.
    """

    def __init__(self, polynomial: int, bits: int) -> None:
        self._mask = (1 << bits) - 1
        self._shift = bits - 8
        self._table = [self._remainder(byte << self._shift, polynomial) for byte in range(256)]

    def __call__(self, content: bytes) -> int:
        """The check of some bytes."""
        value, table, mask, shift = 0, self._table, self._mask, self._shift
        for byte in content:
            value = (value << 8 & mask) ^ table[value >> shift ^ byte]
        return value

    def _remainder(self, value: int, polynomial: int) -> int:
        highest = (self._mask + 1) >> 1
        for _ in range(8):
            value = value << 1 ^ polynomial if value & highest else value << 1
        return value & self._mask
