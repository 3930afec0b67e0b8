"""ChatKit: sessions with the secrets that browsers need. Threads are for the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.content.json_values import as_object
from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.content.json_values import Object
    from openai_mock.replies import Reply
    from openai_mock.world import World

COLLECTION = "chatkit/sessions"
USUAL_SECONDS, USUAL_REQUESTS = 600, 10

_CONFIGURATION: Object = {
    "automatic_thread_titling": {"enabled": True},
    "file_upload": {"enabled": False, "max_file_size": None, "max_files": None},
    "history": {"enabled": True, "recent_threads": None},
}


@handles("beta.chatkit.sessions.create")
def create(call: Call, world: World) -> Reply:
    """Begin a session of a user with a workflow."""
    asked = as_object(call.body.get("chatkit_configuration"))
    limits = as_object(call.body.get("rate_limits"))
    most = limits.get("max_requests_per_1_minute") or USUAL_REQUESTS
    seconds = as_object(call.body.get("expires_after")).get("seconds") or USUAL_SECONDS
    workflow = as_object(call.body["workflow"])
    tracing = {"enabled": True, **as_object(workflow.get("tracing"))}
    key = world.ids.new("cksess_")
    session = {
        "id": key,
        "object": "chatkit.session",
        "status": "active",
        "client_secret": world.ids.new("ek_"),
        "expires_at": world.clock.seconds() + int(str(seconds)),
        "user": call.body["user"],
        "workflow": {"state_variables": None, "version": None, **workflow, "tracing": tracing},
        "max_requests_per_1_minute": most,
        "rate_limits": {"max_requests_per_1_minute": most},
        "chatkit_configuration": {
            name: {**as_object(usual), **as_object(asked.get(name))}
            for name, usual in _CONFIGURATION.items()
        },
    }
    world.store.put(COLLECTION, key, session)
    return JsonReply(session)
