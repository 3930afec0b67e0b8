import json
from typing import Any

import pytest
from openai_mock.answers.items import kept_items
from openai_mock.answers.response_events import response_events
from openai_mock.answers.responses import respond
from openai_mock.state.ids import Identifiers
from openai_types import Decoder
from openai_types.responses import ResponseStreamEvent

decode = Decoder[Any](ResponseStreamEvent, strict=True)  # Any: a union of all events

FUNCTION = {
    "type": "function",
    "name": "look_up",
    "parameters": {"type": "object", "properties": {"word": {"type": "string"}}},
    "strict": True,
}
BEGUN = ["response.created", "response.in_progress", "response.output_item.added"]
SPOKEN = [
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
]


@pytest.fixture
def responding(ids: Identifiers):
    def made(input: str = "Where does the sun rise?", **more: Any) -> dict[str, Any]:
        request: dict[str, Any] = {"model": "gpt-5.5", "input": input, **more}
        return respond(request, kept_items(input, ids), ids=ids, created=1_750_000_000)

    return made


def decoded(response: dict[str, Any], after: int = -1) -> list[Any]:
    return [decode(json.dumps(event)) for event in response_events(response, after=after)]


def kinds_of(events: list[Any]) -> list[str]:
    """The types, of those that repeat the first."""
    kinds: list[str] = []
    for event in events:
        if not kinds or event.type != kinds[-1]:
            kinds.append(event.type)
    return kinds


def test_events_are_the_whole_family_in_order(responding: Any):
    events = decoded(responding())
    assert kinds_of(events) == [
        *BEGUN,
        *SPOKEN,
        "response.output_item.done",
        "response.completed",
    ]
    assert [event.sequence_number for event in events] == list(range(len(events)))


def test_deltas_make_up_the_text(responding: Any):
    response = responding()
    events = decoded(response)
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert len(deltas) >= 3
    assert "".join(deltas) == "You wrote: Where does the sun rise?"
    assert events[-1].response.to_dict() == response


def test_response_is_empty_until_it_is_done(responding: Any):
    first: Any = next(response_events(responding()))["response"]
    assert (first["status"], first["output"], first["usage"]) == ("in_progress", [], None)


def test_limit_makes_it_incomplete(responding: Any):
    events = decoded(responding("one " * 30, max_output_tokens=16))
    assert events[-1].type == "response.incomplete"
    assert [e.item.status for e in events if e.type == "response.output_item.done"] == [
        "incomplete"
    ]


def test_background_is_queued_first(responding: Any):
    kinds = kinds_of(decoded(responding(background=True)))
    assert kinds[:3] == ["response.created", "response.queued", "response.in_progress"]


@pytest.mark.parametrize("after", [-(10**30), -2, -1, 0, 5, 1000, 10**30])
def test_stream_goes_on_after_any_event(responding: Any, after: int):
    response = responding()
    whole = [*response_events(response)]
    assert [*response_events(response, after=after)] == whole[max(after + 1, 0) :]


def test_arguments_come_in_pieces(responding: Any):
    response = responding(tools=[FUNCTION])
    (item,) = response["output"]
    events = decoded(response)
    assert kinds_of(events) == [
        *BEGUN,
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "response.output_item.done",
        "response.completed",
    ]
    added = events[2].item
    assert (added.arguments, added.status, added.call_id) == ("", "in_progress", item["call_id"])
    deltas = [e.delta for e in events if e.type == "response.function_call_arguments.delta"]
    assert len(deltas) > 1
    assert "".join(deltas) == item["arguments"] == events[-3].arguments
    assert events[-3].name == "look_up"


def test_text_for_a_custom_tool_comes_in_pieces(responding: Any):
    events = decoded(responding("select 1", tools=[{"type": "custom", "name": "sql"}]))
    deltas = [e.delta for e in events if e.type == "response.custom_tool_call_input.delta"]
    assert "".join(deltas) == "select 1"


def test_items_have_their_places(responding: Any):
    response = responding("look_up a and b", reasoning={"summary": "auto"}, tools=[FUNCTION])
    events = decoded(response)
    for index, item in enumerate(response["output"]):
        of_item = [e for e in events if getattr(e, "output_index", None) == index]
        assert {getattr(e, "item_id", item["id"]) for e in of_item} == {item["id"]}
        assert of_item[0].type == "response.output_item.added"
        assert of_item[-1].item.to_dict() == item
    summary = [e.delta for e in events if e.type == "response.reasoning_summary_text.delta"]
    assert "".join(summary) == response["output"][0]["summary"][0]["text"]


@pytest.mark.parametrize(
    ("tool", "steps"),
    [
        ({"type": "web_search"}, ["in_progress", "searching", "completed"]),
        (
            {"type": "file_search", "vector_store_ids": ["vs_1"]},
            ["in_progress", "searching", "completed"],
        ),
        (
            {"type": "image_generation", "partial_images": 2},
            ["in_progress", "generating", "partial_image", "completed"],
        ),
        (
            {"type": "code_interpreter", "container": "c"},
            ["in_progress", "interpreting", "completed"],
        ),
    ],
)
def test_tools_of_the_api_tell_how_far_they_are(
    responding: Any, tool: dict[str, Any], steps: list[str]
):
    events = decoded(responding(tools=[tool], tool_choice="required"))
    begin = f"response.{tool['type']}_call."
    kinds = [kind.removeprefix(begin) for kind in kinds_of(events) if kind.startswith(begin)]
    assert kinds == steps
    partial = [e.partial_image_index for e in events if e.type.endswith("partial_image")]
    assert partial == [*range(tool.get("partial_images", 0))]


def test_server_is_asked_for_its_tools_and_then_called(responding: Any):
    tool = {"type": "mcp", "server_label": "d", "server_url": "https://example.com/"}
    response = responding(tools=[{**tool, "require_approval": "never"}], tool_choice="required")
    kinds = kinds_of(decoded(response))
    assert kinds[3:13] == [
        "response.mcp_list_tools.in_progress",
        "response.mcp_list_tools.completed",
        "response.output_item.done",
        "response.output_item.added",
        "response.mcp_call.in_progress",
        "response.mcp_call_arguments.delta",
        "response.mcp_call_arguments.done",
        "response.mcp_call.completed",
        "response.output_item.done",
        "response.output_item.added",
    ]


def test_annotations_and_log_probabilities_are_told(responding: Any):
    response = responding(
        tools=[{"type": "web_search"}],
        tool_choice="required",
        include=["message.output_text.logprobs"],
        top_logprobs=2,
    )
    part = response["output"][1]["content"][0]
    events = decoded(response)
    cited = [e.annotation for e in events if e.type == "response.output_text.annotation.added"]
    assert [each.to_dict() for each in cited] == part["annotations"]
    deltas = [e for e in events if e.type == "response.output_text.delta"]
    assert [e.logprobs[0].token for e in deltas] == [e.delta for e in deltas]
    assert [e.logprobs[0].logprob for e in deltas] == [e["logprob"] for e in part["logprobs"]]
