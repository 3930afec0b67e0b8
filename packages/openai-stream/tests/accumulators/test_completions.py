from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from openai_stream.accumulators.completions import CompletionsAccumulator
from openai_types import Completion, Decoder
from pydantic_core import to_json

decode = Decoder[Completion](Completion)
HEAD = {"id": "cmpl", "object": "text_completion", "created": 5, "model": "m"}
USAGE = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}


def accumulated(*chunks: object) -> dict[str, Any]:
    accumulator = CompletionsAccumulator()
    for chunk in chunks:
        accumulator.add(decode(to_json(chunk)))
    return accumulator.snapshot().to_dict()


def logprobs(*tokens: str) -> dict[str, object]:
    return {
        "tokens": [*tokens],
        "token_logprobs": [None for _ in tokens],
        "text_offset": [len(each) for each in tokens],
        "top_logprobs": [{each: -1.0} for each in tokens],
    }


@st.composite
def streamed(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The chunks of a completion in any order of its choices, and the completion."""
    tokens = draw(st.lists(st.lists(st.text(max_size=2), max_size=3), min_size=1, max_size=2))
    turns = draw(st.permutations([i for i, each in enumerate(tokens) for _ in each]))
    left = [iter(each) for each in tokens]
    chunks: list[dict[str, Any]] = []
    for index in turns:
        token = next(left[index])
        said = {"text": token, "logprobs": logprobs(token), "finish_reason": None}
        chunks.append({**HEAD, "choices": [{"index": index, **said}]})
    ends = [{"index": i, "text": "", "finish_reason": "stop"} for i in range(len(tokens))]
    chunks += [{**HEAD, "choices": ends}, {**HEAD, "choices": [], "usage": USAGE}]
    choices = [
        {
            "index": index,
            "text": "".join(each),
            **({"logprobs": logprobs(*each)} if each else {}),
            "finish_reason": "stop",
        }
        for index, each in enumerate(tokens)
    ]
    return chunks, {**HEAD, "choices": choices, "usage": USAGE}


@given(streamed())
def test_any_order_of_choices_gives_the_whole(made: tuple[list[dict[str, Any]], dict[str, Any]]):
    chunks, whole = made
    assert accumulated(*chunks) == whole


def test_odd_chunks_lose_nothing():
    assert accumulated(
        {"choices": None, "usage": USAGE},
        {"choices": [{"text": "a"}, 3, None], "usage": {}, "extra": 1},
        {"choices": "odd", "usage": None},
        {"choices": [{"text": None, "index": 0}, {"text": "b", "index": 2, "note": "x"}]},
        {},
    ) == {
        "usage": USAGE,
        "extra": 1,
        "choices": [
            {"index": 0, "text": "a"},
            {"index": 1},
            {"index": 2, "text": "b", "note": "x"},
        ],
    }
