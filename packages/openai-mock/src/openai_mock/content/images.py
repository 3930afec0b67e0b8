"""Images of one colour, of any size, in the formats of the API: PNG, JPEG and WebP.

Decides the colour by what the image should show. An image of one colour is a few bytes in each
format, so none is ever compressed pixel by pixel.
"""

from __future__ import annotations

import struct
import zlib
from hashlib import sha256
from typing import TypeAlias

from openai_mock.content.bits import BitWriter
from openai_mock.content.errors import MediaFormatError

Colour: TypeAlias = tuple[int, int, int]  # red, green and blue, of 255

LARGEST = 4096  # pixels of a side
_BLOCK = 8  # pixels of a side of a JPEG block
# The codes for differences of 0 to 8 bits in a JPEG, with their own numbers of bits.
_SIZES = [(0, 1), *((0b1000 + place, 4) for place in range(7)), (0b11110, 5)]


def colour_of(prompt: str) -> Colour:
    """The colour of what an image should show; neither very dark nor very bright."""
    digest = sha256(prompt.encode("utf-8", "surrogatepass")).digest()
    red, green, blue = (64 + byte % 160 for byte in digest[:3])
    return red, green, blue


def size_of(size: str | None) -> tuple[int, int]:
    """The width and the height of a size such as `1024x1536`; `auto` and None are 1024x1024.

    Raises:
        MediaFormatError: It is not written so, or a side is none or longer than `LARGEST`.
    """
    if size in (None, "auto"):
        return 1024, 1024
    width, _, height = str(size).partition("x")
    if width.isdecimal() and height.isdecimal():
        sides = int(width), int(height)
        if min(sides) > 0 and max(sides) <= LARGEST:
            return sides
    raise MediaFormatError(
        f"The mock makes no image of the size '{size}'. Ask for WIDTHxHEIGHT in pixels, with sides "
        f"from 1 to {LARGEST}, or for 'auto'.",
        place="size",
    )


def luma_and_chroma(colour: Colour) -> tuple[int, int, int]:
    """A colour as videos have it: its brightness from 16 to 235, its differences around 128."""
    brightness, blue, red = _ycc(colour)
    return (
        round(16 + (brightness + 128) * 219 / 255),
        round(128 + blue * 224 / 255),
        round(128 + red * 224 / 255),
    )


def png(width: int, height: int, colour: Colour) -> bytes:
    """A PNG."""
    row = b"\0" + bytes([0] * width)  # all pixels have the first colour of the palette
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", bytes(colour)),
            _chunk(b"IDAT", zlib.compress(row * height, level=9)),
            _chunk(b"IEND", b""),
        )
    )


def webp(width: int, height: int, colour: Colour) -> bytes:
    """A WebP, without loss: each code has one symbol, so that pixels take no bits."""
    red, green, blue = colour
    bits = BitWriter(lowest_first=True)
    bits.write(0x2F, 8)
    bits.write(width - 1, 14)
    bits.write(height - 1, 14)
    bits.write(0, 1 + 3)  # no alpha is used; version 0
    bits.write(0, 1 + 1 + 1)  # no transform, no cache of colours, one group of codes
    for symbol in (green, red, blue, 255):
        bits.write(0b101, 3)  # a simple code, of one symbol, in 8 bits
        bits.write(symbol, 8)
    bits.write(0b001, 3)  # the same for distances, in one bit
    bits.write(0, 1)
    content = bits.to_bytes()
    chunk = b"VP8L" + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def jpeg(width: int, height: int, colour: Colour) -> bytes:
    """A JPEG: the first block says the colour, and each other that nothing changes."""
    quantised = [round(each) for each in _ycc(colour)]
    table = bytes([0] + [8] + [1] * 63)  # a step of 8 for the mean, which is eight times the value
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"\x01\x11\x00\x02\x11\x00\x03\x11\x00"
    means = bytes([0x00, 1, 0, 0, 7, 1, *[0] * 11, *range(9)])  # the codes that are in _SIZES
    ends = bytes([0x10, 1, *[0] * 15, 0])  # one code: nothing else in a block
    return b"\xff\xd8" + b"".join(
        (
            _segment(0xDB, table),
            _segment(0xC0, frame),
            _segment(0xC4, means),
            _segment(0xC4, ends),
            _segment(0xDA, b"\x03\x01\x00\x02\x00\x03\x00\x00\x3f\x00"),
            _scan(quantised, -(-width // _BLOCK) * -(-height // _BLOCK)),
            b"\xff\xd9",
        )
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _ycc(colour: Colour) -> tuple[float, float, float]:
    """Brightness and the two differences of colour, around 0."""
    red, green, blue = colour
    brightness = 0.299 * red + 0.587 * green + 0.114 * blue
    return brightness - 128, (blue - brightness) * 0.564, (red - brightness) * 0.713


def _scan(means: list[int], blocks: int) -> bytes:
    bits = BitWriter()
    for mean in means:
        size = abs(mean).bit_length()
        bits.write(*_SIZES[size])
        bits.write(mean if mean >= 0 else mean + (1 << size) - 1, size)
        bits.write(0, 1)
    # Of each other block, a zero for the mean and one for the end; then ones up to a whole byte.
    rest = (blocks - 1) * 2 * len(means)
    whole, filled = divmod(bits.length + rest + 7, 8)
    content = bytearray(bits.to_bytes().ljust(whole, b"\0"))
    content[-1] |= (1 << (7 - filled)) - 1
    return bytes(content).replace(b"\xff", b"\xff\0")
