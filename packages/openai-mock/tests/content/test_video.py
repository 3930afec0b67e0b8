"""What FFmpeg sees in the videos is one colour, for as long as was asked."""

import io

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai_mock.content.images import Colour
from openai_mock.content.video import PICTURES_A_SECOND, mp4

evens = st.integers(1, 45).map(lambda half: 2 * half)
bright = st.tuples(*[st.integers(40, 220)] * 3)


def seen(file: bytes) -> tuple[set[tuple[int, int]], int, set[bytes]]:
    """The sizes of the pictures, how many they are, and the colours of their pixels."""
    sizes: set[tuple[int, int]] = set()
    colours: set[bytes] = set()
    count = 0
    with av.open(io.BytesIO(file), "r") as container:
        for frame in container.decode(video=0):
            count += 1
            sizes.add((frame.width, frame.height))
            plane = frame.reformat(format="rgb24").planes[0]
            pixels = bytes(plane)
            for row in range(frame.height):
                begin = row * plane.line_size
                line = pixels[begin : begin + 3 * frame.width]
                colours |= {line[place : place + 3] for place in range(0, len(line), 3)}
    return sizes, count, colours


@settings(max_examples=15)
@given(evens, evens, st.integers(1, 20), bright)
def test_video_is_of_its_size_length_and_colour(
    width: int, height: int, pictures: int, colour: Colour
):
    file = mp4(width, height, pictures / PICTURES_A_SECOND, colour)
    sizes, count, colours = seen(file)
    assert sizes == {(width, height)}
    assert count == pictures
    (only,) = colours
    assert all(abs(value - wanted) <= 5 for value, wanted in zip(only, colour, strict=True))


def test_video_says_how_long_it_is_and_is_small():
    file = mp4(720, 1280, 4, (100, 150, 200))
    assert len(file) < 10_000
    with av.open(io.BytesIO(file), "r") as container:
        (stream,) = container.streams.video
        assert container.duration == 4 * av.time_base
        assert (stream.codec_context.name, stream.frames) == ("h264", 96)
        assert stream.average_rate == PICTURES_A_SECOND


@pytest.mark.parametrize(("width", "height"), [(31, 17), (1, 1)])
def test_odd_sides_are_rounded_up(width: int, height: int):
    sizes, _, colours = seen(mp4(width, height, 0.1, (100, 150, 200)))
    assert sizes == {(width + width % 2, height + height % 2)}
    assert len(colours) == 1


def test_video_begins_with_its_tables():
    file = mp4(16, 16, 0, (100, 150, 200))
    assert file[4:8] == b"ftyp"
    assert file.index(b"moov") < file.index(b"mdat")
