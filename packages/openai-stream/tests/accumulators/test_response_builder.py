"""What an event does to a response; the properties are in `properties/test_responses.py`."""

import json
from typing import Any

from openai_stream.accumulators.responses import ResponseAccumulator
from openai_types import Decoder
from openai_types.responses import (
    Response,
    ResponseOutputMessage,
    ResponsesServerEvent,
    ResponseStreamEvent,
)

Json = dict[str, Any]

decode = Decoder[ResponseStreamEvent](ResponseStreamEvent)
AT = {"output_index": 0, "content_index": 0, "item_id": "msg_1"}
MESSAGE = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed"}
TEXT: Json = {"type": "output_text", "text": "Hello", "annotations": []}


def event(kind: str, **fields: Any) -> Any:
    return decode(json.dumps({"type": f"response.{kind}", **fields}))


def delta(text: str, **fields: Any) -> Any:
    return event("output_text.delta", **{**AT, "delta": text, **fields})


def told(*events: Any) -> ResponseAccumulator:
    accumulator = ResponseAccumulator()
    for each in events:
        accumulator.add(each)
    return accumulator


def output(*events: Any) -> Any:
    return told(*events).snapshot().to_dict()["output"]


def test_before_any_event_there_is_an_empty_response():
    assert told().snapshot().to_dict() == {}


def test_text_that_nobody_announced_is_a_message():
    (item,) = told(delta("Hel"), delta("lo")).snapshot().output

    assert isinstance(item, ResponseOutputMessage)
    assert item.to_dict() == {
        "type": "message",
        "id": "msg_1",
        "content": [{"type": "output_text", "text": "Hello"}],
    }


def test_what_comes_after_the_item_is_done_changes_nothing():
    done = event("output_item.done", output_index=0, item={**MESSAGE, "content": [TEXT]})
    begun = event("output_item.added", output_index=0, item={**MESSAGE, "content": []})
    empty = event("content_part.added", **AT, part={"type": "output_text", "text": ""})
    whole = event("output_text.done", **AT, text="Bye")

    accumulator = told(delta("Hel"), done, delta("late"), begun, empty, whole)

    assert accumulator.snapshot().output_text == "Hello"
    assert accumulator.growing is None


def test_what_comes_after_the_part_is_done_changes_nothing():
    done = event("content_part.done", **AT, part=TEXT)
    whole = event("output_text.done", **AT, text="Bye")
    likely = delta("late", logprobs=[{"token": "late", "logprob": -0.5, "top_logprobs": []}])

    assert output(delta("Hel"), done, delta("late"), likely, whole)[0]["content"] == [TEXT]


def test_what_comes_after_the_text_is_done_changes_nothing():
    whole = event("output_text.done", **AT, text="Hello")

    assert output(delta("Hel"), whole, delta("late"))[0]["content"][0]["text"] == "Hello"


def test_what_is_announced_too_late_takes_nothing_away():
    begun = event("output_item.added", output_index=0, item={**MESSAGE, "content": []})
    empty = event("content_part.added", **AT, part={**TEXT, "text": ""})

    (item,) = output(delta("Hel"), begun, empty, delta("lo"))

    assert item == {**MESSAGE, "content": [TEXT]}


def test_nulls_take_nothing_away():
    done = event("output_item.done", output_index=0, item={**MESSAGE, "content": None})

    (item,) = output(delta("Hello"), event("output_item.done", item=None), done)

    assert item["content"] == [{"type": "output_text", "text": "Hello"}]


def test_without_an_index_the_id_says_where_and_without_an_id_the_latest_is_meant():
    first = event("function_call_arguments.delta", item_id="fc_1", delta="{")
    second = event("function_call_arguments.delta", item_id="fc_2", delta="[")
    ends = event("function_call_arguments.delta", item_id="fc_1", delta="}")
    latest = event("function_call_arguments.delta", delta="!")

    items = output(first, second, ends, latest)

    assert [item["arguments"] for item in items] == ["{}!", "["]


def test_ids_that_differ_in_each_event_are_of_one_item():
    first, second = delta("Hel", item_id="a"), delta("lo", item_id="b")

    assert told(first, second).snapshot().output_text == "Hello"


def test_indexes_of_any_type_do_no_harm():
    odd = event("function_call_arguments.delta", output_index=0, content_index=[], delta="{")

    assert output(odd, odd)[0]["arguments"] == "{{"


def test_log_probabilities_are_kept():
    near: Json = {"token": "Hi", "logprob": -0.5, "top_logprobs": []}

    (item,) = output(delta("Hi", logprobs=[near]), delta("Hi", logprobs=[near]))

    assert item["content"][0]["logprobs"] == [near, near]


def test_row_40_entries_come_in_any_order():
    notes = [{"type": "file_path", "file_id": str(number), "index": number} for number in range(3)]
    told_last = [
        event("output_text.annotation.added", **AT, annotation_index=number, annotation=note)
        for number, note in reversed([*enumerate(notes)])
    ]
    without = event("output_text.annotation.added", **AT, annotation=notes[0])

    (item,) = output(*told_last, without)

    assert item["content"][0]["annotations"] == [*notes, notes[0]]


def test_how_far_a_tool_has_come_is_its_status():
    search = event("web_search_call.searching", output_index=0, item_id="ws_1")

    assert output(search) == [{"type": "web_search_call", "id": "ws_1", "status": "searching"}]


def test_the_latest_state_of_an_image_is_beside_its_result():
    place = {"output_index": 0, "item_id": "ig_1"}
    early = event(
        "image_generation_call.partial_image",
        **place,
        partial_image_b64="AAAA",
        partial_image_index=0,
    )
    item = {"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": "BBBB"}
    done = event("output_item.done", output_index=0, item=item)

    assert output(early)[0]["partial_image_b64"] == "AAAA"
    assert output(early, done) == [item]


def test_commands_of_a_shell_and_what_they_print():
    command = {"output_index": 0, "command_index": 0}
    printed = {"output_index": 1, "command_index": 0, "item_id": "out_1"}
    whole = [{"stdout": "a\nb\n", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}]
    events = [
        event("shell_call_command.added", **command, command=""),
        event("shell_call_command.delta", **command, delta="ls "),
        event("shell_call_command.delta", **command, delta="-a"),
        event("shell_call_output_content.delta", **printed, delta={"stdout": "a\n"}),
        event("shell_call_output_content.delta", **printed, delta={"stdout": "b\n"}),
    ]

    call, out = output(*events)

    assert call["action"]["commands"] == ["ls -a"]
    assert out["output"] == [{"stdout": "a\nb\n"}]
    done = event("shell_call_output_content.done", **printed, output=whole)
    again = event("shell_call_command.done", **command, command="ls -A")
    call, out = output(*events, done, again)
    assert call["action"]["commands"] == ["ls -A"]
    assert out["output"] == whole


def test_what_comes_after_a_tool_is_done_changes_nothing():
    item = {"type": "shell_call", "id": "sh_1", "status": "completed"}
    late: Json = {"output_index": 0, "command_index": 0, "delta": "rm"}
    events = [
        event("output_item.done", output_index=0, item=item),
        event("shell_call_command.delta", **late),
        event("shell_call_output_content.delta", **{**late, "delta": {"stdout": "a"}}),
        event("shell_call.in_progress", output_index=0),
    ]

    assert output(*events) == [item]


def test_the_output_of_a_response_that_is_told_from_the_middle_is_kept():
    begun: Json = {"id": "resp_1", "output": [{**MESSAGE, "content": [TEXT]}]}
    head = event("in_progress", response=begun)
    again = event("in_progress", response={**begun, "output": [{**MESSAGE, "content": []}]})
    next_one = delta("Bye", output_index=1, item_id="msg_2")

    first, second = output(head, next_one, again)

    assert first == {**MESSAGE, "content": [TEXT]}
    assert second["content"] == [{"type": "output_text", "text": "Bye"}]


def test_sound_of_the_whole_response_is_joined():
    pieces = [event("audio.delta", delta="AA=="), event("audio.delta", delta="AQ==")]
    said = [event("audio.transcript.delta", delta="Hi")]

    audio = told(*pieces, *said).snapshot().to_dict()["audio"]

    assert audio == {"data": "AAE=", "transcript": "Hi"}


def test_sound_that_is_no_base64_is_kept_as_it_came():
    for data in ("?!", "-_-_AA==AAAA"):
        pieces = [event("audio.delta", delta=data[:1]), event("audio.delta", delta=data[1:])]

        assert told(*pieces).snapshot().to_dict()["audio"] == {"data": data}


def test_the_last_event_is_the_truth():
    response: Json = {
        "id": "resp_1",
        "status": "completed",
        "output": [{**MESSAGE, "content": [TEXT]}],
    }
    end = event("completed", response=response)

    accumulator = told(delta("Bye"), end, delta("late"))

    assert accumulator.ended
    assert accumulator.snapshot() is end.response


def test_an_end_that_leaves_out_the_output_has_what_was_told():
    heads: list[Json] = [{}, {"output": None}, {"output": []}]
    for empty in heads:
        end = event("completed", response={"id": "resp_1", "status": "completed", **empty})

        snapshot = told(delta("Hello"), end).snapshot()

        assert (snapshot.id, snapshot.output_text) == ("resp_1", "Hello")


def test_output_that_a_filter_took_back_is_gone():
    response: Json = {"id": "resp_1", "status": "incomplete", "output": []}

    assert told(delta("Hello"), event("incomplete", response=response)).snapshot().output == []


def test_the_head_of_the_response_is_that_of_the_latest_event():
    created = event("created", response={"id": "resp_1", "status": "queued", "background": True})
    running = event("in_progress", response={"id": "resp_1", "status": "in_progress"})

    accumulator = told(created)

    assert (accumulator.response_id, accumulator.background) == ("resp_1", True)
    accumulator.add(running)
    assert accumulator.snapshot() == Response.model_construct(id="resp_1", status="in_progress")
    assert accumulator.background is None


def test_events_of_another_response_are_left_aside():
    mine = event("created", response={"id": "resp_1", "output": []})
    theirs = event("completed", response={"id": "resp_2", "status": "completed", "output": []})

    accumulator = told(mine, delta("Hel"), delta("lost", response_id="resp_2", item_id="x"), theirs)

    assert not accumulator.ended
    assert accumulator.snapshot().output_text == "Hel"


def test_an_error_is_that_of_the_response():
    error = decode('{"type": "error", "code": "server_error", "message": "No.", "param": null}')

    found = told(error).snapshot().error

    assert found is not None
    assert (found.code, found.message) == ("server_error", "No.")


def test_the_events_of_a_socket_are_those_of_a_stream():
    decode_message = Decoder[ResponsesServerEvent](ResponsesServerEvent)
    error = {"type": "error", "status": 400, "error": {"code": "no", "message": "No."}}
    events = [
        {"type": "response.output_text.delta", **AT, "delta": "Hel", "stream_id": "s"},
        {"type": "response.output_text.delta", **AT, "delta": "lo", "stream_id": "s"},
        error,
    ]

    snapshot = told(*(decode_message(json.dumps(each)) for each in events)).snapshot()

    assert snapshot.output_text == "Hello"
    assert snapshot.error is not None
    assert snapshot.error.message == "No."


def test_an_event_that_comes_twice_counts_once():
    accumulator = told(delta("Hel", sequence_number=4), delta("lo", sequence_number=5))

    accumulator.add(delta("Hel", sequence_number=4))

    assert accumulator.repeated
    assert accumulator.last_sequence_number == 5
    assert accumulator.snapshot().output_text == "Hello"
