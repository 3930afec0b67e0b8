"""The bytes of speech, images and videos, by the names that requests have for their forms.

Decides which form is made by which module, and which content type goes with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.content import audio, images, silence, video
from openai_mock.content.errors import MediaFormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

USUAL_SPEECH, USUAL_IMAGE = "mp3", "png"
USUAL_VIDEO_SIZE, USUAL_SECONDS = "720x1280", 4.0
MOST_SECONDS = 60.0  # of a video

SPEECH_TYPES: Mapping[str, str] = {
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}
"""The formats of speech, with their content types."""

IMAGE_TYPES: Mapping[str, str] = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}
"""The formats of images, with their content types."""

_SILENT: Mapping[str, Callable[[float, str], bytes]] = {
    "mp3": silence.mp3,
    "opus": silence.opus,
    "aac": silence.aac,
}
_STORED: Mapping[str, Callable[[bytes, str], bytes]] = {"flac": audio.flac, "wav": audio.wav}
_IMAGES: Mapping[str, Callable[[int, int, images.Colour], bytes]] = {
    "png": images.png,
    "jpeg": images.jpeg,
    "webp": images.webp,
}


def speech(text: str, response_format: str = USUAL_SPEECH, *, speed: float = 1.0) -> bytes:
    """A text that is spoken: a tone for each word, or silence in the formats that compress.

    Args:
        text: What is spoken.
        response_format: One of `SPEECH_TYPES`.
        speed: How fast it is; 1.0 is normal.

    Returns:
        A file of that format, mono; for `pcm` samples without a head: 24 kHz, 16 bits, the low byte
        first. `transcripts.heard` finds the text again in all.

    Raises:
        MediaFormatError: The format is another one.
    """
    _check(response_format, SPEECH_TYPES, "response_format")
    samples = audio.pcm(text, speed=speed)
    if response_format in _SILENT:
        return _SILENT[response_format](audio.seconds_of(samples), text)
    if response_format in _STORED:
        return _STORED[response_format](samples, text)
    return samples


def image(prompt: str, size: str | None = None, output_format: str = USUAL_IMAGE) -> bytes:
    """An image of one colour, which the prompt decides.

    Args:
        prompt: What it should show.
        size: Its size, such as `1024x1536`; `auto` and None are 1024x1024.
        output_format: One of `IMAGE_TYPES`.

    Raises:
        MediaFormatError: The format or the size is another one.
    """
    _check(output_format, IMAGE_TYPES, "output_format")
    return _IMAGES[output_format](*images.size_of(size), images.colour_of(prompt))


def mp4(prompt: str, size: str | None = None, seconds: float = USUAL_SECONDS) -> bytes:
    """An MP4 video of one colour, which the prompt decides, without sound.

    Args:
        prompt: What it should show.
        size: Its size, such as `1280x720`; None is 720x1280.
        seconds: How long it is, up to `MOST_SECONDS`.

    Raises:
        MediaFormatError: The size is not one.
    """
    width, height = images.size_of(size or USUAL_VIDEO_SIZE)
    return video.mp4(width, height, min(seconds, MOST_SECONDS), images.colour_of(prompt))


def _check(name: str, known: Mapping[str, str], param: str) -> None:
    if name not in known:
        raise MediaFormatError(
            f"The mock does not make '{name}'. Ask for one of {', '.join(known)}.", place=param
        )
