"""What a Realtime session answers in text and by calls, and how that is stopped."""

import json
from itertools import pairwise
from typing import Any

import pytest
from openai_mock import faults
from openai_mock.sessions.realtime import RealtimeSession
from openai_mock.world import World

from .realtime_events import RESPOND, TEXT, WEATHER, item, kinds, only, update


def test_response_in_text_is_the_whole_family_in_order(texting: Any):
    texting.send(item("Are you there?"))
    events = texting.send(RESPOND)
    assert kinds(events) == TEXT
    assert len({event.event_id for event in events}) == len(events)
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert len(deltas) >= 3
    assert "".join(deltas) == "You wrote: Are you there?"
    assert events[-1].response.output[0].content[0].text == "You wrote: Are you there?"


def test_answers_are_of_the_last_words_and_join_the_conversation(texting: Any):
    texting.send(item("first"))
    *_, done = texting.send(RESPOND)
    texting.send(item("second"))
    answered = done.response.output[0].id
    (retrieved,) = texting.send({"type": "conversation.item.retrieve", "item_id": answered})
    assert (retrieved.item.id, retrieved.item.status) == (answered, "completed")
    *_, done = texting.send(RESPOND)
    assert done.response.output[0].content[0].text == "You wrote: second"


def test_response_beside_the_conversation_leaves_it_alone(texting: Any):
    request = {"conversation": "none", "input": [item("aside")["item"]], "metadata": {"a": "b"}}
    events = texting.send({**RESPOND, "response": request})
    assert not [event for event in events if event.type.startswith("conversation.")]
    done = events[-1].response
    assert done.output[0].content[0].text == "You wrote: aside"
    assert (done.conversation_id, done.metadata) == (None, {"a": "b"})
    retrieve = {"type": "conversation.item.retrieve", "item_id": done.output[0].id}
    assert texting.code(retrieve) == "item_not_found"


def test_response_beside_the_conversation_may_refer_to_it(texting: Any):
    texting.send(item("first", id="item_1"), item("second"))
    reference = {"type": "item_reference", "id": "item_1"}
    request = {"conversation": "none", "input": [reference]}
    done = texting.send({**RESPOND, "response": request})[-1].response
    assert done.output[0].content[0].text == "You wrote: first"
    request = {"conversation": "none", "input": [{**reference, "id": "item_x"}]}
    (error,) = texting.send({**RESPOND, "response": request})
    assert error.error.param == "response.input[0].id"


def test_one_response_at_a_time_is_in_the_conversation_and_others_are_told_beside(texting: Any):
    texting.send(item("inside"))
    assert texting.at_once(RESPOND) == []
    created, _ = texting.next(2)
    (error,) = texting.at_once(RESPOND)
    assert error.error.code == "conversation_already_has_active_response"
    assert created.response.id in error.error.message
    aside = {"conversation": "none", "input": [item("aside")["item"]]}
    texting.at_once({**RESPOND, "response": aside})
    told = texting.rest()
    ends = [event.response for event in told if event.type == "response.done"]
    done = [each.output[0].content[0].text for each in ends]
    assert sorted(done) == ["You wrote: aside", "You wrote: inside"]
    begun = [event.response_id for event in told if event.type == "response.output_text.delta"]
    turns = sum(one != other for one, other in pairwise(begun))
    assert turns > 1


def test_response_may_be_set_up_otherwise_than_the_session(realtime: Any):
    realtime.send(item("Hi"))
    wanted = {"output_modalities": ["text"], "max_output_tokens": 2}
    done = realtime.send({**RESPOND, "response": wanted})[-1].response
    assert (done.status, done.status_details.reason) == ("incomplete", "max_output_tokens")
    assert (done.output_modalities, done.max_output_tokens) == (["text"], 2)
    assert done.output[0].content[0].text == "You wrote"
    assert realtime.send(RESPOND)[-1].response.output_modalities == ["audio"]


def test_limits_count_what_was_used(texting: Any):
    texting.send(item("Hi"))
    events = texting.send(RESPOND)
    used = events[-1].response.usage.total_tokens
    requests, tokens = only(texting.send(RESPOND), "rate_limits.updated").rate_limits
    assert (requests.name, requests.limit - requests.remaining) == ("requests", 2)
    assert (tokens.name, tokens.limit - tokens.remaining) == ("tokens", used)
    assert tokens.reset_seconds > 0


def test_response_is_cancelled_where_it_is(texting: Any):
    texting.send(item("one two three four five six", id="mine"))
    texting.at_once(RESPOND)
    texting.next(7)  # the last two are deltas
    events = texting.at_once({"type": "response.cancel"})
    assert kinds(events) == TEXT[6:]
    done = events[-1].response
    assert (done.status, done.status_details.reason) == ("cancelled", "client_cancelled")
    assert (done.output[0].status, done.output[0].content[0].text) == ("incomplete", "You wrote")
    assert done.usage.output_tokens == 2
    assert texting.rest() == []
    assert texting.code({"type": "response.cancel"}) == "response_cancel_not_active"
    assert texting.send(RESPOND)[-1].response.status == "completed"


def test_response_is_cancelled_before_it_began(texting: Any):
    texting.at_once(RESPOND)
    created, _, done = texting.at_once({"type": "response.cancel"})
    assert (created.type, done.type) == ("response.created", "response.done")
    assert (done.response.status, done.response.output) == ("cancelled", [])


def test_response_is_cancelled_by_its_id(texting: Any):
    aside = {"conversation": "none", "input": [item("aside")["item"]]}
    texting.at_once({**RESPOND, "response": aside})
    (created,) = texting.next()
    assert texting.at_once({"type": "response.cancel"})[0].type == "error"  # it is beside it
    cancel = {"type": "response.cancel", "response_id": created.response.id}
    assert texting.at_once({**cancel, "response_id": "resp_other"})[0].type == "error"
    assert texting.at_once(cancel)[-1].response.status == "cancelled"


def test_cancelled_response_leaves_a_pause(talk: Any, world: World):
    stall = faults.stall(after_events=6, seconds=None)
    stalling = talk(RealtimeSession("gpt-realtime", world, faults=(stall,)))
    stalling.send(update(output_modalities=["text"]), item("Hi"))
    stalling.at_once(RESPOND)
    stalling.next(6)
    assert stalling.session.proceed() is stalling.session.proceed()
    done = stalling.at_once({"type": "response.cancel"})[-1].response
    assert (done.status, done.output[0].content[0].text) == ("cancelled", "You")
    assert stalling.session.proceed() is None


@pytest.mark.parametrize(
    "fault",
    [
        faults.error_event(after_events=3),
        faults.duplicate(every=2),
        faults.reorder(),
        faults.no_end(),
    ],
    ids=repr,
)
def test_faults_change_events(talk: Any, world: World, fault: Any):
    broken = talk(RealtimeSession("gpt-realtime", world, faults=(fault,)))
    usual = talk(RealtimeSession("gpt-realtime", world))
    for each in (broken, usual):
        each.send(update(output_modalities=["text"]), item("Hi"))
    changed, unchanged = ([event.type for event in each.send(RESPOND)] for each in (broken, usual))
    assert changed != unchanged


def test_function_is_called_and_its_output_answered(texting: Any):
    texting.send(update(output_modalities=["text"], tools=[WEATHER]), item("Weather in Paris?"))
    events = texting.send(RESPOND)
    assert kinds(events) == [
        "response.created",
        "rate_limits.updated",
        "response.output_item.added",
        "conversation.item.added",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
    ]
    call = events[-1].response.output[0]
    assert (call.name, call.status, list(json.loads(call.arguments))) == (
        "get_weather",
        "completed",
        ["city"],
    )
    deltas = [event.delta for event in events if event.type.endswith("arguments.delta")]
    assert "".join(deltas) == call.arguments
    assert only(events, "response.function_call_arguments.done").name == "get_weather"
    output = {"type": "function_call_output", "call_id": call.call_id, "output": "Sunny"}
    texting.send({"type": "conversation.item.create", "item": output})
    done = texting.send(RESPOND)[-1].response
    assert done.output[0].content[0].text == "The tools gave: Sunny"


def test_tools_of_mcp_servers_are_listed_once(texting: Any):
    server = {"type": "mcp", "server_label": "s", "server_url": "https://example.com"}
    _, *events = texting.send(update(tools=[server]))
    assert kinds(events) == [
        "mcp_list_tools.in_progress",
        "conversation.item.added",
        "mcp_list_tools.completed",
        "conversation.item.done",
    ]
    assert (events[1].item.server_label, events[1].item.tools) == ("s", [])
    assert kinds(texting.send(update(tools=[server, WEATHER]))) == ["session.updated"]


def test_output_of_a_call_that_was_never_made_is_an_error(realtime: Any):
    output = {"type": "function_call_output", "call_id": "call_x", "output": "Sunny"}
    created = {"type": "conversation.item.create", "item": output}
    assert realtime.code(created) == "invalid_tool_call_id"


@pytest.mark.parametrize(
    ("wanted", "param"),
    [
        ({"tool_choice": {"type": "function", "name": "x"}}, "session.tool_choice"),
        ({"tools": [{**WEATHER, "parameters": {"type": "x"}}]}, "response.tools[0].parameters"),
    ],
)
def test_tools_that_cannot_be_called_are_told(realtime: Any, wanted: Any, param: str):
    realtime.send(update(tools=[WEATHER]), item("Hi"))
    (error,) = realtime.send({**RESPOND, "response": wanted})
    assert error.error.param == param
