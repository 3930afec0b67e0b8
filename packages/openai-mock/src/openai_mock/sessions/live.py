"""A Live session: sound and events both ways, and work that is handed on.

Decides what answers each client event, and what happens after each turn of the user: without a
delegation, the model repeats what was said; with one, all of it is handed on. Who does what is
handed on is in `live_delegation`, how the session is set up in `live_settings`.
"""

from __future__ import annotations

from base64 import b64encode
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal, TypeAlias

from openai_mock.answers.words import plain_words
from openai_mock.content.json_values import objects_in
from openai_mock.content.tokens import count, split
from openai_mock.content.transcripts import heard
from openai_mock.content.turns import Turn
from openai_mock.refusals import Refusal
from openai_mock.sessions.listening import InputSound, SpeechEnds, TurnDetection
from openai_mock.sessions.live_delegation import Backend, Decider, spoken_by
from openai_mock.sessions.live_settings import (
    SESSIONS,
    begun,
    delegation_of,
    forked,
    format_of,
    updated,
)
from openai_mock.sessions.session import Closing, Session
from openai_mock.sessions.sound import SoundFormat, sound_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.checking.body import JsonObject
    from openai_mock.world import World

Connection: TypeAlias = Literal["primary", "attached", "forked"]

MOST_TOKENS = 500  # that can be appended at once
_UNIONS: dict[Connection, str] = {
    "primary": "live.ClientEventParam",
    "attached": "live.ConnectClientEventParam",
    "forked": "live.ForkClientEventParam",
}
_WITHOUT_ID = ("session.output_audio.delta",)


class LiveSession(Session):
    """One connection to a session.

    Args:
        world: What handlers share.
        connection: What kind of connection it is.
        known: The session that it is to, or that it goes on from.
    """

    def __init__(
        self, world: World, connection: Connection = "primary", known: JsonObject | None = None
    ) -> None:
        super().__init__()
        self.client_events = _UNIONS[connection]
        self._world = world
        self._ids = world.ids
        self._origin = known if connection == "forked" else None
        self._session: JsonObject = {}
        self._input = InputSound(SoundFormat())
        self._is_muted = False
        self._said_ms = 0
        self._delegations: set[str] = set()
        self._client_event: str | None = None
        self._backend = Backend(world)
        self._decider = Decider(world.ids)
        if connection == "attached" and known:
            self._start(known)

    def _start(self, session: JsonObject) -> None:
        self._session = session
        self._input = InputSound(format_of(session))
        self._backend.begin_with(session.get("input") or ())

    def _error(self, refusal: Refusal, event: JsonObject) -> JsonObject:
        self._client_event = _id_in(event)
        named = {} if self._client_event is None else {"client_event_id": self._client_event}
        error = {**refusal.error, "code": refusal.code or "invalid_request", **named}
        return self._event("error", error=error)

    def _event(self, kind: str, **fields: object) -> JsonObject:
        """An event, with its id and that of what the client sent."""
        if kind in _WITHOUT_ID:
            return {"type": kind, **fields}
        named = {} if self._client_event is None else {"client_event_id": self._client_event}
        return {"type": kind, "event_id": self._ids.new("event_"), **named, **fields}

    @property
    def _at_ms(self) -> int:
        """How far the session has come, by its sound."""
        return self._input.end_ms + self._said_ms

    def _answers(self, event: JsonObject) -> Iterator[JsonObject]:
        self._client_event = _id_in(event)
        kind: str = event["type"]
        if kind == "session.start":
            yield self._started(event["session"])
            return
        if not self._session:
            message = "The session has not started. Send 'session.start' first."
            raise Refusal(message, code="session_not_started", param="type")
        if kind.startswith(("decision.", "response.")):
            yield from self._of_backends(event)
        elif kind.startswith("session.output_audio.fixture"):
            yield from self._played(sound_of(event["audio"], "audio"))
        elif kind.endswith(".append") and "content" in event:
            yield from self._appended(event)
        else:
            yield from self._of_session(event)

    def _of_session(self, event: JsonObject) -> Iterator[JsonObject]:
        match event["type"]:
            case "session.update":
                self._session = updated(self._session, event["session"])
                self._keep()
                yield self._event("session.updated", session=dict(self._session))
            case "session.input_audio.append":
                yield from self._listen(sound_of(event["audio"], "audio"))
            case "session.input_audio.mute":
                self._is_muted = True
                yield self._event("session.input_audio.muted")
            case "session.input_audio.unmute":
                self._is_muted = False
                yield self._event("session.input_audio.unmuted")
            case "transport.dtmf.send":
                yield self._event("transport.dtmf.sent", event=event["event"])
            case _:  # session.close
                self._world.store.delete(SESSIONS, self._session["id"])
                self.closing = Closing()
                told = {"session": dict(self._session), "usage": self._usage()}
                yield self._event("session.closed", reason="close_requested", **told)

    def _of_backends(self, event: JsonObject) -> Iterator[JsonObject]:
        match event["type"]:
            case "response.item.create":
                self._need("responses", event)
                self._backend.add(event["item"])
                message = "The item is kept for the next 'response.create'."
                yield self._event("info", code="item_added", message=message)
            case "response.create":
                self._need("responses", event)
                yield from self._responded()
            case "decision.item.create":
                yield self._event("decision.item.created", item=self._decider.add(event["item"]))
            case "decision.item.delete":
                self._decider.remove(event["item_id"])
                yield self._event("decision.item.deleted", item_id=event["item_id"])
            case _:  # decision.create
                self._need("decisions", event)
                self._decider.check_new(event["event_id"])
                settings = self._session["delegation"]["decisions"]
                source = {"source_event_id": event["event_id"]}
                yield self._decided(settings["questions"], settings["model"], **source)

    def _started(self, given: JsonObject) -> JsonObject:
        if self._session:
            message = "The session has started already. Open another connection for another one."
            raise Refusal(message, code="session_already_started", param="type")
        session_id = self._ids.new("sess_")
        if self._origin:
            self._start(forked(self._origin, given, session_id))
        else:
            self._start(begun(given, session_id, self._world))
        self._keep()
        return self._event("session.started", session=dict(self._session))

    def _keep(self) -> None:
        self._world.store.put(SESSIONS, self._session["id"], self._session)

    def _need(self, delegation: str, event: JsonObject) -> None:
        if delegation_of(self._session) != delegation:
            raise Refusal(
                f"{event['type']} requires {delegation.capitalize()} delegation. Start the session "
                f"with 'delegation': {{'type': '{delegation}', ...}}.",
                code="invalid_request",
                param="type",
            )

    def _appended(self, event: JsonObject) -> Iterator[JsonObject]:
        """Take what the client adds to the context; commentary is said, too."""
        content, delegation = event["content"], event.get("delegation_id")
        if count(content) > MOST_TOKENS:
            message = f"The content has more than {MOST_TOKENS} tokens. Send it in parts."
            raise Refusal(message, code="invalid_value", param="content")
        if delegation is not None and delegation not in self._delegations:
            message = f"There is no delegation '{delegation}'. Use an id that the server has sent."
            raise Refusal(message, code="delegation_not_found", param="delegation_id")
        times = {"start_ms": self._at_ms, "end_ms": self._at_ms}
        yield self._event(f"{event['type']}ed", **times)
        if event["type"] == "session.commentary.append":
            yield from self._say(content)

    def _listen(self, sound: bytes) -> Iterator[JsonObject]:
        if self._is_muted:
            sound = bytes(len(sound))
        for each in self._input.append(sound, TurnDetection()):
            if isinstance(each, SpeechEnds):
                yield from self._turn(each)

    def _turn(self, speech: SpeechEnds) -> Iterator[JsonObject]:
        """What happens when the user has said something."""
        said = heard(speech.sound)
        self._decider.hear("user", said)
        length = self._input.format.milliseconds(speech.sound)
        yield from self._written("session.input_transcript.delta", said, self._at_ms, length)
        match delegation_of(self._session):
            case None:
                yield from self._say(plain_words(Turn(said, is_of_user=True)))
            case "client":
                yield self._delegated("client")
            case "responses":
                self._backend.add({"role": "user", "content": said})
                yield from self._responded(delegates=True)
            case _:
                created = self._delegated("decisions")
                yield created
                settings = self._session["delegation"]["decisions"]
                named = {"delegation_id": created["delegation"]["id"]}
                yield self._decided(settings["questions"], settings["model"], **named)
        yield self._event("session.usage.updated", usage=self._usage())

    def _delegated(self, target: str, **more: object) -> JsonObject:
        delegation_id = self._ids.new("del_")
        self._delegations.add(delegation_id)
        delegation = {"id": delegation_id, "type": "delegation", "target": target, **more}
        return self._event(
            "session.delegation.created", delegation=delegation, offset_ms=self._at_ms
        )

    def _responded(self, *, delegates: bool = False) -> Iterator[JsonObject]:
        """Let Responses do what was handed on, and say what comes of it."""
        settings = self._session["delegation"]["responses"]
        named: JsonObject = {}
        words = ""
        for told in self._backend.respond(settings):
            if told["type"] == "error":
                error = {**told["error"], "code": told["error"].get("code") or "server_error"}
                yield self._event("error", error=error)
                return
            if delegates and told["type"] == "response.created":
                created = self._delegated("responses", response_id=told["response"]["id"])
                yield created
                named = {"delegation_id": created["delegation"]["id"]}
            words = spoken_by(told) or words
            yield self._event("response.event", event=told, **named)
        if words:
            yield from self._say(words)

    def _decided(self, questions: object, model: str, **named: object) -> JsonObject:
        decision = self._decider.decide(questions, model)
        made = {"type": "decision.completed", "decision": decision}
        return self._event("decision.event", event=made, **named)

    def _say(self, text: str) -> Iterator[JsonObject]:
        """Let the model say something."""
        self._decider.hear("assistant", text)
        begun_ms, sound = self._at_ms, self._input.format.spoken(text)
        length = self._input.format.milliseconds(sound)
        told = self._written("session.output_transcript.delta", text, begun_ms, length)
        for words, piece in zip_longest(told, self._sounding(sound)):
            yield from (each for each in (words, piece) if each is not None)

    def _played(self, sound: bytes) -> Iterator[JsonObject]:
        """Play a sound of the client."""
        yield self._event("session.output_audio.fixture.playing")
        yield from self._sounding(sound)
        yield self._event("session.output_audio.fixture.played")

    def _sounding(self, sound: bytes) -> Iterator[JsonObject]:
        for piece in self._input.format.pieces(sound):
            begun_ms = self._at_ms
            self._said_ms += self._input.format.milliseconds(piece)
            times = {"start_ms": begun_ms, "end_ms": self._at_ms}
            delta = b64encode(piece).decode()
            yield self._event("session.output_audio.delta", delta=delta, **times)

    def _written(self, kind: str, text: str, begun_ms: int, length: int) -> Iterator[JsonObject]:
        """The transcript of what is said, in pieces; after the last, what it triggers."""
        pieces = split(text)
        last: JsonObject = {}
        for at, piece in enumerate(pieces):
            start, end = (begun_ms + length * each // len(pieces) for each in (at, at + 1))
            last = self._event(kind, delta=piece, start_ms=start, end_ms=end)
            yield last
        for number, trigger in enumerate(objects_in(self._session.get("triggers"))):
            if last and trigger.get("event_type") == kind:
                source = {"source_event_id": last["event_id"], "source_event_type": kind}
                source["trigger_id"] = f"trigger_{number}"
                questions = self._decider.questions_of(trigger)
                yield self._decided(questions, self._session["model"], **source)

    def _usage(self) -> JsonObject:
        return {"seconds": self._at_ms / 1000}


def _id_in(event: JsonObject) -> str | None:
    event_id = event.get("event_id")
    return event_id if isinstance(event_id, str) else None
