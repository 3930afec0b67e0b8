"""Conversations and their items; responses add to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openai_mock.content.json_values import as_object
from openai_mock.refusals import Refusal
from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles
from openai_mock.state.addresses import check_parents
from openai_mock.state.history import CONVERSATIONS, add_to_conversation, items_before, new_items

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.world import World

MOST_ITEMS = 20  # that may be added at once


@handles("conversations.create")
def create(call: Call, world: World) -> Reply:
    """Begin a conversation, with items or without."""
    _check_number(call)
    key = world.ids.new("conv_")
    conversation = {
        "id": key,
        "object": "conversation",
        "created_at": world.clock.seconds(),
        "metadata": as_object(call.body.get("metadata")),
    }
    world.store.put(CONVERSATIONS, key, conversation)
    add_to_conversation(key, new_items(call.body.get("items"), [], world), world.store)
    return JsonReply(conversation)


@handles("conversations.items.create")
def create_items(call: Call, world: World) -> Reply:
    """Add items at the end."""
    check_parents(call, world)
    _check_number(call)
    conversation = call.path["conversation_id"]
    before = items_before({"conversation": conversation}, world.store)
    items = new_items(call.body["items"], before, world)
    add_to_conversation(conversation, items, world.store)
    ids = [item["id"] for item in items] or [""]
    ends = {"first_id": ids[0], "last_id": ids[-1]}
    return JsonReply({"object": "list", "data": items, **ends, "has_more": False})


def _check_number(call: Call) -> None:
    given = cast("list[object]", call.body.get("items") or [])
    if len(given) > MOST_ITEMS:
        raise Refusal(
            f"Invalid 'items': {len(given)} were sent. Add at most {MOST_ITEMS} at once.",
            code="array_above_max_length",
            param="items",
        )
