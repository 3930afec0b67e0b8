import json
from typing import Any

import pytest
from openai_mock import faults, tool_call
from openai_mock.personalities import named
from openai_mock.sessions.responses import MOST_STREAMS, ResponsesSession
from openai_mock.world import World

WEATHER = {"type": "function", "name": "weather", "parameters": {"type": "object"}, "strict": False}


def create(said: object = "Hi", **more: object) -> dict[str, Any]:
    return {"type": "response.create", "model": "gpt-5.5", "input": said, **more}


def steer(response: str, said: object = "And then?") -> dict[str, Any]:
    return {"type": "response.steer", "previous_response_id": response, "input": said}


def kinds(events: list[Any]) -> list[str]:
    return list(dict.fromkeys(event.type for event in events))


@pytest.fixture
def session(talk: Any, world: World) -> Any:
    return talk(ResponsesSession(world))


def test_response_is_told_as_over_http(session: Any, world: World):
    assert session.opening == []
    events = session.send(create("Hello"))
    assert kinds(events) == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert events[-1].response.output_text == "You wrote: Hello"
    assert world.store.has("responses", events[-1].response.id)
    assert "stream_id" not in events[0].to_dict()


def test_whether_it_is_a_stream_does_not_matter(session: Any):
    for stream in (True, False):
        assert session.send(create(stream=stream))[-1].type == "response.completed"


def test_several_responses_come_one_after_the_other(session: Any):
    session.at_once(create("one"))
    session.at_once(create("two"))
    ends = [each.response.output_text for each in session.rest() if hasattr(each, "response")]
    assert [text for text in ends if text] == ["You wrote: one", "You wrote: two"]


def test_conversation_goes_on_from_what_only_the_connection_has(session: Any, world: World):
    first = session.send(create("one", store=False))[-1].response
    assert not world.store.has("responses", first.id)
    second = session.send(create("two", store=False, previous_response_id=first.id))[-1].response
    assert second.previous_response_id == first.id
    assert second.usage.input_tokens > first.usage.input_tokens
    third = session.send(create("three", previous_response_id=second.id))[-1].response
    assert third.usage.input_tokens > second.usage.input_tokens
    fourth = session.send(create("four", previous_response_id=third.id))[-1].response
    assert fourth.usage.input_tokens > third.usage.input_tokens


def test_only_the_latest_response_is_kept_by_the_connection(session: Any):
    first = session.send(create("one", store=False))[-1].response
    session.send(create("two", store=False))
    gone = create("three", previous_response_id=first.id)
    assert session.code(gone) == "previous_response_not_found"


def test_what_failed_cannot_be_gone_on_from(session: Any):
    first = session.send(create("one", store=False))[-1].response
    wrong = create("two", previous_response_id=first.id, model="gpt-imaginary")
    assert session.code(wrong) == "model_not_found"
    again = create("two", previous_response_id=first.id)
    assert session.code(again) == "previous_response_not_found"


def test_what_a_script_lets_fail_cannot_be_gone_on_from(session: Any, world: World):
    first = session.send(create("one", store=False))[-1].response
    again = create("two", previous_response_id=first.id)
    on = world.control.script.on.responses
    on.create(input="two").error(500)
    assert session.code(again) is None
    assert session.code(again) == "previous_response_not_found"


def test_another_connection_has_what_is_stored_and_nothing_else(
    session: Any, talk: Any, world: World
):
    stored = session.send(create("one"))[-1].response
    unstored = session.send(create("two", store=False))[-1].response
    other = talk(ResponsesSession(world))
    assert other.send(create("three", previous_response_id=stored.id))[-1].type == (
        "response.completed"
    )
    gone = create("three", previous_response_id=unstored.id)
    assert other.code(gone) == "previous_response_not_found"


def test_response_can_be_prepared(session: Any):
    events = session.send(create("Hello", generate=False))
    assert kinds(events) == ["response.created", "response.in_progress", "response.completed"]
    prepared = events[-1].response
    assert (prepared.output, prepared.usage.output_tokens) == ([], 0)
    done = session.send(create([], previous_response_id=prepared.id))[-1].response
    assert done.output_text == "You wrote: Hello"


def test_tools_are_called_and_answered(session: Any):
    called = session.send(create("weather?", store=False, tools=[WEATHER]))[-1].response
    (call,) = called.output
    output = {"type": "function_call_output", "call_id": call.call_id, "output": "Sunny"}
    go_on = create([output], previous_response_id=called.id, tools=[WEATHER])
    assert session.send(go_on)[-1].response.output_text == "The tools gave: Sunny"


# Streams


def test_streams_take_turns_and_their_events_are_named(session: Any):
    session.at_once(create("one", stream_id="a"))
    session.at_once(create("two", stream_id="b"))
    events = session.rest()
    assert [event.stream_id for event in events[:4]] == ["a", "b", "a", "b"]
    assert {event.stream_id for event in events} == {"a", "b"}


def test_stream_can_fork_a_conversation(session: Any):
    first = session.send(create("one", store=False, stream_id="a"))[-1].response
    forked = create("two", store=False, stream_id="b", previous_response_id=first.id)
    assert session.send(forked)[-1].response.previous_response_id == first.id


def test_error_of_a_stream_is_named(session: Any):
    (error,) = session.send(create(model="gpt-imaginary", stream_id="a"))
    assert (error.status, error.stream_id, error.error.param) == (404, "a", "model")


@pytest.mark.parametrize("name", ["", "a b", "x" * 257, 5])
def test_streams_have_plain_names(session: Any, name: object):
    (error,) = session.send(create(stream_id=name))
    assert (error.error.code, error.stream_id) == ("invalid_stream_id", None)


def test_number_of_streams_is_limited(session: Any):
    for number in range(MOST_STREAMS):
        session.at_once(create(stream_id=f"s{number}"))
    session.at_once(create())  # that without a name does not count
    (error,) = session.at_once(create(stream_id="more"))
    assert (error.error.code, error.stream_id) == ("websocket_stream_limit_reached", "more")
    ends = [event for event in session.rest() if event.type == "response.completed"]
    assert len(ends) == MOST_STREAMS + 1


def test_no_more_than_sixteen_responses_are_in_progress(session: Any):
    for number in range(20):
        session.at_once(create(stream_id=f"s{number}"))
    created = [event for event in session.next(40) if event.type == "response.created"]
    assert len(created) == 16


# Steering


def test_response_is_steered_into_another(session: Any):
    session.at_once(create("one", stream_id="a", metadata={"k": "v"}))
    (created, _) = session.next(2)
    (accepted,) = session.at_once(steer(created.response.id))
    assert (accepted.type, accepted.stream_id) == ("response.steer.accepted", "a")
    first, second = [each.response for each in session.rest() if each.type.endswith("completed")]
    assert (first.output_text, second.output_text) == ("You wrote: one", "You wrote: And then?")
    assert second.previous_response_id == first.id == created.response.id
    assert second.metadata == {"k": "v"}


def test_steering_waits_for_the_output_of_tools(session: Any):
    session.at_once(create("weather?", tools=[WEATHER], stream_id="a"))
    (created,) = session.next()
    session.at_once(steer(created.response.id, "In English, please."))
    *_, completed, pending = session.rest()
    assert (pending.type, pending.reason) == (
        "response.steer.pending",
        "waiting_for_required_input",
    )
    (required,) = pending.required_input
    assert (required.type, required.name) == ("function_call_output", "weather")
    assert required.call_id == completed.response.output[0].call_id
    output = {"type": "function_call_output", "call_id": required.call_id, "output": "Sunny"}
    session.send(create([output], previous_response_id=created.response.id, stream_id="a"))
    items = session.session._world.store.list("responses").documents
    assert len(items) == 2
    given = session.session._world.store.list(f"responses/{items[1]['id']}/input_items").documents
    assert [item["type"] for item in given] == ["message", "function_call_output"]


@pytest.mark.parametrize(
    "said",
    [
        [],
        [{"type": "message", "role": "assistant", "content": "x"}],
        [{"type": "function_call_output", "call_id": "c", "output": "x"}],
    ],
)
def test_only_the_user_steers(session: Any, said: Any):
    session.at_once(create())
    (created,) = session.next()
    (failed,) = session.at_once(steer(created.response.id, said))
    assert failed.type in {"response.steer.failed", "error"}
    if failed.type == "response.steer.failed":
        assert failed.error.code == "invalid_input"


def test_steering_needs_a_response_in_progress(session: Any):
    (failed,) = session.send(steer("resp_x"))
    assert (failed.error.code, failed.steer.input) == ("response_not_found", "And then?")
    for store in (True, False):
        done = session.send(create(store=store))[-1].response
        (failed,) = session.send(steer(done.id))
        assert failed.error.code == "response_already_completed"


def test_not_much_steering_can_wait(session: Any):
    session.at_once(create())
    (created,) = session.next()
    told = [session.at_once(steer(created.response.id))[0] for _ in range(9)]
    assert [each.type for each in told] == ["response.steer.accepted"] * 8 + [
        "response.steer.failed"
    ]
    assert told[-1].error.code == "too_many_pending_steers"


def test_steering_is_given_back_if_the_response_fails(session: Any, world: World):
    created = {"type": "response.created", "sequence_number": 0, "response": {"id": "resp_1"}}
    events = [{**each} for each in (created, created)]
    world.control.script.on.responses.create().reply_events(events)
    events_of = session.session
    session.at_once(create(stream_id="a"))
    assert events_of.proceed()["response"]["id"] == "resp_1"
    (accepted,) = session.at_once(steer("resp_1"))
    assert events_of.proceed()["type"] == "response.created"
    (failed,) = session.rest()
    assert (failed.error.code, failed.stream_id) == ("successor_creation_failed", "a")
    assert (failed.steer.id, failed.steer.input) == (accepted.steer.id, "And then?")


def test_steering_that_waits_survives_a_wrong_request(session: Any):
    session.at_once(create("weather?", tools=[WEATHER]))
    (created,) = session.next()
    session.at_once(steer(created.response.id, "In English, please."))
    *_, pending = session.rest()
    output = {**pending.required_input[0].to_dict(), "output": "Sunny"}
    output.pop("name")
    go_on = {"previous_response_id": created.response.id}
    assert session.code(create([output], **go_on, model="gpt-imaginary")) == "model_not_found"
    done = session.send(create([output], **go_on))[-1].response
    assert (
        done.usage.input_tokens
        > session.send(create([output], **go_on))[-1].response.usage.input_tokens
    )


# What goes otherwise


def test_script_answers(session: Any, world: World):
    on = world.control.script.on.responses
    on.create(input="Hi").reply("Scripted.").then.reply(tool_calls=[tool_call("f", {})])
    on.create(input="Ho").error(429, code="slow_down")
    assert session.send(create())[-1].response.output_text == "Scripted."
    assert session.send(create())[-1].response.output[0].name == "f"
    (error,) = session.send(create("Ho"))
    assert (error.status, error.error.code) == (429, "slow_down")
    (unexpected,) = session.send(create("Hu"))
    assert unexpected.error.code == "unexpected_request"


def test_script_sees_what_was_sent(session: Any, world: World):
    first = session.send(create("one", store=False))[-1].response
    on = world.control.script.on.responses
    on.create(input="two", previous_response_id=first.id).reply("Yes.")
    again = create("two", previous_response_id=first.id)
    assert session.send(again)[-1].response.output_text == "Yes."


def test_script_of_bytes_is_told_to_be_impossible(session: Any, world: World):
    world.control.script.on.responses.create().reply(b"bytes")
    assert session.code(create()) == "impossible_script"


def test_script_of_an_object_is_one_event(session: Any, world: World):
    world.control.script.on.responses.create().reply({"metadata": {"a": "b"}})
    assert session.send(create())[-1].response.metadata == {"a": "b"}


def test_faults_change_and_interrupt_events(talk: Any, world: World):
    broken = (faults.error_event(after_events=2), faults.stall(after_events=1, seconds=9))
    session = talk(ResponsesSession(world, faults=broken))
    session.at_once(create())
    session.next()
    wait: Any = session.session.proceed()
    assert wait.seconds == 9
    session.session.resume(wait)
    _, error = session.rest()
    assert (error.type, error.error.code) == ("error", "server_error")


def test_script_closes_the_connection(session: Any, world: World):
    close = faults.close_socket(4000, after_events=3, reason="bye")
    world.control.script.on.responses.create().fault(close)
    assert len(session.send(create())) == 3
    assert (session.session.closing.code, session.session.closing.reason) == (4000, "bye")


def test_connection_lasts_an_hour_of_the_clock(session: Any, world: World):
    world.clock.advance(3599)
    session.send(create())
    world.clock.advance(1)
    assert session.code(create()) == "websocket_connection_limit_reached"
    assert session.session.closing.code == 1000


def test_provider_answers_in_its_way(talk: Any, world: World):
    world.control.personality = named("openrouter")
    session = talk(ResponsesSession(world))
    events = session.send(create(model="vendor/model"))
    assert events[-1].response.model == "vendor/model"


def test_wrong_event_is_told_with_its_parameter(session: Any):
    (error,) = session.send({**create(), "tools": [{"type": "x"}]})
    assert error.error.param == "tools[0].type"
    (error,) = session.send({"type": "response.cancel"})
    assert error.error.param == "type"
    (error,) = session.send({"type": "response.create", "model": "gpt-5.5"})
    assert (error.error.param, error.error.code) == ("input", "missing_required_parameter")


def test_everything_sent_is_json(session: Any):
    session.at_once(json.dumps(create("\u00e4 \U0001f600")).encode())
    assert session.rest()[-1].response.output_text == "You wrote: \u00e4 \U0001f600"
