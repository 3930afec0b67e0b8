import itertools
from base64 import b64encode
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from openai_stream.accumulators.speech import SpeechAccumulator
from openai_types import Decoder
from openai_types.audio import SpeechStreamEvent
from pydantic_core import to_json

decode = Decoder[Any](SpeechStreamEvent)


def accumulated(*events: object) -> bytes:
    accumulator = SpeechAccumulator()
    for event in events:
        accumulator.add(decode(to_json(event)))
    return accumulator.snapshot()


@given(st.binary(), st.lists(st.integers(0, 20)))
def test_any_split_of_the_sound_gives_it_back(sound: bytes, cuts: list[int]):
    edges = sorted({0, len(sound), *(cut for cut in cuts if cut < len(sound))})
    pieces = [sound[a:b] for a, b in itertools.pairwise(edges)]
    events = [{"type": "speech.audio.delta", "audio": b64encode(p).decode()} for p in pieces]
    assert accumulated(*events, {"type": "speech.audio.done", "usage": None}) == sound


def test_what_is_no_sound_adds_none():
    odd: list[object] = [None, 3, "no base64!", "QQ", {"a": 1}]
    events = [{"type": "speech.audio.delta", "audio": each} for each in odd]
    assert accumulated(*events, {"type": "new"}, {}) == b""


def test_the_sound_can_be_read_between_events():
    accumulator = SpeechAccumulator()
    for _ in range(3):
        accumulator.add(decode(b'{"type": "speech.audio.delta", "audio": "QQ=="}'))
        accumulator.snapshot()
    assert accumulator.snapshot() == b"AAA"
