"""Webhook endpoints: where events are posted, and the secrets of them.

A new endpoint has the secret of the server, so that whoever knows that one can check all.
"""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import TYPE_CHECKING

from openai_mock.described.resources import made
from openai_mock.files.stored_files import DAY
from openai_mock.posting.outbox import ENDPOINTS, add_secret, announce_to
from openai_mock.posting.webhooks import subscribable
from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles
from openai_mock.state.items import Item, add, changed, item_of

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.world import World

SHOWN = 4  # characters of a secret
ACCEPTED = 200


@handles("webhooks.create")
def create(call: Call, world: World) -> Reply:
    """Make an endpoint; only now and when it is changed, its secret is told."""
    secret = world.settings.webhook_secret
    document = made(call, world, {**call.body, "signing_secret_hint": secret[-SHOWN:]})
    document = {**document, "id": world.ids.new("we_"), "updated_at": document["created_at"]}
    del document["signing_secret"]
    endpoint = add(world, ENDPOINTS, document)
    add_secret(world, endpoint.key, secret)
    return _with_secret(endpoint, secret)


@handles("webhooks.update")
def update(call: Call, world: World) -> Reply:
    """Change an endpoint."""
    now = world.clock.seconds()
    return JsonReply(changed(world, item_of(call, world), **call.body, updated_at=now).document)


@handles("webhooks.rotate_secret")
def rotate_secret(call: Call, world: World) -> Reply:
    """Give an endpoint another secret; on request, the earlier one is good for another day."""
    endpoint = item_of(call, world)
    digest = sha256(world.ids.new(endpoint.key).encode()).digest()
    secret = f"whsec_{base64.b64encode(digest).decode()}"
    keeps = call.body.get("keep_old_secret_active_for_24_hours")
    add_secret(world, endpoint.key, secret, until=world.clock.now() + DAY if keeps else None)
    hint, now = secret[-SHOWN:], world.clock.seconds()
    return _with_secret(changed(world, endpoint, signing_secret_hint=hint, updated_at=now), secret)


@handles("webhooks.test")
def test(call: Call, world: World) -> Reply:
    """Post an event to an endpoint; a handler waits for nobody, so success is only assumed."""
    endpoint = item_of(call, world)
    announce_to(world, endpoint.document, call.body["event_type"])
    values = {
        "event_type": call.body["event_type"],
        "webhook_endpoint_id": endpoint.key,
        "status_code": ACCEPTED,
    }
    return JsonReply(made(call, world, values))


@handles("webhooks.event_types.list")
def list_event_types(call: Call, world: World) -> Reply:
    """The types of events that an endpoint can have."""
    del call, world
    return JsonReply({"object": "list", "data": list(subscribable())})


def _with_secret(endpoint: Item, secret: str) -> Reply:
    return JsonReply({**endpoint.document, "signing_secret": secret})
