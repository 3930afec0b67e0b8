from typing import Any

import pytest
from openai_stream.accumulators.images import ImagesAccumulator
from openai_types import Decoder
from openai_types.shared import ImageEditStreamEvent, ImageGenStreamEvent, ImagesResponse
from pydantic_core import to_json

ABOUT = {
    "background": "opaque",
    "output_format": "png",
    "quality": "high",
    "size": "1024x1024",
}
USAGE = {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
GENERATION = ("image_generation", ImageGenStreamEvent)
EDIT = ("image_edit", ImageEditStreamEvent)


def accumulated(union: object, *events: object) -> ImagesResponse:
    accumulator, decode = ImagesAccumulator(), Decoder[Any](union)
    for event in events:
        accumulator.add(decode(to_json(event)))
    return accumulator.snapshot()


@pytest.mark.parametrize(("name", "union"), [GENERATION, EDIT])
def test_the_finished_image_takes_the_place_of_its_previews(name: str, union: object):
    preview = {
        "type": f"{name}.partial_image",
        "b64_json": "QQ==",
        "partial_image_index": 0,
        "created_at": 5,
        **ABOUT,
    }
    whole = {
        "type": f"{name}.completed",
        "b64_json": "Qg==",
        "created_at": 6,
        "usage": USAGE,
        **ABOUT,
    }
    first = accumulated(union, preview)
    assert first.to_dict() == {"created": 5, **ABOUT, "data": [{"b64_json": "QQ=="}]}
    assert accumulated(union, preview, preview, whole).to_dict() == {
        "created": 6,
        **ABOUT,
        "usage": USAGE,
        "data": [{"b64_json": "Qg=="}],
    }


def test_several_images_are_all_there():
    events = [{"type": "image_generation.completed", "b64_json": each} for each in ("QQ==", "Qg==")]
    preview = {"type": "image_generation.partial_image", "b64_json": "Qw=="}
    answer = accumulated(ImageGenStreamEvent, *events, preview)
    assert [image.b64_json for image in answer.data or []] == ["QQ==", "Qg==", "Qw=="]


@pytest.mark.parametrize(
    "event", [{"type": "new.event"}, {"type": None}, {}, {"type": "image_generation.completed"}]
)
def test_what_has_no_image_changes_nothing(event: object):
    assert accumulated(ImageGenStreamEvent, event).data == []
