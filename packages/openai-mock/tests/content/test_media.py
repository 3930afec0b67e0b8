import io
from collections.abc import Callable

import av
import pytest
from openai_mock.content import media
from openai_mock.content.audio import pcm
from openai_mock.content.errors import MediaFormatError
from openai_mock.content.transcripts import heard


@pytest.mark.parametrize("form", [form for form in media.SPEECH_TYPES if form != "pcm"])
def test_speech_is_a_file_of_the_format_that_says_the_text(form: str):
    file = media.speech("Hello world", form, speed=0.5)
    with av.open(io.BytesIO(file), "r") as container:
        (stream,) = container.streams
        assert stream.codec_context.name.removesuffix("float") in {form, "pcm_s16le"}
        seconds = sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))
    assert seconds == pytest.approx(len(pcm("Hello world", speed=0.5)) / 48_000, abs=0.05)
    assert heard(file) == "Hello world"


def test_speech_as_pcm_is_samples():
    assert media.speech("Hello world", "pcm") == pcm("Hello world")
    assert media.speech("Hello") == media.speech("Hello", "mp3")


@pytest.mark.parametrize("form", media.IMAGE_TYPES)
def test_image_is_of_the_format_and_the_size(form: str):
    with av.open(io.BytesIO(media.image("a cat", "64x48", form)), "r") as container:
        (frame,) = container.decode(video=0)
        assert (frame.width, frame.height) == (64, 48)
        assert {"jpeg": "mjpeg"}.get(form, form) == container.streams.video[0].codec_context.name
    assert media.image("a cat") == media.image("a cat", "1024x1024", "png")
    assert media.image("a cat") != media.image("a dog")


def test_video_is_of_the_size_and_the_length():
    with av.open(io.BytesIO(media.mp4("a cat", "64x48", 1.5)), "r") as container:
        assert container.duration == 1.5 * av.time_base
        assert container.streams.video[0].width == 64
    with av.open(io.BytesIO(media.mp4("a cat", seconds=10_000)), "r") as container:
        assert container.duration == media.MOST_SECONDS * av.time_base
        assert container.streams.video[0].height == 1280


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (lambda: media.speech("a", "mp4"), "response_format"),
        (lambda: media.image("a", None, "gif"), "output_format"),
        (lambda: media.image("a", "huge"), "size"),
        (lambda: media.mp4("a", "huge"), "size"),
    ],
)
def test_other_formats_are_refused(make: Callable[[], bytes], place: str):
    with pytest.raises(MediaFormatError) as caught:
        make()
    assert caught.value.place == place
