import json
from typing import Any

import pytest
from openai_mock.answers.completions import CompletionAnswer
from openai_mock.state.ids import Identifiers
from openai_types import Decoder
from openai_types.shared import Completion

decode = Decoder[Completion](Completion, strict=True)


@pytest.fixture
def answering(ids: Identifiers):
    def answer(**request: Any) -> CompletionAnswer:
        made = {"model": "gpt-3.5-turbo-instruct", "prompt": "Hi", **request}
        return CompletionAnswer(made, ids=ids, created=1)

    return answer


def body_of(answer: CompletionAnswer) -> Completion:
    return decode(json.dumps(answer.body()))


def test_text_is_completed(answering: Any):
    body = body_of(answering())
    assert [(each.text, each.finish_reason) for each in body.choices] == [("You wrote: Hi", "stop")]
    assert body.usage
    assert body.usage.total_tokens == body.usage.prompt_tokens + body.usage.completion_tokens


def test_each_prompt_has_n_choices_in_order(answering: Any):
    body = body_of(answering(prompt=["a", "b"], n=2))
    assert [each.text[-1] for each in body.choices] == ["a", "a", "b", "b"]
    assert [each.index for each in body.choices] == [0, 1, 2, 3]


@pytest.mark.parametrize("prompt", [[7, 8], [[7, 8]]])
def test_tokens_are_repeated_as_numbers_and_counted(answering: Any, prompt: object):
    body = body_of(answering(prompt=prompt))
    assert body.choices[0].text == "You wrote: 7 8"
    assert body.usage
    assert body.usage.prompt_tokens == 2


def test_limit_is_sixteen_tokens_if_not_said(answering: Any):
    (choice,) = body_of(answering(prompt="word " * 50)).choices
    assert choice.finish_reason == "length"
    assert body_of(answering(prompt="word " * 50, max_tokens=3)).choices[0].text == "You wrote:"


def test_echo_repeats_the_prompt_with_its_log_probabilities(answering: Any):
    (choice,) = body_of(answering(prompt="Say this", echo=True, max_tokens=0, logprobs=1)).choices
    assert choice.text == "Say this"
    assert choice.logprobs
    assert "".join(choice.logprobs.tokens or ()) == choice.text
    assert {len(each) for each in choice.logprobs.top_logprobs or ()} == {1}


def test_suffix_is_read_and_stop_is_honoured(answering: Any):
    assert body_of(answering(suffix="bye")).choices[0].text == "You wrote: Hi ... bye"
    assert body_of(answering(stop=":")).choices[0].text == "You wrote"


def test_chunks_make_up_the_body(answering: Any):
    answer = answering(n=2, logprobs=2, stream_options={"include_usage": True})
    *chunks, last = answer.chunks()
    for number, choice in enumerate(answer.body()["choices"]):
        parts = [each["choices"][0] for each in chunks if each["choices"][0]["index"] == number]
        assert "".join(part["text"] for part in parts) == choice["text"]
        assert [part["finish_reason"] for part in parts] == [None] * (len(parts) - 1) + ["stop"]
        logprobs = [part["logprobs"] for part in parts if part["logprobs"]]
        assert [t for each in logprobs for t in each["tokens"]] == choice["logprobs"]["tokens"]
    assert (last["choices"], last["usage"]) == ([], answer.body()["usage"])


def test_chunks_are_of_the_described_type(answering: Any):
    chunks = [decode(json.dumps(each)) for each in answering(logprobs=1).chunks()]
    assert [each.choices[0].finish_reason for each in chunks][-2:] == [None, "stop"]
