import json
from typing import Any

import pytest
from openai_mock.answers.decisions import decide
from openai_types import Decoder
from openai_types.shared import Decision

decode = Decoder[Decision](Decision, strict=True)


def answers(*questions: dict[str, Any], given: Any = "Please refund my broken lamp") -> list[Any]:
    request = {"model": "gpt-5.5", "input": given, "questions": [*questions]}
    return decode(json.dumps(decide(request))).answers


def choice(*values: object) -> dict[str, Any]:
    return {
        "type": "choice",
        "name": "topic",
        "instructions": "What is it about?",
        "choices": [{"value": value} for value in values],
    }


def test_choice_that_the_input_names_is_made():
    for values in (("refund", "praise"), ("praise", "refund")):
        (made,) = answers(choice(*values))
        assert (made.choice, made.name) == ("refund", "topic")
        assert made.confidence == max(each.probability for each in made.probabilities)
        assert sum(each.probability for each in made.probabilities) == pytest.approx(1)


def test_predicate_is_likelier_the_more_words_it_shares():
    likely, unlikely = answers(
        {"type": "predicate", "instructions": "Is the lamp broken?"},
        {"type": "predicate", "instructions": "Will it rain tomorrow?"},
    )
    assert 0 < unlikely.probability < likely.probability < 1


def test_score_is_between_its_levels():
    levels = [{"label": "calm"}, {"label": "broken lamp", "description": "refund"}]
    items = [{"type": "message", "role": "user", "content": "a broken lamp"}]
    (made,) = answers({"type": "score", "instructions": "How bad?", "levels": levels}, given=items)
    assert 0.5 < made.score < 1
    assert [each.value for each in made.probabilities] == [0, 1]


def test_question_without_choices_is_not_answered():
    (made,) = answers(choice())
    assert made.type == "refusal"
