"""The counts are those of the tokeniser o200k_base (bpe-openai 0.1.4), taken once and kept."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openai_mock.content.tokens import Output, count, output, split

SAMPLES: list[dict[str, Any]] = json.loads(  # Any: JSON
    Path(__file__).with_name("token_counts.json").read_text(encoding="utf-8")
)
words = st.lists(
    st.sampled_from([sample["text"] for sample in SAMPLES]).flatmap(
        lambda text: st.sampled_from(text.split(" "))
    )
).map(" ".join)
texts = st.text() | st.text("aA1 _.\n\té的가🎉'", max_size=60) | words


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["name"])
def test_count_is_within_a_fifth_of_the_true_one(sample: dict[str, Any]):
    assert count(sample["text"]) == pytest.approx(sample["tokens"], rel=0.2)


@given(texts)
def test_tokens_make_up_the_text(text: str):
    tokens = split(text)
    assert "".join(tokens) == text
    assert all(tokens)
    assert count(text) == len(tokens) <= len(text)


@given(texts, texts)
@example("it", "'s")
@example("a" * 13, "b" * 13)
@example("The ", "end")
def test_text_of_two_has_about_the_tokens_of_both(one: str, other: str):
    together = count(one + other)
    assert together <= count(one) + count(other) + 2
    assert together >= max(count(one), count(other)) - 2


def test_tokens_look_like_those_of_the_api():
    assert split("") == []
    assert split("Hello world, don't stop!") == ["Hello", " world", ",", " don't", " stop", "!"]
    assert split("maxRetries = 12345\n\n  done") == [
        *("max", "Retries", " =", " ", "123", "45", "\n\n", " ", " done"),
    ]
    assert len(split("Donaudampfschifffahrtsgesellschaft")) > 2


def test_output_is_the_whole_text_without_limits():
    whole = output("one two three")
    assert whole == Output(("one", " two", " three"))
    assert (whole.text, whole.finish_reason, whole.incomplete_details) == (
        "one two three",
        "stop",
        None,
    )
    assert output("one two three", limit=3) == whole
    assert output("one two three", stop=None) == whole


def test_limit_cuts_the_output():
    cut = output("one two three", limit=2)
    assert (cut.text, cut.finish_reason) == ("one two", "length")
    assert cut.incomplete_details == {"reason": "max_output_tokens"}
    assert output("one", limit=0).pieces == ()


def test_output_ends_before_the_first_stop():
    ended = output("one two three", limit=2, stop=["three", "wo", "four", ""])
    assert (ended.text, ended.finish_reason) == ("one t", "stop")
    assert output("one two", stop=" two").text == "one"


@given(texts, st.integers(0, 20), st.lists(st.text(min_size=1, max_size=3), max_size=2))
def test_output_keeps_its_limits(text: str, limit: int, stop: list[str]):
    said = output(text, limit=limit, stop=stop)
    assert text.startswith(said.text)
    assert len(said.pieces) <= limit
    assert not any(each in said.text for each in stop)
    assert said.cut or said.text == text or any(each in text for each in stop)
