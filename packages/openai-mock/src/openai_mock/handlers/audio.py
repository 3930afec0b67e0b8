"""Speech, and what is heard in recordings."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from openai_mock.answers.refused import refusing
from openai_mock.answers.transcripts import TranscriptAnswer
from openai_mock.checking.limits import check_range
from openai_mock.content.media import SPEECH_TYPES, USUAL_SPEECH, speech
from openai_mock.content.tokens import count
from openai_mock.content.transcripts import TOKENS_A_SECOND
from openai_mock.refusals import Refusal
from openai_mock.replies import BytesReply, EventsReply, JsonReply
from openai_mock.routing.registry import handles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.calls import Call
    from openai_mock.replies import Frame, Reply
    from openai_mock.world import World

MOST_LETTERS = 4096  # that are spoken
BYTES_A_PIECE = 12_288  # of sound in an event
PLAIN_TEXT = "text/plain; charset=utf-8"
_WHOLE_ONLY = ("tts-1", "tts-1-hd")  # models whose speech cannot come as events


@handles("audio.speech.create")
def create_speech(call: Call, world: World) -> Reply:
    """A text, spoken."""
    del world
    text, format_ = str(call.body["input"]), str(call.body.get("response_format") or USUAL_SPEECH)
    if not 0 < len(text) <= MOST_LETTERS:
        message = f"Invalid 'input': {len(text)} characters. Send from 1 to {MOST_LETTERS}."
        raise Refusal(message, code="invalid_value", param="input")
    speed = call.body.get("speed")
    if speed is not None:
        check_range("speed", speed, 0.25, 4.0)
    with refusing():
        sound = speech(text, format_, speed=speed or 1.0)
    if call.body.get("stream_format") != "sse":
        return BytesReply(sound, SPEECH_TYPES[format_])
    if call.body["model"] in _WHOLE_ONLY:
        raise Refusal(
            f"The model '{call.body['model']}' does not support 'stream_format' 'sse'. Leave it "
            "out, or use another model.",
            code="invalid_value",
            param="stream_format",
        )
    return EventsReply(_spoken(text, sound))


@handles("audio.transcriptions.create")
def transcribe(call: Call, world: World) -> Reply:
    """What is said in a recording."""
    del world
    answer = TranscriptAnswer(call.body, _recording(call), task="transcribe")
    return EventsReply(_told(answer)) if answer.is_streamed else _written(answer.body())


@handles("audio.translations.create")
def translate(call: Call, world: World) -> Reply:
    """What is said in a recording, in English."""
    del world
    return _written(TranscriptAnswer(call.body, _recording(call), task="translate").body())


def _spoken(text: str, sound: bytes) -> Iterator[Frame]:
    for begin in range(0, len(sound), BYTES_A_PIECE):
        piece = b64encode(sound[begin : begin + BYTES_A_PIECE]).decode()
        yield None, {"type": "speech.audio.delta", "audio": piece}
    read, written = count(text), len(text.split()) * TOKENS_A_SECOND
    usage = {"input_tokens": read, "output_tokens": written, "total_tokens": read + written}
    yield None, {"type": "speech.audio.done", "usage": usage}


def _recording(call: Call) -> bytes:
    content = call.files["file"][0].content
    if not content:
        raise Refusal(
            "The audio file is empty. Send the bytes of a recording.",
            code="audio_too_short",
            param="file",
        )
    return content


def _told(answer: TranscriptAnswer) -> Iterator[Frame]:
    for event in answer.events():
        yield None, event


def _written(body: str | dict[str, object]) -> Reply:
    if isinstance(body, str):
        return BytesReply(body.encode("utf-8", "surrogatepass"), PLAIN_TEXT)
    return JsonReply(body)
