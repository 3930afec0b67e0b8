import base64
import json
from typing import Any

import pytest
from openai_mock.answers.images import ImagesAnswer
from openai_mock.refusals import Refusal
from openai_types import Decoder
from openai_types.shared import ImageGenStreamEvent, ImagesResponse

decode = Decoder[ImagesResponse](ImagesResponse, strict=True)
decode_event = Decoder[Any](ImageGenStreamEvent, strict=True)  # Any: a union of events


def answer(**request: Any) -> ImagesAnswer:
    return ImagesAnswer({"prompt": "A cat", **request}, "A cat", created=1)


def size_of(png: str) -> tuple[int, int]:
    content = base64.b64decode(png)
    assert content.startswith(b"\x89PNG")
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def test_image_has_the_size_that_was_asked_for():
    body = decode(json.dumps(answer(size="1024x1536", model="gpt-image-1").body()))
    (image,) = body.data or []
    assert size_of(image.b64_json or "") == (1024, 1536)
    assert (body.size, body.quality, body.background) == ("1024x1536", "medium", "opaque")
    assert body.usage
    assert body.usage.total_tokens == body.usage.input_tokens + body.usage.output_tokens


def test_several_are_different():
    data: Any = answer(n=3).body()["data"]
    assert len({each["b64_json"] for each in data}) == 3


def test_older_models_give_links_with_what_they_made_of_the_prompt():
    (image,) = decode(json.dumps(answer(model="dall-e-3", size="256x256").body())).data or []
    assert image.revised_prompt == "A cat"
    head, _, content = (image.url or "").partition(",")
    assert head == "data:image/png;base64"
    assert size_of(content) == (256, 256)
    (image,) = (
        decode(json.dumps(answer(model="dall-e-2", response_format="b64_json").body())).data or []
    )
    assert image.b64_json


@pytest.mark.parametrize(
    ("request_", "param"), [({"size": "huge"}, "size"), ({"output_format": "svg"}, "output_format")]
)
def test_what_cannot_be_made_is_refused(request_: dict[str, str], param: str):
    with pytest.raises(Refusal) as caught:
        answer(**request_)
    assert caught.value.param == param


def test_sketches_come_before_each_image():
    made = answer(partial_images=2, n=2)
    events = [decode_event(json.dumps(event)) for event in made.events("image_generation")]
    kinds = [event.type.removeprefix("image_generation.") for event in events]
    assert kinds == ["partial_image", "partial_image", "completed"] * 2
    assert [e.partial_image_index for e in events if e.type.endswith("image")] == [0, 1, 0, 1]
    data: Any = made.body()["data"]
    assert [e.b64_json for e in events if e.type.endswith("completed")] == [
        each["b64_json"] for each in data
    ]
