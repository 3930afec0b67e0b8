from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import pytest
from openai_mock.sessions.live import LiveSession
from openai_mock.sessions.live_opening import open_live
from openai_mock.world import World

QUESTION = {"type": "predicate", "name": "q", "instructions": "Does the user say hello?"}
WEATHER = {"type": "function", "name": "weather", "parameters": {"type": "object"}, "strict": False}
RESPONSES = {"type": "responses", "responses": {"model": "gpt-5.5"}}
DECISIONS = {"type": "decisions", "decisions": {"model": "gpt-5.5", "questions": [QUESTION]}}


def start(**more: object) -> dict[str, Any]:
    return {"type": "session.start", "session": {"model": "gpt-live-1", **more}}


def append(sound: str) -> dict[str, str]:
    return {"type": "session.input_audio.append", "audio": sound}


def kinds(events: list[Any]) -> list[str]:
    return list(dict.fromkeys(event.type for event in events))


def words(events: list[Any], side: str) -> str:
    kind = f"session.{side}_transcript.delta"
    return "".join(event.delta for event in events if event.type == kind)


Started = Callable[..., Any]


@pytest.fixture
def started(talk: Any, world: World) -> Started:
    """Starts a session."""

    def begun(**more: object) -> Any:
        session = talk(LiveSession(world))
        (event,) = session.send(start(**more))
        assert event.type == "session.started"
        return session

    return begun


def test_session_begins_when_it_is_started(talk: Any, world: World):
    session = talk(LiveSession(world))
    assert session.opening == []
    assert session.code(append("AAA=")) == "session_not_started"
    audio = {"output": {"voice": "ash"}}
    (event,) = session.send({**start(instructions="Be brief.", audio=audio), "event_id": "mine"})
    assert (event.client_event_id, event.session.status) == ("mine", "active")
    assert (event.session.instructions, event.session.audio.output.voice) == ("Be brief.", "ash")
    assert event.session.audio.format.rate == 24_000
    assert event.session.expires_at == world.clock.seconds() + 3600
    assert session.code(start()) == "session_already_started"


def test_there_are_live_models(talk: Any, world: World):
    assert talk(LiveSession(world)).code(start(model="gpt-5.5")) == "model_not_found"


def test_turn_is_written_down_and_answered(started: Started, speech: Any):
    session = started()
    events = session.send(append(speech("Hello there")))
    assert kinds(events) == [
        "session.input_transcript.delta",
        "session.output_transcript.delta",
        "session.output_audio.delta",
        "session.usage.updated",
    ]
    assert words(events, "input") == "Hello there"
    assert words(events, "output") == "You wrote: Hello there"
    times = [(e.start_ms, e.end_ms) for e in events if e.type == "session.output_audio.delta"]
    assert all(begin < end for begin, end in times)
    assert [end for _, end in times[:-1]] == [begin for begin, _ in times[1:]]
    assert events[-1].usage.seconds == times[-1][1] / 1000


def test_muted_input_is_not_heard(started: Started, speech: Any):
    session = started()
    mute = {"type": "session.input_audio.mute", "event_id": "m"}
    (muted,) = session.send(mute)
    assert (muted.type, muted.client_event_id) == ("session.input_audio.muted", "m")
    assert session.send(append(speech("Hello"))) == []
    (unmuted,) = session.send({"type": "session.input_audio.unmute"})
    assert unmuted.type == "session.input_audio.unmuted"
    assert words(session.send(append(speech("Hello"))), "input") == "Hello"


def test_sound_of_the_client_is_played(started: Started):
    sound = bytes(24_000)
    play = {"type": "session.output_audio.fixture.play", "audio": b64encode(sound).decode()}
    first, *played, last = started().send(play)
    assert first.type == "session.output_audio.fixture.playing"
    assert last.type == "session.output_audio.fixture.played"
    assert b"".join(b64decode(each.delta) for each in played) == sound


@pytest.mark.parametrize("kind", ["instructions", "thinking", "commentary"])
def test_context_is_appended_and_commentary_is_said(started: Started, kind: str):
    session = started()
    content = {"type": f"session.{kind}.append", "content": "All is well.", "delegation_id": None}
    first, *said = session.send(content)
    assert first.type == f"session.{kind}.appended"
    assert words(said, "output") == ("All is well." if kind == "commentary" else "")
    assert session.code({**content, "content": "word " * 501}) == "invalid_value"
    assert session.code({**content, "delegation_id": "del_x"}) == "delegation_not_found"


def test_client_does_what_is_handed_on(started: Started, speech: Any):
    session = started(delegation={"type": "client"})
    events = session.send(append(speech("Hello")))
    (created,) = [each for each in events if each.type == "session.delegation.created"]
    assert created.delegation.target == "client"
    assert words(events, "output") == ""
    said = session.send(
        {
            "type": "session.commentary.append",
            "content": "Done.",
            "delegation_id": created.delegation.id,
        }
    )
    assert words(said, "output") == "Done."


def test_responses_do_what_is_handed_on(started: Started, speech: Any, world: World):
    world.control.script.on.responses.create(model="gpt-5.5").reply("Scripted.").always()
    session = started(delegation=RESPONSES)
    events = session.send(append(speech("Hello")))
    (created,) = [each for each in events if each.type == "session.delegation.created"]
    inner = [each for each in events if each.type == "response.event"]
    assert {each.delegation_id for each in inner} == {created.delegation.id}
    assert inner[0].event["type"] == "response.created"
    assert inner[-1].event["response"]["id"] == created.delegation.response_id
    assert words(events, "output") == "Scripted."


def test_functions_of_responses_are_called_by_the_client(started: Started, speech: Any):
    responses = {"model": "gpt-5.5", "tools": [WEATHER]}
    session = started(delegation={"type": "responses", "responses": responses})
    events = session.send(append(speech("weather?")))
    done = [e.event for e in events if e.type == "response.event"][-1]
    (call,) = done["response"]["output"]
    output = {"type": "function_call_output", "call_id": call["call_id"], "output": "Sunny"}
    (info,) = session.send({"type": "response.item.create", "item": output})
    assert info.type == "info"
    assert words(session.send({"type": "response.create"}), "output") == "The tools gave: Sunny"


def test_responses_that_fail_are_an_error(started: Started):
    session = started(delegation={"type": "responses", "responses": {"model": "gpt-imaginary"}})
    session.send({"type": "response.item.create", "item": {"role": "user", "content": "Hi"}})
    assert session.code({"type": "response.create"}) == "model_not_found"


def test_decisions_do_what_is_handed_on(started: Started, speech: Any):
    session = started(delegation=DECISIONS)
    events = session.send(append(speech("Hello")))
    (made,) = [each for each in events if each.type == "decision.event"]
    (created,) = [each for each in events if each.type == "session.delegation.created"]
    assert (created.delegation.target, made.delegation_id) == ("decisions", created.delegation.id)
    assert made.event.decision.answers[0].type == "predicate"


def test_decisions_are_made_on_items_of_the_client(started: Started):
    session = started(delegation=DECISIONS)
    item = {"type": "message", "role": "user", "content": "Does the user say hello?"}
    (created,) = session.send({"type": "decision.item.create", "item": item})
    ask = {"type": "decision.create", "event_id": "one"}
    (made,) = session.send(ask)
    assert made.source_event_id == "one"
    likely = made.event.decision.answers[0].probability
    delete = {"type": "decision.item.delete", "item_id": created.item.id}
    (deleted,) = session.send(delete)
    assert deleted.item_id == created.item.id
    assert session.code(delete) == "item_not_found"
    assert session.code(ask) == "duplicate_event_id"
    assert (
        session.send({**ask, "event_id": "two"})[0].event.decision.answers[0].probability < likely
    )


def test_events_trigger_decisions(started: Started, speech: Any):
    trigger = {
        "type": "decisions",
        "event_type": "session.output_transcript.delta",
        "decisions": {"questions": [QUESTION]},
    }
    events = started(triggers=[trigger]).send(append(speech("Hello")))
    (made,) = [each for each in events if each.type == "decision.event"]
    last = [each for each in events if each.type == "session.output_transcript.delta"][-1]
    assert (made.source_event_id, made.source_event_type) == (last.event_id, last.type)


@pytest.mark.parametrize(
    "event",
    [
        {"type": "response.create"},
        {"type": "response.item.create", "item": {"role": "user", "content": "Hi"}},
        {"type": "decision.create", "event_id": "one"},
    ],
)
def test_delegation_is_needed_for_what_it_does(started: Started, event: Any):
    (error,) = started(delegation={"type": "client"}).send(event)
    assert "delegation" in error.error.message
    assert error.error.param == "type"


def test_update_changes_what_is_handed_on_and_not_to_whom(started: Started):
    session = started(delegation=RESPONSES)
    changes = {"type": "responses", "responses": {"instructions": "Be brief."}}
    update = {"type": "session.update", "session": {"delegation": changes}}
    (updated,) = session.send(update)
    assert updated.session.delegation.responses.instructions == "Be brief."
    assert updated.session.delegation.responses.model == "gpt-5.5"
    wrong = {"type": "session.update", "session": {"delegation": {"type": "client"}}}
    assert session.code(wrong) == "immutable_field_update"


def test_session_ends_when_it_is_closed(started: Started, world: World):
    session = started()
    (closed,) = session.send({"type": "session.close"})
    assert (closed.reason, session.session.closing.code) == ("close_requested", 1000)
    assert world.store.list("live/sessions").documents == ()


def test_other_connection_knows_the_session(started: Started, talk: Any, world: World):
    known = started(instructions="Be brief.").send({"type": "session.update", "session": {}})
    attached = talk(open_live(world, attached_to=known[0].session.id))
    (sent,) = attached.send({"type": "transport.dtmf.send", "event": "5", "event_id": "mine"})
    assert (sent.type, sent.event, sent.client_event_id) == ("transport.dtmf.sent", "5", "mine")
    assert attached.send({"type": "session.update", "session": {}})[0].session == known[0].session
    for primary_only in (start(), append("AAA=")):
        assert attached.code(primary_only) == "invalid_value"


def test_session_goes_on_as_another(started: Started, talk: Any, world: World):
    known = started(instructions="Be brief.").send({"type": "session.update", "session": {}})
    forked = talk(open_live(world, forked_from=known[0].session.id))
    (begun,) = forked.send({"type": "session.start", "session": {"store": False}})
    assert begun.session.id != known[0].session.id
    assert (begun.session.instructions, begun.session.store) == ("Be brief.", False)


def test_telephony(started: Started):
    pcma = {"type": "audio/pcma", "rate": 8000}
    session = started(audio={"format": pcma})
    said = session.send(
        {"type": "session.commentary.append", "content": "Hi", "delegation_id": None}
    )
    assert [each for each in said if each.type == "session.output_audio.delta"]


def test_wrong_event_is_told_with_its_parameter(started: Started):
    session = started()
    (error,) = session.send({**append("*"), "event_id": "mine"})
    assert (error.error.param, error.error.client_event_id) == ("audio", "mine")
    (error,) = session.send({"type": "session.nothing"})
    assert error.error.param == "type"
    (error,) = session.send("{")
    assert error.error.code == "invalid_json"
