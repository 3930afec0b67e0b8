"""Moderations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.content.moderation import moderation
from openai_mock.refusals import Refusal
from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.world import World


@handles("moderations.create")
def create(call: Call, world: World) -> Reply:
    """Under which categories texts or images fall."""
    if call.body["input"] == []:
        message = "Invalid 'input': the array is empty. Send at least one text or image."
        raise Refusal(message, code="empty_array", param="input")
    return JsonReply(moderation(call.body, moderation_id=world.ids.new("modr-")))
