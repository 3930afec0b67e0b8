from types import SimpleNamespace
from typing import Any

import pytest
from openai_stream.terminal import (
    TerminalContract,
    any_end,
    chat_completions,
    images,
    responses,
    runs,
    speech,
    transcriptions,
)
from openai_types import Decoder
from openai_types.chat import ChatCompletionChunk
from openai_types.responses import ResponseStreamEvent
from pydantic_core import to_json

chunk = Decoder[ChatCompletionChunk](ChatCompletionChunk)
event = Decoder[ResponseStreamEvent](ResponseStreamEvent)

# Any: JSON, of wrong types too.


def choice(index: Any = 0, finish_reason: Any = None, **fields: Any) -> dict[str, Any]:
    return {"index": index, "delta": {}, "finish_reason": finish_reason, **fields}


def chat_is_complete(*chunks: Any, done_marker: bool = False) -> bool:
    contract = chat_completions()
    for fields in chunks:
        assert not contract.observe(chunk(to_json(fields)))
    return contract.complete(done_marker=done_marker)


def test_chat_without_anything_is_incomplete():
    assert not chat_is_complete()


def test_chat_with_an_open_choice_is_incomplete():
    assert not chat_is_complete({"choices": [choice()]})


def test_chat_with_done_marker_is_complete():
    assert chat_is_complete({"choices": [choice()]}, done_marker=True)


def test_chat_with_a_finish_reason_is_complete():
    assert chat_is_complete({"choices": [choice()]}, {"choices": [choice(0, "stop")]})


def test_chat_with_one_of_two_choices_finished_is_incomplete():
    both = {"choices": [choice(0), choice(1)]}
    assert not chat_is_complete(both, {"choices": [choice(1, "stop")]})
    assert chat_is_complete(
        both, {"choices": [choice(1, "stop")]}, {"choices": [choice(0, "length")]}
    )


def test_chat_with_usage_after_the_finish_reason_is_complete():
    assert chat_is_complete({"choices": [choice(0, "stop")]}, {"choices": [], "usage": {}})


def test_chat_with_filter_results_after_the_finish_reason_is_complete():
    after: dict[str, Any] = {"choices": [{"index": 0, "content_filter_results": {}}]}
    assert chat_is_complete({"choices": [choice(0, "stop")]}, after)


def test_chat_with_an_unknown_finish_reason_is_complete():
    assert chat_is_complete({"choices": [choice(0, "eos")]})


def test_chat_with_an_empty_finish_reason_is_incomplete():
    assert not chat_is_complete({"choices": [choice(0, "")]})


@pytest.mark.parametrize("choices", [None, [], "x", 7, {"0": {}}, [None], ["x"]])
def test_chat_with_odd_choices_is_incomplete_and_no_failure(choices: Any):
    assert not chat_is_complete({"choices": choices}, {})


@pytest.mark.parametrize("index", [None, "0", [0], {}])
def test_chat_with_an_odd_index_goes_by_position(index: Any):
    assert chat_is_complete({"choices": [choice(index)]}, {"choices": [choice(0, "stop")]})


def responses_end(*types: Any) -> tuple[list[bool], bool]:
    contract = responses()
    ended = [contract.observe(event(to_json({"type": kind, "response": {}}))) for kind in types]
    return ended, contract.complete(done_marker=True)


@pytest.mark.parametrize(
    "kind", ["response.completed", "response.failed", "response.incomplete", "error"]
)
def test_responses_with_a_terminal_event_are_complete_at_once(kind: str):
    assert responses_end("response.created", kind) == ([False, True], True)


@pytest.mark.parametrize("kind", ["response.output_text.done", "response.new", None, ["x"]])
def test_responses_without_a_terminal_event_are_incomplete_even_with_done_marker(kind: Any):
    assert responses_end("response.created", kind) == ([False, False], False)


def named(contract: TerminalContract[Any], *names: Any, key: str = "type") -> tuple[bool, bool]:
    """Whether the last event is the end of all, and whether the answer is whole then."""
    ends = [contract.observe(SimpleNamespace(**{key: name})) for name in names]
    return bool(ends) and ends[-1], contract.complete(done_marker=False)


@pytest.mark.parametrize(
    "state", ["completed", "failed", "cancelled", "expired", "incomplete", "requires_action"]
)
def test_runs_are_complete_when_the_run_is_over_or_waits(state: str):
    names = ("thread.run.created", f"thread.run.{state}", "thread.message.delta")
    assert named(runs(), *names, key="event") == (False, True)


@pytest.mark.parametrize("name", ["thread.run.step.completed", "thread.run.cancelling", None, 3])
def test_runs_that_go_on_are_incomplete_without_done_marker(name: Any):
    contract = runs()
    assert named(contract, name, key="event") == (False, False)
    assert contract.complete(done_marker=True)


@pytest.mark.parametrize("api", ["image_generation", "image_edit"])
def test_images_are_complete_when_none_is_in_work(api: str):
    preview, whole = f"{api}.partial_image", f"{api}.completed"
    assert named(images()) == (False, False)
    assert named(images(), preview) == (False, False)
    assert named(images(), preview, whole) == (False, True)
    assert named(images(), preview, whole, preview) == (False, False)
    assert named(images(), whole, "new", None) == (False, True)


@pytest.mark.parametrize(
    ("contract", "delta", "done"),
    [
        (speech, "speech.audio.delta", "speech.audio.done"),
        (transcriptions, "transcript.text.delta", "transcript.text.done"),
        (transcriptions, "transcript.text.segment", "transcript.text.done"),
    ],
)
def test_sound_and_transcripts_end_with_their_last_event(contract: Any, delta: str, done: str):
    assert named(contract(), delta) == (False, False)
    assert named(contract(), delta, None) == (False, False)
    assert named(contract(), delta, done) == (True, True)


def test_any_end_is_always_complete():
    contract = any_end()
    assert not contract.observe(object())
    assert contract.complete(done_marker=False)


@pytest.mark.parametrize(
    "contract",
    [chat_completions(), responses(), runs(), images(), speech(), transcriptions(), any_end()],
)
def test_awaits_says_what_is_missing(contract: Any):
    assert contract.awaits
