"""Images from the events of a generation or an edit: those finished, and the one in work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_stream.accumulators.growing import dumped, sent_fields

if TYPE_CHECKING:
    from openai_types import ImagesResponse
    from openai_types.shared import ImageEditStreamEvent, ImageGenStreamEvent

# Of an event, and of an answer that is not streamed.
CREATED, CREATED_AT = "created", "created_at"
IMAGE = "b64_json"
SHARED = ("background", "output_format", "quality", "safety_identifier", "size", "usage")


class ImagesAccumulator:
    """Puts the answer together that a request without a stream would have had."""

    __slots__ = ("_fields", "_finished", "_in_work")

    def __init__(self) -> None:
        self._fields: dict[str, object] = {}
        self._finished: list[str] = []
        self._in_work: str | None = None

    def add(self, event: ImageGenStreamEvent | ImageEditStreamEvent) -> None:
        """Take the next event. It raises nothing, whatever the server sent."""
        fields = sent_fields(dumped(event)) or {}
        image, kind = fields.get(IMAGE), str(fields.get("type"))
        if not isinstance(image, str):
            return
        if kind.endswith(".completed"):
            self._finished.append(image)
            self._in_work = None
        else:
            self._in_work = image
        self._fields |= {name: fields[name] for name in SHARED if name in fields}
        if CREATED_AT in fields:
            self._fields[CREATED] = fields[CREATED_AT]

    def snapshot(self) -> ImagesResponse:
        """The images so far; the last one may be a preview of what is in work."""
        from openai_types import ImagesResponse

        images = self._finished if self._in_work is None else [*self._finished, self._in_work]
        data = [{IMAGE: image} for image in images]
        return ImagesResponse.model_validate({**self._fields, "data": data})
