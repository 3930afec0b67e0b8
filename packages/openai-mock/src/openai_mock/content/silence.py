"""Silence of a given length in the formats that compress: MP3, AAC and Opus.

Compressing a sound takes an encoder, which is not here; silence is the same few bytes again and
again. So these files are valid and as long as the speech would be, but nothing is to be heard. The
text of the speech is in their comment.
"""

from __future__ import annotations

import math
import struct

from openai_mock.content.audio import SAMPLE_RATE, spoken_mark, vorbis_comment
from openai_mock.content.checksums import Crc

# Layer III of MPEG-2 at 24 kHz and 32 kbit/s, mono: 576 samples in 96 bytes that are all zero.
_MP3_FRAME = bytes.fromhex("fff344c0") + bytes(92)
_MP3_SAMPLES = 576
# ADTS with AAC-LC at 24 kHz, mono: 1,024 samples, an element without a single band, and the end.
_AAC_FRAME = bytes.fromhex("fff15840017ffc00000007")
_AAC_SAMPLES = 1024
_LEAST_FRAMES = 4  # fewer are not recognised as what they are
# Opus in Ogg: 20 milliseconds of the whole band, mono, always counted at 48 kHz.
_OPUS_FRAME = bytes.fromhex("f8fffe")
_OPUS_RATE, _OPUS_SAMPLES = 48_000, 960
_FRAMES_OF_A_PAGE = 50
_LACING = 255  # bytes that one entry of a page's table stands for
_MOST_LACINGS = 255
_FIRST, _LAST = 2, 4  # flags of a page
_check_of_page = Crc(0x04C11DB7, 32)


def mp3(seconds: float, text: str = "") -> bytes:
    """Silence as MP3."""
    return _id3(text) + _MP3_FRAME * _frames(seconds, _MP3_SAMPLES)


def aac(seconds: float, text: str = "") -> bytes:
    """Silence as AAC (ADTS)."""
    return _id3(text) + _AAC_FRAME * _frames(seconds, _AAC_SAMPLES)


def opus(seconds: float, text: str = "") -> bytes:
    """Silence as Opus in an Ogg file."""
    head = b"OpusHead" + struct.pack("<BBHIHB", 1, 1, 0, SAMPLE_RATE, 0, 0)
    tags = b"OpusTags" + vorbis_comment(text)
    if len(tags) >= _LACING * _MOST_LACINGS:  # more than a page holds
        tags = b"OpusTags" + vorbis_comment("")
    pages = [_page([head], 0, 0, _FIRST), _page([tags], 1, 0)]
    frames = max(1, math.ceil(seconds * _OPUS_RATE / _OPUS_SAMPLES))
    for begin in range(0, frames, _FRAMES_OF_A_PAGE):
        end = min(begin + _FRAMES_OF_A_PAGE, frames)
        flags = _LAST if end == frames else 0
        packets = [_OPUS_FRAME] * (end - begin)
        pages.append(_page(packets, len(pages), end * _OPUS_SAMPLES, flags))
    return b"".join(pages)


def _frames(seconds: float, samples: int) -> int:
    return max(_LEAST_FRAMES, math.ceil(seconds * SAMPLE_RATE / samples))


def _id3(text: str) -> bytes:
    """A tag of ID3 version 2.4 whose title is the mark of the text."""
    title = b"\x03" + spoken_mark(text)  # in UTF-8
    frame = b"TIT2" + _seven_bits(len(title)) + b"\0\0" + title
    return b"ID3\x04\0\0" + _seven_bits(len(frame)) + frame


def _seven_bits(number: int) -> bytes:
    """A number in four bytes of which each has seven bits."""
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def _page(packets: list[bytes], number: int, position: int, flags: int = 0) -> bytes:
    lacing = b"".join(
        bytes([_LACING] * (len(packet) // _LACING) + [len(packet) % _LACING]) for packet in packets
    )
    serial = 1
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, position, serial, number, 0)
    page = head + bytes([len(lacing)]) + lacing + b"".join(packets)
    return page[:22] + struct.pack("<I", _check_of_page(page)) + page[26:]
