"""Chats as providers stream them, put together, are what the same providers answer unstreamed.

The transcripts are recorded by `transcripts/record.py`, from the personalities of the mock server.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from openai_stream import ChatCompletionStreamState, EventReader
from openai_stream.accumulating import accumulator_of
from openai_stream.terminal import chat_completions
from openai_types import Decoder
from openai_types.chat import ChatCompletion, ChatCompletionChunk

FOLDER = Path(__file__).parent / "transcripts" / "chat"
CASES = sorted(path.stem for path in FOLDER.glob("*.sse"))

# Any: JSON.

# Made anew for each answer.
NEW = ("id", "created", "x_groq")
# What Azure, MiniMax and Moonshot say in streams only; of the choice, of the message, or of all.
STREAMED = {
    *("prompt_filter_results", "content_filter_offsets", "content_filter_results"),
    *("name", "audio_content", "input_sensitive", "output_sensitive"),
}
# They never say in a stream why it ended.
WITHOUT_REASON = ("maple", "ollama")


def chunks(case: str) -> tuple[list[ChatCompletionChunk], EventReader[ChatCompletionChunk]]:
    decode = Decoder[ChatCompletionChunk](ChatCompletionChunk)
    make = accumulator_of("openai_types.chat:ChatCompletionChunk")
    reader = EventReader(decode, chat_completions(), accumulator=make)
    found = reader.feed((FOLDER / f"{case}.sse").read_bytes())
    return found + reader.finish(), reader


def answer(case: str) -> dict[str, Any]:
    text = (FOLDER / f"{case}.json").read_text()
    return Decoder[ChatCompletion](ChatCompletion)(text).to_dict()


def comparable(completion: dict[str, Any]) -> Any:
    """A completion without what differs between two answers to the same question."""
    for choice in completion["choices"]:
        assert choice.pop("usage", completion["usage"]) == completion["usage"]
        for call in choice["message"].get("tool_calls") or ():
            call.pop("id", None)
        for fields in (completion, choice, choice["message"]):
            for name in STREAMED & fields.keys():
                del fields[name]
    return said({name: value for name, value in completion.items() if name not in NEW})


def said(value: Any) -> Any:
    """A value without what is null or empty: a stream does not say it, or not everywhere."""
    if isinstance(value, dict):
        fields = {name: said(each) for name, each in cast("dict[str, Any]", value).items()}
        return {name: each for name, each in fields.items() if each not in (None, [], {})}
    return [said(each) for each in cast("list[Any]", value)] if isinstance(value, list) else value


def test_there_is_one_of_each_provider():
    openai_mock = pytest.importorskip("openai_mock.personalities")
    assert {*CASES} >= set(openai_mock.personalities())


@pytest.mark.parametrize("case", CASES)
def test_what_is_streamed_is_what_is_answered(case: str):
    _, reader = chunks(case)
    partial: Any = reader.partial()
    made, whole = comparable(partial.to_dict()), comparable(answer(case))
    if case.startswith(WITHOUT_REASON):
        made["choices"][0]["finish_reason"] = whole["choices"][0]["finish_reason"]
    assert made == whole


@pytest.mark.parametrize("case", CASES)
def test_events_say_the_same(case: str):
    state = ChatCompletionStreamState[None]()
    received, _ = chunks(case)
    events: list[Any] = [event for each in received for event in state.handle_chunk(each)]
    events += state.finish()
    (choice,) = answer(case)["choices"]
    text = choice["message"].get("content") or ""
    if isinstance(text, list):  # of parts
        text = "".join(part.get("text", "") for part in cast("list[Any]", text))
    assert "".join(each.delta for each in events if each.type == "content.delta") == text
    assert [each.content for each in events if each.type == "content.done"] == [text] * bool(text)
    kind = "tool_calls.function.arguments.done"
    calls = [(each.name, each.arguments) for each in events if each.type == kind]
    assert calls == [
        (each["function"]["name"], each["function"]["arguments"])
        for each in choice["message"].get("tool_calls") or ()
    ]
