"""What FFmpeg sees in the files is one colour, and nearly the one that was asked for."""

import io

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai_mock.content import images
from openai_mock.content.errors import MediaFormatError

FORMS = {"png": images.png, "webp": images.webp, "jpeg": images.jpeg}
TOLERANCE = {"png": 0, "webp": 0, "jpeg": 4}  # of 255; JPEG rounds, and FFmpeg once more
colours = st.tuples(*[st.integers(0, 255)] * 3)


def seen(file: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and the pixels of an image."""
    with av.open(io.BytesIO(file), "r") as container:
        (frame,) = container.decode(video=0)
        plane = frame.reformat(format="rgb24").planes[0]
        pixels, line = bytes(plane), plane.line_size
        return (
            frame.width,
            frame.height,
            [
                pixels[begin : begin + 3]
                for row in range(frame.height)
                for begin in range(row * line, row * line + 3 * frame.width, 3)
            ],
        )


@settings(max_examples=40)
@given(st.sampled_from([*FORMS]), st.integers(1, 70), st.integers(1, 70), colours)
def test_image_is_of_its_size_and_colour(form: str, width: int, height: int, colour: images.Colour):
    across, down, pixels = seen(FORMS[form](width, height, colour))
    assert (across, down) == (width, height)
    assert len(set(pixels)) == 1
    for value, wanted in zip(pixels[0], colour, strict=True):
        assert abs(value - wanted) <= TOLERANCE[form]


@pytest.mark.parametrize("form", FORMS)
def test_large_image_is_small(form: str):
    file = FORMS[form](1536, 1024, (200, 100, 50))
    assert len(file) < 20_000
    across, down, pixels = seen(file)
    assert (across, down, len(set(pixels))) == (1536, 1024, 1)


@given(st.text())
def test_colour_is_of_the_prompt(prompt: str):
    colour = images.colour_of(prompt)
    assert colour == images.colour_of(prompt)
    assert all(64 <= value < 224 for value in colour)


def test_other_prompts_have_other_colours():
    assert len({images.colour_of(f"prompt {number}") for number in range(100)}) > 95


@pytest.mark.parametrize(
    ("size", "sides"),
    [(None, (1024, 1024)), ("auto", (1024, 1024)), ("1x4096", (1, 4096)), ("9x8", (9, 8))],
)
def test_size_is_read(size: str | None, sides: tuple[int, int]):
    assert images.size_of(size) == sides


@pytest.mark.parametrize("size", ["", "big", "0x1", "1x", "1x4097", "-1x1", "1x1x1", "1.5x1"])
def test_other_sizes_are_refused(size: str):
    with pytest.raises(MediaFormatError, match=f"size '{size}'") as caught:
        images.size_of(size)
    assert caught.value.place == "size"


@given(colours)
def test_colours_of_videos_are_in_their_range(colour: images.Colour):
    luma, blue, red = images.luma_and_chroma(colour)
    assert 16 <= luma <= 235
    assert 16 <= blue <= 240
    assert 16 <= red <= 240
