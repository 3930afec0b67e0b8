"""The transcript of what a user said in a Realtime session, as events.

Decides the pieces, the speakers, how sure it is, and what it takes. What is heard is decided where
all recordings are transcribed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.content.json_values import as_object, objects_in
from openai_mock.content.logprobs import token_logprobs
from openai_mock.content.tokens import split
from openai_mock.content.transcripts import heard, token_usage, transcript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.checking.body import JsonObject
    from openai_mock.content.json_values import Object
    from openai_mock.sessions.sound import SoundFormat

USUAL_MODEL = "gpt-4o-transcribe"
LOGPROBS = "item.input_audio_transcription.logprobs"
_EVENT = "conversation.item.input_audio_transcription"
_WHISPER = "whisper-1"  # gives the whole transcript at once, and counts seconds
_DIARIZE = "diarize"


def transcript_events(
    sound: bytes,
    sound_format: SoundFormat,
    settings: Object,
    place: Object,
    *,
    with_logprobs: bool = False,
) -> Iterator[JsonObject]:
    """The events of a transcript, without the ids of events.

    Args:
        sound: What was said.
        sound_format: Its format.
        settings: How the session has it transcribed.
        place: The item and the part of it.
        with_logprobs: Whether the client wants to know how sure it is.
    """
    model, text = str(settings.get("model") or USUAL_MODEL), heard(sound)
    seconds = sound_format.milliseconds(sound) / 1000
    by_token = model != _WHISPER
    for piece in split(text) if by_token else [text]:
        told = {"logprobs": _logprobs([piece])} if with_logprobs and by_token else {}
        yield {"type": f"{_EVENT}.delta", **place, "delta": piece, **told}
    if _DIARIZE in model:
        written = as_object(transcript(text, seconds, "diarized_json"))
        for each in objects_in(written.get("segments")):
            said = {name: each[name] for name in ("id", "speaker", "start", "end", "text")}
            yield {"type": f"{_EVENT}.segment", **place, **said}
    told = {"logprobs": _logprobs(split(text))} if with_logprobs and by_token else {}
    usage = token_usage(text, seconds) if by_token else {"type": "duration", "seconds": seconds}
    yield {"type": f"{_EVENT}.completed", **place, "transcript": text, "usage": usage, **told}


def _logprobs(tokens: list[str]) -> list[JsonObject]:
    names = ("token", "logprob", "bytes")
    return [{name: each[name] for name in names} for each in token_logprobs(tokens)]
