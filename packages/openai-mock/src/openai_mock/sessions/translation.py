"""A session that translates speech as it is heard.

Decides what is told of each turn: what was said, and a "translation" that is the same words after
the name of the language. Ends after what was said last, when the client closes it.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from openai_mock.content.json_values import as_object
from openai_mock.content.tokens import split
from openai_mock.content.transcripts import heard
from openai_mock.sessions.listening import InputSound, SpeechBegins, TurnDetection
from openai_mock.sessions.realtime_settings import merged
from openai_mock.sessions.session import Closing, Session
from openai_mock.sessions.sound import SoundFormat, sound_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.checking.body import JsonObject
    from openai_mock.content.json_values import Object
    from openai_mock.refusals import Refusal
    from openai_mock.world import World

LONGEST_SECONDS = 3600
USUAL_LANGUAGE = "en"


class TranslationSession(Session):
    """One session.

    Args:
        model: The model that translates.
        world: Has the ids and the clock.
        settings: How the session is set up besides, by the secret that opened it.
    """

    client_events = "realtime.RealtimeTranslationClientEventParam"

    def __init__(self, model: str, world: World, settings: Object | None = None) -> None:
        super().__init__()
        self._ids = world.ids
        self._input = InputSound(SoundFormat())
        self._session: JsonObject = {
            "type": "translation",
            "id": world.ids.new("sess_"),
            "model": model,
            "expires_at": world.clock.seconds() + LONGEST_SECONDS,
            "audio": {**as_object((settings or {}).get("audio"))},
        }

    def opening(self) -> list[JsonObject]:
        """What the server sends before the client has sent anything."""
        return [self._numbered({"type": "session.created", "session": dict(self._session)})]

    def receive(self, frame: bytes | str) -> Iterator[JsonObject]:
        """What the server answers to a frame."""
        return map(self._numbered, super().receive(frame))

    def _numbered(self, event: JsonObject) -> JsonObject:
        return {**event, "event_id": self._ids.new("event_")}

    def _error(self, refusal: Refusal, event: JsonObject) -> JsonObject:
        event_id = event.get("event_id")
        named = event_id if isinstance(event_id, str) else None
        return {"type": "error", "error": {**refusal.error, "event_id": named}}

    def _answers(self, event: JsonObject) -> Iterator[JsonObject]:
        match event["type"]:
            case "session.update":
                self._session = merged(self._session, event["session"])
                yield {"type": "session.updated", "session": dict(self._session)}
            case "session.input_audio_buffer.append":
                sound = sound_of(event["audio"], "audio")
                for each in self._input.append(sound, TurnDetection()):
                    if not isinstance(each, SpeechBegins):
                        yield from self._translated(each.sound)
            case _:  # session.close
                if self._input.is_speech:
                    yield from self._translated(self._input.take())
                self.closing = Closing()
                yield {"type": "session.closed"}

    def _translated(self, sound: bytes) -> Iterator[JsonObject]:
        said, elapsed = heard(sound), {"elapsed_ms": self._input.end_ms}
        audio = as_object(self._session["audio"])
        if as_object(audio.get("input")).get("transcription") is not None:
            for piece in split(said):
                yield {"type": "session.input_transcript.delta", "delta": piece, **elapsed}
        language = as_object(audio.get("output")).get("language") or USUAL_LANGUAGE
        text = f"[{language}] {said}"
        for piece in split(text):
            yield {"type": "session.output_transcript.delta", "delta": piece, **elapsed}
        described = {"format": "pcm16", "channels": 1, "sample_rate": self._input.format.rate}
        for piece in self._input.format.pieces(self._input.format.spoken(text)):
            delta = b64encode(piece).decode()
            yield {"type": "session.output_audio.delta", "delta": delta, **described, **elapsed}
