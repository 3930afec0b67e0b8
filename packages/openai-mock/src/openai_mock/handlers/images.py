"""Images: made, edited and varied."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from openai_mock.answers.images import ImagesAnswer
from openai_mock.checking.limits import check_range
from openai_mock.replies import EventsReply, JsonReply
from openai_mock.routing.registry import handles

if TYPE_CHECKING:
    from openai_mock.answers.images import Kind
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.world import World

MOST_IMAGES, MOST_SKETCHES = 10, 3


@handles("images.generate")
def generate(call: Call, world: World) -> Reply:
    """Images of a prompt."""
    return _answered(call, world, str(call.body["prompt"]), "image_generation")


@handles("images.edit")
def edit(call: Call, world: World) -> Reply:
    """Images made from others, by a prompt."""
    return _answered(call, world, str(call.body["prompt"]), "image_edit")


@handles("images.create_variation")
def create_variation(call: Call, world: World) -> Reply:
    """Images that are like another one."""
    return _answered(call, world, "A variation", None)


def _answered(call: Call, world: World, prompt: str, kind: Kind | None) -> Reply:
    for name, most in (("n", MOST_IMAGES), ("partial_images", MOST_SKETCHES)):
        value = call.body.get(name)
        if value is not None:
            check_range(name, value, 1 if name == "n" else 0, most)
    given = [upload for uploads in call.files.values() for upload in uploads]
    digests = [sha256(upload.content).hexdigest()[:8] for upload in given]
    shown = " of ".join([prompt, *digests])
    answer = ImagesAnswer(call.body, shown, given=len(given), created=world.clock.seconds())
    if kind and call.body.get("stream"):
        return EventsReply((str(event["type"]), event) for event in answer.events(kind))
    return JsonReply(answer.body())
