"""How a Live session is set up: what it begins with, and what may be changed of it.

Decides the defaults and what is refused of an update. Knows nothing of what is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.content.json_values import as_object
from openai_mock.refusals import Refusal, unknown_model
from openai_mock.sessions.realtime_settings import USUAL_VOICE, merged
from openai_mock.sessions.sound import PCM, SoundFormat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_mock.checking.body import JsonObject
    from openai_mock.content.json_values import Object
    from openai_mock.world import World

SESSIONS = "live/sessions"
"""The collection of the sessions that are running."""

MODELS = "gpt-live-"  # how their names begin
LONGEST_SECONDS = 3600


def begun(given: Mapping[str, object], session_id: str, world: World) -> JsonObject:
    """A session as it begins.

    Args:
        given: How the client sets it up.
        session_id: Its id.
        world: Has the clock.

    Raises:
        Refusal: There is no such model.
    """
    model = str(given["model"])
    if not model.startswith(MODELS):
        raise unknown_model(model)
    usual = {"audio": {"format": {"type": PCM, "rate": 24_000}, "output": {"voice": USUAL_VOICE}}}
    expires_at = world.clock.seconds() + LONGEST_SECONDS
    own = {name: value for name, value in given.items() if name != "type"}
    known = {"id": session_id, "status": "active", "expires_at": expires_at}
    return {"delegation": None, **merged(usual, own), **known}


def forked(session: JsonObject, given: Mapping[str, object], session_id: str) -> JsonObject:
    """A session that goes on from another.

    Args:
        session: The other one.
        given: What is different.
        session_id: Its id.

    Raises:
        Refusal: It would be handed on otherwise.
    """
    _check_delegation(session, given.get("delegation"))
    return {**merged(session, {**given}), "id": session_id}


def updated(session: JsonObject, changes: Object) -> JsonObject:
    """A session after an update.

    Raises:
        Refusal: Work would be handed on to somebody else.
    """
    if "delegation" in changes:
        _check_delegation(session, changes["delegation"])
    kept = {name: value for name, value in changes.items() if value is not None}
    return merged(session, kept)


def format_of(session: JsonObject) -> SoundFormat:
    """The format of sound, both ways."""
    return SoundFormat.of(as_object(as_object(session.get("audio")).get("format")))


def delegation_of(session: JsonObject) -> str | None:
    """Whom work is handed on to: `client`, `responses` or `decisions`; None for nobody."""
    kind = as_object(session.get("delegation")).get("type")
    return None if kind is None else str(kind)


def _check_delegation(session: JsonObject, wanted: object) -> None:
    if wanted is None:
        return
    new, old = as_object(wanted).get("type"), delegation_of(session)
    if new != old:
        raise Refusal(
            f"The delegation type of a session cannot change: it is '{old}', not '{new}'. Start "
            "another session.",
            code="immutable_field_update",
            param="session.delegation.type",
        )
