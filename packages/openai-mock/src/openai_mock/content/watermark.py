"""A text inside sound: in the last bit of each sample, where nobody hears it.

Decides the form: a mark, the length of the text and its bytes, a bit in each sample, the high bit
first. So samples that were spoken here are understood again, also when they come in pieces or after
silence.
"""

from __future__ import annotations

_MARK = b"\xa5mock\x5a"
_LENGTH_BYTES = 4
_LAST_BIT = bytes(each & 1 for each in range(256))
_DIGITS = b"01" + bytes(254)  # bits as Python reads them
_BITS = tuple(bytes(each >> shift & 1 for shift in range(7, -1, -1)) for each in range(256))
# What a sample may take: two bytes, of which the first may be missing, or one.
_LAYOUTS = ((2, 0), (2, 1), (1, 0))


def marked(sound: bytes, text: str, sample_bytes: int) -> bytes:
    """Sound with a text in it; as it was if the text does not fit.

    Args:
        sound: The samples, the low byte first.
        text: The text.
        sample_bytes: How many bytes a sample has.
    """
    content = text.encode("utf-8", "replace")
    whole = _MARK + len(content).to_bytes(_LENGTH_BYTES) + content
    bits = _bits_of(whole)
    end = len(bits) * sample_bytes
    if end > len(sound):
        return sound
    changed = bytearray(sound)
    low = changed[:end:sample_bytes]
    changed[:end:sample_bytes] = bytes(
        each & 0xFE | bit for each, bit in zip(low, bits, strict=True)
    )
    return bytes(changed)


def texts_in(sound: bytes) -> list[str]:
    """The texts that sound has in it, in their order."""
    for step, begin in _LAYOUTS:
        found = _texts_in(sound[begin::step].translate(_LAST_BIT))
        if found:
            return found
    return []


def _texts_in(bits: bytes) -> list[str]:
    texts: list[str] = []
    mark = _bits_of(_MARK)
    at = bits.find(mark)
    while at >= 0:
        begin = at + len(mark)
        length = int.from_bytes(_bytes_of(bits[begin : begin + 8 * _LENGTH_BYTES]))
        begin += 8 * _LENGTH_BYTES
        content = _bytes_of(bits[begin : begin + 8 * length])
        if len(content) == length:  # else the sound was cut off
            texts.append(content.decode("utf-8", "replace"))
        at = bits.find(mark, begin)
    return texts


def _bits_of(content: bytes) -> bytes:
    return b"".join(map(_BITS.__getitem__, content))


def _bytes_of(bits: bytes) -> bytes:
    digits = bits.translate(_DIGITS)
    return bytes(int(digits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))
