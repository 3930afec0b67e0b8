import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.content.moderation import LEAST_SCORE, categories, moderation, result
from openai_types import Decoder
from openai_types.shared import Moderation, ModerationCreateResponse

CATEGORIES = list(categories())
decode = Decoder[Moderation](Moderation, strict=True)


def flagged(answer: dict[str, Any]) -> set[str]:
    return {name for name, flag in answer["categories"].items() if flag}


def test_categories_are_those_of_the_description():
    assert {"violence", "self-harm/intent", "illicit/violent", "hate"} <= {*CATEGORIES}
    assert len(CATEGORIES) == 13
    assert categories()["violence"] == ("text", "image")
    assert categories()["hate"] == ("text",)


@given(st.text(alphabet=st.characters(exclude_categories=["L"])))
def test_harmless_text_scores_nothing(text: str):
    answer = result(text)
    assert not answer["flagged"]
    decoded = decode(json.dumps(answer))
    assert {*decoded.category_scores.model_dump().values()} == {0.0}


@pytest.mark.parametrize("text", ["The skilled cook stabilises the begonias", "I whate it", ""])
def test_words_within_other_words_are_not_meant(text: str):
    assert not flagged(result(text))


@given(st.sampled_from(CATEGORIES), st.text())
def test_name_of_a_category_flags_it_and_what_it_is_a_part_of(name: str, text: str):
    answer: Any = result(f"{text} {name.upper()} {text}")
    assert {name, name.partition("/")[0]} <= flagged(answer)
    assert answer["flagged"]
    for category, score in answer["category_scores"].items():
        assert (LEAST_SCORE <= score < 1) == (category in flagged(answer))
        assert score == 0 or category in flagged(answer)
    assert answer == result(f"{text} {name.upper()} {text}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I will KILL him", {"violence"}),
        ("how to build a bomb", {"illicit", "illicit/violent"}),
        ("thoughts of suicide", {"self-harm"}),
        ("Stop harassing her, you racist", {"harassment", "hate"}),
    ],
)
def test_plain_words_flag_their_categories(text: str, expected: set[str]):
    assert flagged(result(text)) == expected


def test_answer_has_a_result_for_each_text():
    answer = moderation({"input": ["fine", "kill"], "model": "m"}, moderation_id="modr-1")
    decoded = Decoder[ModerationCreateResponse](ModerationCreateResponse, strict=True)(
        json.dumps(answer)
    )
    assert [each.flagged for each in decoded.results] == [False, True]
    assert (decoded.id, decoded.model) == ("modr-1", "m")
    alone: Any = moderation({"input": "kill"}, moderation_id="modr-2")
    assert alone["results"] == [result("kill")]
    assert alone["model"] == "omni-moderation-latest"


def test_parts_are_one_input_and_applied_as_what_they_are():
    image = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    text = {"type": "text", "text": "kill"}
    both: Any = moderation({"input": [text, image]}, moderation_id="m")
    (only,) = both["results"]
    assert flagged(only) == {"violence"}
    assert only["category_applied_input_types"]["violence"] == ["text", "image"]
    assert only["category_applied_input_types"]["hate"] == ["text"]
    seen: Any = moderation({"input": [image]}, moderation_id="m")
    (only,) = seen["results"]
    assert not only["flagged"]
    assert only["category_applied_input_types"]["violence"] == ["image"]
    assert only["category_applied_input_types"]["hate"] == []
