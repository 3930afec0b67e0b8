"""Speech: a tone for each word, as samples and in the formats that keep samples.

Decides how long a text takes and how it sounds, and how the text itself is written into a file so
that it can be found there again. The formats that compress are in `silence`.
"""

from __future__ import annotations

import hashlib
import math
import re
import struct
from array import array
from hashlib import sha256
from urllib.parse import quote, unquote

from openai_mock.content.checksums import Crc
from openai_mock.content.watermark import marked

SAMPLE_RATE = 24_000  # a second; mono, 16 bits
SAMPLE_BYTES = 2
MOST_SECONDS = 60.0  # longer texts are not spoken to their end
_SECONDS_OF_A_LETTER, _SECONDS_BETWEEN_WORDS, _LEAST_SECONDS = 0.06, 0.08, 0.1
_LOWEST, _TONES, _LOUDNESS = 180, 24, 8000  # hertz, different tones, of 32,767
_FLAC_BLOCK = 4096  # samples
_check_of_head, _check_of_frame = Crc(0x07, 8), Crc(0x8005, 16)
_SPOKEN = re.compile(rb"openai-mock:([\w.,!?'%~ -]*);")


def pcm(text: str, *, speed: float = 1.0) -> bytes:
    """Samples: 24 kHz, mono, 16 bits signed, the low byte first, with the text in their last bits.

    Args:
        text: What is spoken.
        speed: How fast; 1.0 is normal.
    """
    samples = bytearray()
    for word in text.split() or [""]:
        seconds = max(_LEAST_SECONDS, len(word) * _SECONDS_OF_A_LETTER) / speed
        samples += _tone(word, round(seconds * SAMPLE_RATE))
        samples += bytes(SAMPLE_BYTES * round(_SECONDS_BETWEEN_WORDS / speed * SAMPLE_RATE))
        if len(samples) >= MOST_SECONDS * SAMPLE_RATE * SAMPLE_BYTES:
            break
    spoken = bytes(samples[: int(MOST_SECONDS * SAMPLE_RATE) * SAMPLE_BYTES])
    return marked(spoken, text, SAMPLE_BYTES)


def seconds_of(samples: bytes) -> float:
    """How long samples last."""
    return len(samples) / SAMPLE_BYTES / SAMPLE_RATE


def wav(samples: bytes, text: str = "") -> bytes:
    """Samples as a WAV file."""
    byte_rate = SAMPLE_RATE * SAMPLE_BYTES
    form = struct.pack("<HHIIHH", 1, 1, SAMPLE_RATE, byte_rate, SAMPLE_BYTES, 8 * SAMPLE_BYTES)
    comment = b"INFO" + _riff(b"ICMT", spoken_mark(text) + b"\0")
    chunks = b"WAVE" + _riff(b"fmt ", form) + _riff(b"data", samples) + _riff(b"LIST", comment)
    return _riff(b"RIFF", chunks)


def flac(samples: bytes, text: str = "") -> bytes:
    """Samples as a FLAC file; they are stored, not compressed."""
    count = len(samples) // SAMPLE_BYTES
    facts = SAMPLE_RATE << 44 | (8 * SAMPLE_BYTES - 1) << 36 | count  # mono is 0
    digest = hashlib.md5(samples, usedforsecurity=False).digest()  # FLAC says so
    info = struct.pack(">HH6xQ", _FLAC_BLOCK, _FLAC_BLOCK, facts) + digest
    head = b"fLaC" + _flac_block(0, info) + _flac_block(4, vorbis_comment(text), last=True)
    swapped = array("h", samples)
    swapped.byteswap()
    step = _FLAC_BLOCK * SAMPLE_BYTES
    stored = swapped.tobytes()
    blocks = (stored[begin : begin + step] for begin in range(0, len(stored), step))
    return head + b"".join(_flac_frame(number, block) for number, block in enumerate(blocks))


def spoken_mark(text: str) -> bytes:
    """What `spoken_text` finds, for the comment of a file."""
    encoded = quote(text.encode("utf-8", "surrogatepass"), safe=" .,!?'~")
    return f"openai-mock:{encoded};".encode()


def spoken_text(recording: bytes) -> str | None:
    """The text that was spoken in a file made here; None for any other file."""
    found = _SPOKEN.search(recording)
    return unquote(found[1].decode(), errors="surrogatepass") if found else None


def vorbis_comment(text: str) -> bytes:
    """The comment that FLAC and Opus have."""
    maker, comment = b"openai-mock", b"DESCRIPTION=" + spoken_mark(text)
    return b"".join((_sized(maker), struct.pack("<I", 1), _sized(comment)))


def _tone(word: str, count: int) -> bytes:
    digest = sha256(word.encode("utf-8", "surrogatepass")).digest()
    frequency = _LOWEST * 2 ** (digest[0] % _TONES / 12)  # twelve tones an octave
    period = round(SAMPLE_RATE / frequency)
    wave = (round(_LOUDNESS * math.sin(2 * math.pi * place / period)) for place in range(period))
    return (struct.pack(f"<{period}h", *wave) * (count // period + 1))[: count * SAMPLE_BYTES]


def _riff(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _sized(content: bytes) -> bytes:
    return struct.pack("<I", len(content)) + content


def _flac_block(kind: int, content: bytes, *, last: bool = False) -> bytes:
    return struct.pack(">I", (last << 31) | kind << 24 | len(content)) + content


def _flac_frame(number: int, block: bytes) -> bytes:
    size = len(block) // SAMPLE_BYTES
    # Blocks of a size that follows in 16 bits; 24 kHz; mono; 16 bits.
    head = b"\xff\xf8\x77\x08" + _as_utf8(number) + struct.pack(">H", size - 1)
    head += bytes([_check_of_head(head)])
    frame = head + b"\x02" + block  # stored as it is
    return frame + struct.pack(">H", _check_of_frame(frame))


def _as_utf8(number: int) -> bytes:
    """A number as UTF-8 writes characters; surrogates are numbers like any other."""
    return chr(number).encode("utf-8", "surrogatepass")
