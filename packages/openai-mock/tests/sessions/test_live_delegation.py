import pytest
from openai_mock.refusals import Refusal
from openai_mock.sessions.live_delegation import Backend, Decider, spoken_by
from openai_mock.state.ids import Identifiers
from openai_mock.world import World

SETTINGS = {"model": "gpt-5.5"}


def test_backend_goes_on_with_what_it_said(world: World):
    backend = Backend(world)
    backend.begin_with([{"role": "user", "content": "before"}])
    first = [*backend.respond(SETTINGS)][-1]["response"]
    assert spoken_by({"type": "response.completed", "response": first}) == "You wrote: before"
    backend.add({"role": "user", "content": "after"})
    second = [*backend.respond(SETTINGS)][-1]["response"]
    assert second["previous_response_id"] == first["id"]
    assert second["usage"]["input_tokens"] > first["usage"]["input_tokens"]


def test_delays_of_scripts_are_passed_over(world: World):
    world.control.script.on.responses.create().reply("Yes.").delay(3600)
    backend = Backend(world)
    backend.add({"role": "user", "content": "Hi"})
    assert [event for event in backend.respond(SETTINGS) if event["type"] == "error"] == []


def test_events_before_the_end_say_nothing():
    assert spoken_by({"type": "response.created", "response": {"output": []}}) is None
    assert spoken_by({"type": "response.completed", "response": {"output": []}}) is None


def test_decider_keeps_its_items():
    decider = Decider(Identifiers())
    item = decider.add({"role": "user", "content": "x"})
    assert decider.add({"id": "mine", "role": "user", "content": "x"})["id"] == "mine"
    decider.remove(item["id"])
    with pytest.raises(Refusal, match=item["id"]):
        decider.remove(item["id"])
    decider.check_new("one")
    with pytest.raises(Refusal, match="one"):
        decider.check_new("one")
