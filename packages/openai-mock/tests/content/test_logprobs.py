import json
import math
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from openai_mock.content.logprobs import LEAST, completion_logprobs, token_logprobs
from openai_types import Decoder
from openai_types.chat import ChatCompletionTokenLogprob
from openai_types.responses import ResponseOutputTextLogprob
from openai_types.shared import CompletionChoiceLogprobs

all_tokens = st.lists(st.text(min_size=1) | st.sampled_from([" the", ".", "Hello"]), max_size=5)
tops = st.integers(0, 20)


@given(all_tokens, tops)
def test_probabilities_are_those_of_a_model_that_chose_the_likeliest(tokens: list[str], top: int):
    entries: Any = token_logprobs(tokens, top=top)
    assert [entry["token"] for entry in entries] == tokens
    assert entries == token_logprobs(tokens, top=top)
    for entry in entries:
        assert LEAST <= math.exp(entry["logprob"]) < 1
        assert bytes(entry["bytes"]).decode("utf-8", "surrogatepass") == entry["token"]
        likeliest = entry["top_logprobs"]
        assert len({each["token"] for each in likeliest}) == len(likeliest) == top
        if likeliest:
            assert likeliest[0] == {key: entry[key] for key in ("token", "logprob", "bytes")}
        assert sum(math.exp(each["logprob"]) for each in likeliest) <= 1
        assert all(one["logprob"] > next_["logprob"] for one, next_ in pairwise(likeliest))


@given(all_tokens, tops)
def test_completions_of_old_have_the_same_probabilities(tokens: list[str], top: int):
    entries: Any = token_logprobs(tokens, top=top)
    answer: Any = completion_logprobs(tokens, top=top)
    assert answer["tokens"] == tokens
    assert answer["token_logprobs"] == [entry["logprob"] for entry in entries]
    assert [list(place) for place in answer["top_logprobs"]] == [
        [each["token"] for each in entry["top_logprobs"]] for entry in entries
    ]
    text = "".join(tokens)
    for token, offset in zip(tokens, answer["text_offset"], strict=True):
        assert text.startswith(token, offset)


def test_shapes_are_those_of_the_description():
    entries = token_logprobs(["Hello", " world"], top=2)
    for entry in entries:
        Decoder[Any](ChatCompletionTokenLogprob, strict=True)(json.dumps(entry))
        Decoder[Any](ResponseOutputTextLogprob, strict=True)(json.dumps(entry))
    old = completion_logprobs(["Hello", " world"], top=2)
    Decoder[Any](CompletionChoiceLogprobs, strict=True)(json.dumps(old))
