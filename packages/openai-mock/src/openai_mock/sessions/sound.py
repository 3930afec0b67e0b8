"""Sound as sessions carry it: samples, or the companded bytes of telephony (ITU-T G.711).

Decides how long bytes last in each format and how they become samples and back. Telephony has
8,000 samples a second; of ours, it gets as many as it has.
"""

from __future__ import annotations

import sys
from array import array
from base64 import b64decode
from binascii import Error as Base64Error
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from openai_mock.content.audio import SAMPLE_BYTES, SAMPLE_RATE, pcm
from openai_mock.content.watermark import marked
from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openai_mock.content.json_values import Object

PCM, PCMU, PCMA = "audio/pcm", "audio/pcmu", "audio/pcma"
TELEPHONE_RATE = 8000
LARGEST_PIECE = 15 * 2**20  # bytes of sound in an event of the client
MILLISECONDS_A_PIECE = 200  # of sound in an event of the server
_STEP = 2  # bits of a sample that companding does not tell apart
_CODES = 256


@dataclass(frozen=True)
class SoundFormat:
    """A format of sound.

    Attributes:
        kind: Its media type.
        rate: Samples a second.
    """

    kind: str = PCM
    rate: int = SAMPLE_RATE

    @classmethod
    def of(cls, described: Object) -> SoundFormat:
        """The format that a session's settings describe."""
        kind = str(described.get("type") or PCM)
        rate = described.get("rate") if kind == PCM else TELEPHONE_RATE
        return cls(kind, rate if isinstance(rate, int) else SAMPLE_RATE)

    @property
    def bytes_a_millisecond(self) -> int:
        """How many bytes a millisecond has."""
        return self.rate * (SAMPLE_BYTES if self.kind == PCM else 1) // 1000

    def milliseconds(self, sound: bytes | bytearray) -> int:
        """How long sound lasts."""
        return len(sound) // self.bytes_a_millisecond

    def samples(self, sound: bytes) -> array[int]:
        """Sound as 16-bit samples; half a sample at its end is left out."""
        if self.kind != PCM:
            return array("h", map(_decoded(self.kind).__getitem__, sound))
        samples = array("h", sound[: len(sound) // SAMPLE_BYTES * SAMPLE_BYTES])
        if sys.byteorder == "big":
            samples.byteswap()
        return samples

    def spoken(self, text: str, *, speed: float = 1.0) -> bytes:
        """A text, spoken in this format."""
        sound = pcm(text, speed=speed) if text else b""
        if self.kind == PCM and self.rate == SAMPLE_RATE:
            return sound
        samples = SoundFormat().samples(sound)
        count = len(samples) * self.rate // SAMPLE_RATE
        if self.kind == PCM:
            kept = array("h", (samples[at * SAMPLE_RATE // self.rate] for at in range(count)))
            if sys.byteorder == "big":
                kept.byteswap()
            return marked(kept.tobytes(), text, SAMPLE_BYTES)
        codes = _encoded(self.kind)
        kept = samples[:: SAMPLE_RATE // TELEPHONE_RATE]
        return marked(bytes(codes[each >> _STEP] for each in kept), text, 1)

    def pieces(self, sound: bytes) -> Iterator[bytes]:
        """Sound in the pieces in which it is sent."""
        size = MILLISECONDS_A_PIECE * self.bytes_a_millisecond
        return (sound[at : at + size] for at in range(0, len(sound), size))


def sound_of(encoded: str, param: str) -> bytes:
    """The sound in an event of the client.

    Args:
        encoded: The sound, in base64.
        param: What has it, for messages.

    Raises:
        Refusal: It is no base64, or too much.
    """
    try:
        sound = b64decode(encoded, validate=True)
    except (Base64Error, ValueError) as error:
        raise Refusal(
            f"Invalid '{param}': expected base64, but {error}. Encode the bytes of the sound.",
            code="invalid_value",
            param=param,
        ) from error
    if len(sound) > LARGEST_PIECE:
        raise Refusal(
            f"Invalid '{param}': {len(sound)} bytes. Send no more than {LARGEST_PIECE} at once.",
            code="invalid_value",
            param=param,
        )
    return sound


@cache
def _decoded(kind: str) -> tuple[int, ...]:
    """The sample that each code stands for."""
    decode = _of_mu_law if kind == PCMU else _of_a_law
    return tuple(map(decode, range(_CODES)))


@cache
def _encoded(kind: str) -> _Codes:
    """The code that is nearest to each sample, by what is left of the sample."""
    known = sorted((sample, code) for code, sample in enumerate(_decoded(kind)))
    samples = [sample for sample, _ in known]

    def nearest(sample: int) -> int:
        at = bisect_left(samples, sample)
        near = known[max(0, at - 1) : at + 3]  # a zero may have two codes
        return min(near, key=lambda each: (abs(each[0] - sample), -each[0], -each[1]))[1]

    return _Codes(nearest)


class _Codes(dict[int, int]):
    """Codes by what is left of samples, each found when it is first asked for."""

    def __init__(self, nearest: Callable[[int], int]) -> None:
        super().__init__()
        self._nearest = nearest

    def __missing__(self, step: int) -> int:
        code = self[step] = self._nearest(step << _STEP)
        return code


def _of_mu_law(code: int) -> int:
    bits = ~code & 0xFF
    size = (((bits & 0x0F) << 3) + 0x84 << ((bits & 0x70) >> 4)) - 0x84
    return -size if bits & 0x80 else size


def _of_a_law(code: int) -> int:
    bits = code ^ 0x55
    size, segment = (bits & 0x0F) << 4, (bits & 0x70) >> 4
    size += 8 if segment == 0 else 0x108
    size <<= max(0, segment - 1)
    return size if bits & 0x80 else -size
