"""Decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.answers.decisions import decide
from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.world import World


@handles("decisions.create")
def create(call: Call, world: World) -> Reply:
    """Decide questions about an input."""
    del world
    return JsonReply(decide(call.body))
