"""What is heard in a recording, and the forms in which the API writes it down.

Decides what the words are: those that were spoken, if the recording was made by this mock (its
files and samples say so), else a sentence about the recording. Times are those of a steady voice.
Nothing listens.
"""

from __future__ import annotations

import io
import re
import wave
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openai_mock.content.audio import spoken_text
from openai_mock.content.errors import MediaFormatError
from openai_mock.content.tokens import count, split
from openai_mock.content.watermark import texts_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

USUAL_LANGUAGE = "english"
BYTES_A_SECOND = 4000  # of recordings that do not say how long they are: 32 kbit/s
TOKENS_A_SECOND = 10  # of sound
VOCABULARY = 200_000
_SENTENCE = re.compile(r"\s*\S.*?(?:[.!?。！？](?=\s|$)|$|(?<=[。！？]))", re.DOTALL)  # noqa: RUF001


@dataclass(frozen=True)
class Spoken:
    """Some words and when they are heard, in seconds from the beginning."""

    text: str
    start: float
    end: float


def heard(recording: bytes) -> str:
    """What is said in a recording.

    Args:
        recording: The bytes of its file, or samples.
    """
    said = spoken_text(recording)
    if said is not None:
        return said
    words = texts_in(recording)
    return " ".join(words) if words else f"This is a recording of {len(recording)} bytes."


def duration(recording: bytes) -> float:
    """How many seconds a recording is long: as a WAV file says, else estimated by its size."""
    try:
        with wave.open(io.BytesIO(recording)) as file:
            return file.getnframes() / (file.getframerate() or 1)
    except (wave.Error, EOFError):
        return len(recording) / BYTES_A_SECOND


def transcript(
    text: str,
    seconds: float,
    response_format: str = "json",
    *,
    language: str = USUAL_LANGUAGE,
    granularities: Collection[str] = ("segment",),
    task: str = "transcribe",
) -> str | dict[str, object]:
    """Write down what was heard.

    Args:
        text: What was heard.
        seconds: How long the recording is.
        response_format: The form: `json`, `text`, `srt`, `vtt`, `verbose_json` or `diarized_json`.
        language: The language that was spoken.
        granularities: Of what `verbose_json` gives times: `segment`, `word` or both.
        task: What was asked for: `transcribe` or `translate`.

    Returns:
        A text for `text`, `srt` and `vtt`, else the body of the answer.

    Raises:
        MediaFormatError: The form is another one.
    """
    match response_format:
        case "json":
            return {"text": text, "usage": token_usage(text, seconds)}
        case "text":
            return f"{text}\n"
        case "srt":
            return "".join(_srt(text, seconds))
        case "vtt":
            return "WEBVTT\n\n" + "".join(_vtt(text, seconds))
        case "verbose_json":
            parts: dict[str, object] = {}
            if "segment" in granularities:
                parts["segments"] = [*_segments(text, seconds)]
            if "word" in granularities:
                parts["words"] = [
                    {"word": each.text, "start": each.start, "end": each.end}
                    for each in words(text, seconds)
                ]
            usage = {"type": "duration", "seconds": seconds}
            whole = {"task": task, "language": language, "duration": seconds, "text": text}
            return {**whole, **parts, "usage": usage}
        case "diarized_json":
            return {
                "task": task,
                "duration": seconds,
                "text": text,
                "segments": [*_diarized(text, seconds)],
                "usage": token_usage(text, seconds),
            }
        case _:
            raise MediaFormatError(
                f"The mock does not write transcripts as '{response_format}'. Ask for json, text, "
                "srt, vtt, verbose_json or diarized_json.",
                place="response_format",
            )


def sentences(text: str, seconds: float) -> list[Spoken]:
    """The sentences of a text with their times."""
    return _timed([found.strip() for found in _SENTENCE.findall(text)], seconds)


def words(text: str, seconds: float) -> list[Spoken]:
    """The words of a text with their times."""
    return _timed(text.split(), seconds)


def _timed(texts: list[str], seconds: float) -> list[Spoken]:
    """The texts one after the other, each as long as it has characters."""
    whole = sum(map(len, texts)) or 1
    spoken: list[Spoken] = []
    before = 0
    for text in texts:
        after = before + len(text)
        start, end = (round(seconds * place / whole, 2) for place in (before, after))
        spoken.append(Spoken(text, start, end))
        before = after
    return spoken


def _srt(text: str, seconds: float) -> Iterator[str]:
    for number, each in enumerate(sentences(text, seconds), start=1):
        yield f"{number}\n{_clock(each.start, ',')} --> {_clock(each.end, ',')}\n{each.text}\n\n"


def _vtt(text: str, seconds: float) -> Iterator[str]:
    for each in sentences(text, seconds):
        yield f"{_clock(each.start, '.')} --> {_clock(each.end, '.')}\n{each.text}\n\n"


def _clock(seconds: float, point: str) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{point}{milliseconds:03}"


def _segments(text: str, seconds: float) -> Iterator[dict[str, object]]:
    for number, each in enumerate(sentences(text, seconds)):
        encoded = each.text.encode("utf-8", "surrogatepass")
        yield {
            "id": number,
            "seek": 0,
            "start": each.start,
            "end": each.end,
            "text": f" {each.text}",
            "tokens": [
                zlib.crc32(token.encode("utf-8", "surrogatepass")) % VOCABULARY
                for token in split(each.text)
            ],
            "temperature": 0.0,
            "avg_logprob": -0.2,
            "compression_ratio": round(len(encoded) / len(zlib.compress(encoded)), 3),
            "no_speech_prob": 0.01,
        }


def _diarized(text: str, seconds: float) -> Iterator[dict[str, object]]:
    """One segment a sentence, all of one speaker."""
    for number, each in enumerate(sentences(text, seconds)):
        yield {
            "type": "transcript.text.segment",
            "id": f"seg_{number}",
            "speaker": "A",
            "start": each.start,
            "end": each.end,
            "text": each.text,
        }


def token_usage(text: str, seconds: float) -> dict[str, object]:
    """What a transcript takes that is counted in tokens; `seconds` is how long the sound is."""
    read, written = round(seconds * TOKENS_A_SECOND), count(text)
    return {
        "type": "tokens",
        "input_tokens": read,
        "input_token_details": {"text_tokens": 0, "audio_tokens": read},
        "output_tokens": written,
        "total_tokens": read + written,
    }
