"""Live sessions that are not opened by a WebSocket: over WebRTC, and by phone.

No sound is moved for them here; they are known, so that others can attach to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.content.json_values import as_object
from openai_mock.described import resources
from openai_mock.refusals import not_found
from openai_mock.replies import JsonReply, Reply
from openai_mock.routing.registry import handles
from openai_mock.sessions.live_settings import SESSIONS, begun, forked

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.world import World


@handles("live.create")
def create(call: Call, world: World) -> Reply:
    """A session over WebRTC."""
    made = resources.made(call, world)
    session_id = str(made["session"]["id"])
    session = begun(as_object(call.body["session"]), session_id, world)
    world.store.put(SESSIONS, session_id, session)
    return JsonReply(made)


@handles("live.sessions.accept")
def accept(call: Call, world: World) -> Reply:
    """An incoming call becomes a session; any call can come."""
    session_id = call.path["session_id"]
    session = begun(as_object(call.body["session"]), session_id, world)
    world.store.put(SESSIONS, session_id, session)
    return Reply()


@handles("live.sessions.fork")
def fork(call: Call, world: World) -> Reply:
    """A session that goes on from another."""
    origin = world.store.get(SESSIONS, call.path["session_id"])
    if origin is None:
        raise not_found("live session", call.path["session_id"])
    made = resources.made(call, world)
    session_id = str(made["session"]["id"])
    session = forked(origin, as_object(call.body.get("session")), session_id)
    world.store.put(SESSIONS, session_id, session)
    return JsonReply(made)
