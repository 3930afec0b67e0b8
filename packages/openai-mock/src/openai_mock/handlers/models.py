"""Models: those that answer here, and those that a client has tuned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.described.resources import remove
from openai_mock.models import known_models
from openai_mock.refusals import unknown_model
from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles
from openai_mock.state.pages import page

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.world import World

COLLECTION = "models"  # of the tuned ones
CREATED = 1_735_689_600  # when all others are said to have been made: 2025-01-01


@handles("models.list")
def list_models(call: Call, world: World) -> Reply:
    """All models."""
    own = world.store.list(COLLECTION).documents
    models = [*(_described(name) for name in sorted(known_models())), *own]
    return JsonReply(page(call.operation, models, [str(each["id"]) for each in models]))


@handles("models.retrieve")
def retrieve(call: Call, world: World) -> Reply:
    """One model."""
    name = call.path["model"]
    own = world.store.get(COLLECTION, name)
    if own is None and name not in known_models():
        raise unknown_model(name)
    return JsonReply(own or _described(name))


@handles("models.delete")
def delete(call: Call, world: World) -> Reply:
    """Remove a tuned model; what tells so calls itself a model, as the API has it."""
    name = call.path["model"]
    if not world.store.has(COLLECTION, name):  # nobody can remove those of OpenAI
        raise unknown_model(name)
    return JsonReply({**remove(call, world), "object": "model"})


def _described(name: str) -> dict[str, object]:
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "openai-mock"}
