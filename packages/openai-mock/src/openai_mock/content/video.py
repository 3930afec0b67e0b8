"""Videos of one colour, of any size and length: H.264 in MP4.

The first macroblock of the first picture has its pixels as they are; each other one is predicted
from those beside it, and each later picture from the one before. So a video is a few thousand
bytes, and nothing has to be encoded.
"""

from __future__ import annotations

import re
import struct

from openai_mock.content.bits import BitWriter
from openai_mock.content.images import Colour, luma_and_chroma

PICTURES_A_SECOND = 24
_BLOCK = 16  # pixels of a side of a macroblock
_SPS, _PPS, _FIRST_PICTURE, _LATER_PICTURE = 0x67, 0x68, 0x65, 0x41  # kinds of units
_NUMBERS_OF_PICTURES = 16  # before they begin again
_PCM, _FLAT = 25, 3  # kinds of macroblocks: as it is; predicted by the mean, without a difference
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)  # nothing is turned


def mp4(width: int, height: int, seconds: float, colour: Colour) -> bytes:
    """A video without sound.

    Args:
        width: Its width in pixels; an odd one is rounded up, as the format needs it.
        height: Its height, likewise.
        seconds: How long it is.
        colour: The colour of all of it.
    """
    width, height = width + width % 2, height + height % 2
    across, down = -(-width // _BLOCK), -(-height // _BLOCK)
    count = max(1, round(seconds * PICTURES_A_SECOND))
    first = _unit(_FIRST_PICTURE, _first_picture(across, down, colour))
    later = (
        _unit(_LATER_PICTURE, _later_picture(across * down, number)) for number in range(1, count)
    )
    samples = [struct.pack(">I", len(unit)) + unit for unit in (first, *later)]
    kind = _box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2avc1mp41")
    described = _described(width, height)
    sizes = [len(sample) for sample in samples]
    offset = len(kind) + len(_movie(width, height, sizes, described, 0)) + 8
    movie = _movie(width, height, sizes, described, offset)
    return kind + movie + _box(b"mdat", *samples)


def _movie(width: int, height: int, sizes: list[int], described: bytes, offset: int) -> bytes:
    """The tables of the video: what is where, and when it is shown."""
    count, rate = len(sizes), PICTURES_A_SECOND
    tables = _box(
        b"stbl",
        _full(b"stsd", struct.pack(">I", 1), described),
        _full(b"stts", struct.pack(">3I", 1, count, 1)),
        _full(b"stss", struct.pack(">2I", 1, 1)),
        _full(b"stsc", struct.pack(">4I", 1, 1, count, 1)),
        _full(b"stsz", struct.pack(">2I", 0, count), struct.pack(f">{count}I", *sizes)),
        _full(b"stco", struct.pack(">2I", 1, offset)),
    )
    source = _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1)))
    media = _box(
        b"mdia",
        _full(b"mdhd", struct.pack(">4IHH", 0, 0, rate, count, 0x55C4, 0)),  # no language
        _full(b"hdlr", struct.pack(">4x4s12x", b"vide"), b"video\0"),
        _box(b"minf", _full(b"vmhd", bytes(8), flags=1), source, tables),
    )
    shown = struct.pack(">5I8x4H", 0, 0, 1, 0, count, 0, 0, 0, 0)
    sides = struct.pack(">2I", width << 16, height << 16)
    track = _box(b"trak", _full(b"tkhd", shown, _MATRIX, sides, flags=3), media)
    whole = struct.pack(">4IIH10x", 0, 0, rate, count, 0x10000, 0x100)
    return _box(b"moov", _full(b"mvhd", whole, _MATRIX, bytes(24), struct.pack(">I", 2)), track)


def _described(width: int, height: int) -> bytes:
    """What a decoder has to know before the first picture."""
    sequence, picture = _unit(_SPS, _sequence(width, height)), _unit(_PPS, _picture())
    configured = _box(
        b"avcC",
        b"\x01" + sequence[1:4] + b"\xff\xe1",
        struct.pack(">H", len(sequence)) + sequence,
        b"\x01" + struct.pack(">H", len(picture)) + picture,
    )
    sides = struct.pack(">6xH16xHHII4xH32xHh", 1, width, height, 72 << 16, 72 << 16, 1, 24, -1)
    return _box(b"avc1", sides, configured)


def _sequence(width: int, height: int) -> BitWriter:
    bits = BitWriter()
    for byte in (66, 0xC0, 40):  # the baseline profile, level 4
        bits.write(byte, 8)
    # Its number, the width of picture numbers, output in the order of decoding, one reference.
    _golombs(bits, 0, 0, 2, 1)
    bits.write(0, 1)
    across, down = -(-width // _BLOCK), -(-height // _BLOCK)
    _golombs(bits, across - 1, down - 1)
    bits.write(0b11, 2)  # whole pictures
    bits.write(1, 1)  # what is beyond the sides is cut off, in steps of two pixels
    _golombs(bits, 0, (across * _BLOCK - width) // 2, 0, (down * _BLOCK - height) // 2)
    bits.write(0, 1)
    return bits


def _picture() -> BitWriter:
    bits = BitWriter()
    _golombs(bits, 0, 0)  # its number, that of its sequence
    bits.write(0, 2)  # codes without arithmetic
    _golombs(bits, 0, 0, 0)
    bits.write(0, 3)
    _golombs(bits, 0, 0, 0)
    bits.write(0b100, 3)  # pictures say whether edges are smoothed
    return bits


def _first_picture(across: int, down: int, colour: Colour) -> BitWriter:
    bits = BitWriter()
    _golombs(bits, 0, 7, 0)  # from the first macroblock on, predicted from itself
    bits.write(0, 4)
    _golombs(bits, 0)
    bits.write(0, 2)
    _golombs(bits, 0, 1)  # the usual step; edges are not smoothed
    _golombs(bits, _PCM)
    bits.align()
    luma, *chroma = luma_and_chroma(colour)
    for value, count in ((luma, 256), (chroma[0], 64), (chroma[1], 64)):
        bits.write(int.from_bytes(bytes([value]) * count), 8 * count)
    for place in range(1, across * down):
        _golombs(bits, _FLAT, 0, 0)
        if place in (1, across):
            bits.write(0b000011, 6)  # no difference, beside the macroblock that is as it is
        else:
            bits.write(1, 1)  # no difference
    return bits


def _later_picture(blocks: int, number: int) -> BitWriter:
    bits = BitWriter()
    _golombs(bits, 0, 5, 0)  # from the first macroblock on, predicted from the one before
    bits.write(number % _NUMBERS_OF_PICTURES, 4)
    bits.write(0, 3)
    _golombs(bits, 0, 1)
    _golombs(bits, blocks)  # all are as they were
    return bits


def _golombs(bits: BitWriter, *numbers: int) -> None:
    for number in numbers:
        bits.write_golomb(number)


def _unit(kind: int, bits: BitWriter) -> bytes:
    """A unit of the stream: ended by a 1, and with nothing in it that looks like a beginning."""
    bits.write(1, 1)
    return bytes([kind]) + re.sub(rb"\0\0(?=[\0-\3])", b"\0\0\3", bits.to_bytes())


def _box(name: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I", 8 + len(content)) + name + content


def _full(name: bytes, *contents: bytes, flags: int = 0) -> bytes:
    """A box with a version, which is 0, and flags."""
    return _box(name, struct.pack(">I", flags), *contents)
