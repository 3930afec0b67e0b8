from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from openai_stream.accumulators.transcriptions import TranscriptionsAccumulator
from openai_types import Decoder
from openai_types.audio import Transcription, TranscriptionDiarized, TranscriptionStreamEvent
from pydantic_core import to_json

decode = Decoder[Any](TranscriptionStreamEvent)
USAGE = {"type": "tokens", "input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
SEGMENT = {
    "type": "transcript.text.segment",
    "id": "seg_1",
    "speaker": "A",
    "start": 0.0,
    "end": 1.5,
    "text": "Hello",
}


def accumulated(*events: object) -> Transcription | TranscriptionDiarized:
    accumulator = TranscriptionsAccumulator()
    for event in events:
        accumulator.add(decode(to_json(event)))
    return accumulator.snapshot()


def delta(text: object, **more: object) -> dict[str, object]:
    return {"type": "transcript.text.delta", "delta": text, **more}


@given(st.lists(st.text()))
def test_the_pieces_make_the_text_with_and_without_the_end(pieces: list[str]):
    events = [delta(piece) for piece in pieces]
    text = "".join(pieces).encode(errors="replace").decode()
    assert accumulated(*events).to_dict() == {"text": "".join(pieces)}
    done = {"type": "transcript.text.done", "text": text, "usage": USAGE}
    assert accumulated(*events, done).to_dict() == {"text": text, "usage": USAGE}


def test_log_probabilities_are_in_order_and_the_end_has_the_last_word():
    a, b = ({"token": each, "logprob": -1.0} for each in "ab")
    pieces = [delta("a", logprobs=[a]), delta("b", logprobs=[b])]
    assert accumulated(*pieces).to_dict() == {"text": "ab", "logprobs": [a, b]}
    done = {"type": "transcript.text.done", "text": "ab", "logprobs": [b]}
    assert accumulated(*pieces, done).to_dict() == {"text": "ab", "logprobs": [b]}


def test_speakers_make_it_a_transcript_with_speakers():
    answer = accumulated(SEGMENT, delta("Hello", segment_id="seg_1"))
    assert isinstance(answer, TranscriptionDiarized)
    assert answer.to_dict() == {"text": "Hello", "segments": [SEGMENT]}


def test_odd_events_change_nothing():
    odd = [delta(None), delta(3), {"type": "new"}, {}, delta("", logprobs="x")]
    assert accumulated(*odd).to_dict() == {"text": ""}
