"""What a session hears: sound that comes piece by piece, and where in it somebody speaks.

Decides by loudness alone when speech begins and ends, and by the time of the sound itself, never by
a clock. Knows no events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from openai_mock.content.json_values import as_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.content.json_values import Object
    from openai_mock.sessions.sound import SoundFormat

USUAL_THRESHOLD, USUAL_PADDING_MS, USUAL_SILENCE_MS = 0.5, 300, 500
LOUDEST_SILENCE = 2000  # of 32,767, at the threshold 1.0
FRAME_MS = 20  # in which loudness is looked at


@dataclass(frozen=True)
class TurnDetection:
    """How the end of a turn is found.

    Attributes:
        threshold: From 0 to 1, how loud speech has to be.
        padding_ms: How much of what is before speech belongs to it.
        silence_ms: After how much silence it is over.
        idle_ms: After how much silence the user is said to be idle; None for never.
    """

    threshold: float = USUAL_THRESHOLD
    padding_ms: int = USUAL_PADDING_MS
    silence_ms: int = USUAL_SILENCE_MS
    idle_ms: int | None = None

    @classmethod
    def of(cls, described: object) -> TurnDetection | None:
        """The detection that a session's settings describe; None for none."""
        if described is None:
            return None
        settings = as_object(described)
        return cls(
            _number(settings, "threshold", USUAL_THRESHOLD),
            int(_number(settings, "prefix_padding_ms", USUAL_PADDING_MS)),
            int(_number(settings, "silence_duration_ms", USUAL_SILENCE_MS)),
            int(_number(settings, "idle_timeout_ms", 0)) or None,
        )


@dataclass(frozen=True)
class SpeechBegins:
    """Somebody begins to speak, at a time from the beginning of the session."""

    at_ms: int


@dataclass(frozen=True)
class SpeechEnds:
    """Somebody has spoken until then; the sound is taken out of the buffer."""

    at_ms: int
    sound: bytes


@dataclass(frozen=True)
class Idle:
    """Nobody has spoken between the two times; the sound is taken out of the buffer."""

    from_ms: int
    until_ms: int
    sound: bytes


Heard: TypeAlias = SpeechBegins | SpeechEnds | Idle


class InputSound:
    """A buffer of sound, and what is heard in it.

    Args:
        sound_format: The format of the sound.
        taken_ms: How much sound there was before it.
    """

    def __init__(self, sound_format: SoundFormat, taken_ms: int = 0) -> None:
        self.format = sound_format
        self._sound = bytearray()
        self._taken_ms = taken_ms
        self._seen = 0  # bytes that have been looked at
        self._speaks = False
        self._silent_ms = 0

    @property
    def is_speech(self) -> bool:
        """Whether somebody has begun to speak and not ended."""
        return self._speaks

    @property
    def milliseconds(self) -> int:
        """How much sound is in the buffer."""
        return self.format.milliseconds(self._sound)

    @property
    def end_ms(self) -> int:
        """How much sound there was in all."""
        return self._taken_ms + self.milliseconds

    def append(self, sound: bytes, detection: TurnDetection | None) -> Iterator[Heard]:
        """Add sound; gives what is heard in it."""
        self._sound += sound
        if detection is None:
            self._seen = len(self._sound)
            return
        size = FRAME_MS * self.format.bytes_a_millisecond
        while len(self._sound) - self._seen >= size:
            frame = bytes(self._sound[self._seen : self._seen + size])
            self._seen += size
            yield from self._looked(frame, detection)

    def take(self) -> bytes:
        """All that is in the buffer, which is empty then."""
        return self._taken(len(self._sound))

    def _looked(self, frame: bytes, detection: TurnDetection) -> Iterator[Heard]:
        loud = max(map(abs, self.format.samples(frame)), default=0)
        at_ms = self._taken_ms + self._seen // self.format.bytes_a_millisecond
        if loud > detection.threshold * LOUDEST_SILENCE:
            self._silent_ms = 0
            if not self._speaks:
                self._speaks = True
                began = max(self._taken_ms, at_ms - FRAME_MS - detection.padding_ms)
                self._taken((began - self._taken_ms) * self.format.bytes_a_millisecond)
                self._speaks = True
                yield SpeechBegins(began)
            return
        self._silent_ms += FRAME_MS
        if self._speaks and self._silent_ms >= detection.silence_ms:
            yield SpeechEnds(at_ms, self._taken(self._seen))
        elif not self._speaks and detection.idle_ms and self._silent_ms >= detection.idle_ms:
            begun = max(self._taken_ms, at_ms - self._silent_ms)
            yield Idle(begun, at_ms, self._taken(self._seen))

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._sound[:size])
        del self._sound[:size]
        self._taken_ms += self.format.milliseconds(taken)
        self._seen = max(0, self._seen - size)
        self._speaks, self._silent_ms = False, 0
        return taken


def _number(settings: Object, name: str, usual: float) -> float:
    value = settings.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else usual
