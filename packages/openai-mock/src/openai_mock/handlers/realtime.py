"""Secrets with which browsers begin Realtime sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_types.catalogue import resolve

from openai_mock.checking.limits import check_range
from openai_mock.content.json_values import as_object
from openai_mock.described import resources
from openai_mock.described.instances import Maker, models_of
from openai_mock.replies import JsonReply
from openai_mock.routing.client_secrets import new_secret
from openai_mock.routing.registry import handles

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.world import World

USUAL_SECONDS, LEAST_SECONDS, MOST_SECONDS = 600, 10, 7200
TRANSCRIBING = "realtime.transcription_session"
SECONDS_OF_OLD = 60  # of the secrets of the beta


@handles("realtime.client_secrets.create", "realtime.translations.client_secrets.create")
def create(call: Call, world: World) -> Reply:
    """A secret for a session that is set up as it is asked for."""
    wanted = as_object(call.body.get("expires_after")).get("seconds")
    seconds = USUAL_SECONDS if wanted is None else int(str(wanted))
    check_range("expires_after.seconds", seconds, LEAST_SECONDS, MOST_SECONDS)
    (answer,) = models_of(resolve(resources.returned(call)))
    type_ = answer.model_fields["session"].annotation
    maker = Maker(world.clock, world.ids)
    asked = as_object(call.body.get("session"))
    begun = {"id": world.ids.new("sess_"), "expires_at": world.clock.seconds() + seconds}
    named = {"object": TRANSCRIBING} if asked.get("type") == "transcription" else {}
    session = maker.of(type_, {**asked, **begun, **named})
    return JsonReply({**new_secret(seconds, session, world), "session": session})


@handles("beta.realtime.sessions.create", "beta.realtime.transcription_sessions.create")
def create_of_old(call: Call, world: World) -> Reply:
    """A session with its secret, as the beta has it."""
    session = resources.made(call, world)
    return JsonReply({**session, "client_secret": new_secret(SECONDS_OF_OLD, session, world)})
