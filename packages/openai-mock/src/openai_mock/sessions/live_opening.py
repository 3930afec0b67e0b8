"""What a handshake says of the Live session that it opens, and which sessions there are.

Decides which handshakes are refused. A session is known from its start until it is closed, so that
others can attach to it or go on from it; each connection has what is said on it for itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.refusals import not_found
from openai_mock.sessions.live import LiveSession
from openai_mock.sessions.live_settings import SESSIONS

if TYPE_CHECKING:
    from openai_mock.checking.body import JsonObject
    from openai_mock.world import World


def open_live(
    world: World, *, attached_to: str | None = None, forked_from: str | None = None
) -> LiveSession:
    """The session that is opened at `/live/sessions`, or below.

    Args:
        world: What sessions share.
        attached_to: The id of the running session that this is another connection to.
        forked_from: The id of the session that this one goes on from.

    Raises:
        Refusal: It cannot be opened.
    """
    if attached_to is not None:
        return LiveSession(world, "attached", _known(attached_to, world))
    if forked_from is not None:
        return LiveSession(world, "forked", _known(forked_from, world))
    return LiveSession(world)


def _known(session_id: str, world: World) -> JsonObject:
    session = world.store.get(SESSIONS, session_id)
    if session is None:
        raise not_found("live session", session_id)
    return session
