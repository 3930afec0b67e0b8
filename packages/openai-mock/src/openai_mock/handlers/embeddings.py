"""Embeddings."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openai_mock.checking.limits import check_range
from openai_mock.content.embeddings import default_dimensions, embeddings
from openai_mock.refusals import Refusal
from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.world import World

MOST_INPUTS = 2048
_OF_ONE_LENGTH = "text-embedding-ada-002"


@handles("embeddings.create")
def create(call: Call, world: World) -> Reply:
    """Vectors of texts or tokens."""
    del world
    _check_input(call.body["input"])
    dimensions = call.body.get("dimensions")
    if dimensions is not None:
        if call.body["model"] == _OF_ONE_LENGTH:
            raise Refusal(
                f"The model '{_OF_ONE_LENGTH}' does not support 'dimensions'. Leave it out, or use "
                "text-embedding-3-small or text-embedding-3-large.",
                code="invalid_value",
                param="dimensions",
            )
        check_range("dimensions", dimensions, 1, default_dimensions(str(call.body["model"])))
    return JsonReply(embeddings(call.body))


def _check_input(given: object) -> None:
    inputs = cast("list[object]", given if isinstance(given, list) else [given])
    if not inputs or any(each in ("", []) for each in inputs):
        message = "Invalid 'input': it is empty, or a part of it is. Send text or tokens."
        raise Refusal(message, code="invalid_value", param="input")
    if len(inputs) > MOST_INPUTS and not isinstance(inputs[0], int):
        raise Refusal(
            f"Invalid 'input': {len(inputs)} inputs. Send at most {MOST_INPUTS} at once.",
            code="array_above_max_length",
            param="input",
        )
