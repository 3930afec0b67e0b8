"""Whatever bytes come, however split: the same events, and no error but the documented ones."""

import itertools
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from openai_stream import EventReader
from openai_stream.terminal import TerminalContract, chat_completions, responses
from openai_types import Decoder
from openai_types.chat import ChatCompletionChunk
from openai_types.errors import APIError
from openai_types.responses import ResponseStreamEvent

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
keys = ["choices", "index", "finish_reason", "error", "message", "code", "detail", "type", "delta"]
objects = st.dictionaries(
    st.sampled_from(keys),
    json_values | st.lists(st.dictionaries(st.sampled_from(keys), json_values)),
)
lines = (
    (objects | json_values).map(lambda value: b"data: " + json.dumps(value).encode() + b"\n\n")
    | st.sampled_from([b"data: [DONE]\n\n", b"event: error\n", b"error: {}\n", b"\xff", b"\r"])
    | st.binary(max_size=6)
)
streams = st.lists(lines, max_size=6).map(b"".join)


# Any: events of every kind.
def outcome(
    chunks: list[bytes], decode: Decoder[Any], contract: TerminalContract[Any]
) -> tuple[list[Any], str]:
    reader = EventReader(decode, contract)
    events = [event for chunk in chunks for event in reader.feed(chunk)]
    try:
        events += reader.finish()
        ending = "complete"
    except APIError as error:
        # The event that no blank line completed may be on the error only.
        events += error.events[len(events) :]
        ending = f"{type(error)} {error}"
    assert reader.events == events
    return events, ending


@given(streams, st.lists(st.integers(0, 400)))
def test_any_split_of_a_chat_has_the_same_outcome(stream: bytes, cuts: list[int]):
    decode = Decoder[Any](ChatCompletionChunk)
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    chunks = [stream[a:b] for a, b in itertools.pairwise(edges)]
    # repr: not-a-number is never equal to itself
    whole = repr(outcome([stream], decode, chat_completions()))
    assert repr(outcome(chunks, decode, chat_completions())) == whole


@given(streams)
def test_any_bytes_of_a_response_end_in_events_or_a_documented_error(stream: bytes):
    outcome([stream], Decoder[Any](ResponseStreamEvent), responses())


@given(st.binary())
def test_any_bytes_byte_by_byte_end_in_events_or_a_documented_error(stream: bytes):
    chunks = [bytes([byte]) for byte in stream]
    outcome(chunks, Decoder[Any](ResponseStreamEvent), responses())
