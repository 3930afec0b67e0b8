"""FFmpeg hears nothing in the files, for as long as was asked."""

import io
from collections.abc import Callable

import av
import pytest
from openai_mock.content import silence
from openai_mock.content.audio import spoken_text

Form = Callable[[float, str], bytes]

FORMS: dict[str, Form] = {"mp3": silence.mp3, "aac": silence.aac, "ogg": silence.opus}


LEAST = 4 * 1024 / 24_000  # seconds that the shortest file of AAC has


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("seconds", [0.0, 0.02, 2.46, 30.0])
def test_nothing_is_heard_for_so_long(name: str, seconds: float):
    with av.open(io.BytesIO(FORMS[name](seconds + 0.001, "a text")), "r") as container:
        assert container.format.name == name
        assert len(container.streams) == 1
        frames = list(container.decode(audio=0))
    assert {each.layout.name for each in frames} == {"mono"}
    lasted = sum(each.samples / each.sample_rate for each in frames)
    assert seconds <= lasted <= max(seconds, LEAST) + 0.05
    heard = b"".join(bytes(each.planes[0])[: 4 * each.samples] for each in frames)
    assert {*heard} == {0}


@pytest.mark.parametrize("form", FORMS.values())
@pytest.mark.parametrize("text", ["", "Hello world; grüße 🎉", "长" * 2000])
def test_text_is_in_the_comment(form: Form, text: str):
    file = form(1, text)
    assert spoken_text(file) == text
    with av.open(io.BytesIO(file), "r") as container:
        assert "openai-mock" in str(container.metadata | container.streams[0].metadata)


def test_text_that_no_page_of_ogg_holds_is_left_out():
    assert spoken_text(silence.opus(1, "长" * 10_000)) == ""
