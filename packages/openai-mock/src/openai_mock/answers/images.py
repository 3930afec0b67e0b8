"""Images that are asked for, whole or as the events of a stream.

Decides which formats, sizes and other settings come back where the request leaves them open, and
what is counted. The images themselves are made in `content.media`.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from openai_mock.answers.refused import refusing
from openai_mock.content.images import size_of
from openai_mock.content.media import IMAGE_TYPES, USUAL_IMAGE, image
from openai_mock.content.tokens import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.content.json_values import Object

Kind: TypeAlias = Literal["image_generation", "image_edit"]

USUAL_SIZE = "1024x1024"
PIXELS_OF_A_TOKEN = 1024  # of an image that is made
TOKENS_OF_AN_IMAGE = 323  # that is given, of the usual size
_LEFT_OPEN = (None, "auto")


class ImagesAnswer:
    """The images of one request.

    Args:
        request: The request.
        shown: What they show.
        given: How many images were sent.
        created: When they are made, in whole seconds since the epoch.

    Raises:
        Refusal: There is no such format or size.
    """

    def __init__(self, request: Object, shown: str, *, given: int = 0, created: int) -> None:
        self._request = request
        self._created = created
        self._given = given
        self._shown = shown
        format_ = request.get("output_format")
        size = request.get("size")
        self._settings: dict[str, object] = {
            "background": self._settled("background", "opaque"),
            "output_format": format_ or USUAL_IMAGE,
            "quality": self._settled("quality", "medium"),
            "size": USUAL_SIZE if size in _LEFT_OPEN else size,
        }
        number = cast("int", request.get("n") or 1)
        with refusing():
            self._images = [
                self._image(f"{shown}\n{index}" if index else shown) for index in range(number)
            ]

    def body(self) -> dict[str, object]:
        """The images, not streamed."""
        data = [self._as_data(each) for each in self._images]
        if self._is_of_old:
            return {"created": self._created, "data": data}
        return {"created": self._created, "data": data, "usage": self._usage, **self._settings}

    def events(self, kind: Kind) -> Iterator[dict[str, object]]:
        """The images, streamed: each after as many sketches as are asked for."""
        head = {"created_at": self._created, **self._settings}
        for each in self._images:
            for index in range(cast("int", self._request.get("partial_images") or 0)):
                with refusing():
                    sketch = self._image(f"{self._shown}\nsketch {index}")
                partial = {"b64_json": sketch, "partial_image_index": index}
                yield {"type": f"{kind}.partial_image", **head, **partial}
            yield {"type": f"{kind}.completed", **head, "b64_json": each, "usage": self._usage}

    @property
    def _is_of_old(self) -> bool:
        """Whether the model is one that tells nothing but its images, and can give links."""
        return str(self._request.get("model")).startswith("dall-e")

    @cached_property
    def _usage(self) -> dict[str, object]:
        text, images = count(self._shown), self._given * TOKENS_OF_AN_IMAGE
        width, height = size_of(cast("str", self._settings["size"]))
        written = max(1, width * height // PIXELS_OF_A_TOKEN) * len(self._images)
        return {
            "input_tokens": text + images,
            "input_tokens_details": {"text_tokens": text, "image_tokens": images},
            "output_tokens": written,
            "output_tokens_details": {"text_tokens": 0, "image_tokens": written},
            "total_tokens": text + images + written,
        }

    def _image(self, shown: str) -> str:
        """An image in base64."""
        size, format_ = cast("str", self._settings["size"]), str(self._settings["output_format"])
        return b64encode(image(shown, size, format_)).decode()

    def _as_data(self, encoded: str) -> dict[str, object]:
        revised = {"revised_prompt": self._shown} if self._is_of_old else {}
        asked = self._request.get("response_format") or ("url" if self._is_of_old else "b64_json")
        if asked != "url":
            return {"b64_json": encoded, **revised}
        # The link is the image itself: it needs no key, and does not expire.
        media_type = IMAGE_TYPES[str(self._settings["output_format"])]
        return {"url": f"data:{media_type};base64,{encoded}", **revised}

    def _settled(self, name: str, usual: str) -> object:
        asked = self._request.get(name)
        return usual if asked in _LEFT_OPEN else asked
