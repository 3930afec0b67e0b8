from typing import Any

import pytest
from openai_mock.work.grading import filled, grade

ITEM = {"answer": "Red fox", "deep": {"er": 1}}


def string_check(operation: str, reference: str = "{{ item.answer }}") -> dict[str, Any]:
    return {
        "type": "string_check",
        "name": "same",
        "operation": operation,
        "input": "{{sample.output_text}}",
        "reference": reference,
    }


def sample(text: str) -> dict[str, Any]:
    return {"output_text": text}


@pytest.mark.parametrize(
    ("operation", "text", "passed"),
    [
        ("eq", "Red fox", True),
        ("eq", "red fox", False),
        ("ne", "red fox", True),
        ("like", "A Red fox.", True),
        ("like", "A red fox.", False),
        ("ilike", "A red fox.", True),
    ],
)
def test_strings_are_compared(operation: str, text: str, passed: bool):
    result = grade(string_check(operation), ITEM, sample(text))
    assert (result.passed, result.score, result.errors) == (passed, float(passed), frozenset())


@pytest.mark.parametrize("metric", ["cosine", "fuzzy_match", "bleu", "rouge_l"])
def test_similarity_has_a_threshold(metric: str):
    grader = {**string_check("eq"), "type": "text_similarity", "evaluation_metric": metric}
    same = grade({**grader, "pass_threshold": 0.9}, ITEM, sample("Red fox"))
    assert (same.score, same.passed) == (pytest.approx(1), True)
    other = grade({**grader, "pass_threshold": 0.9}, ITEM, sample("Red dog"))
    assert 0 < other.score < 0.9
    assert not other.passed
    assert grade(grader, ITEM, sample("Red dog")).passed  # without a threshold


@pytest.mark.parametrize("kind", ["python", "score_model", "label_model"])
def test_what_needs_a_model_or_runs_code_gets_the_best_score(kind: str):
    assert grade({"type": kind, "name": "x"}, {}, {}).score == 1
    assert grade({"type": kind, "name": "x", "range": [0, 10]}, {}, {}).score == 10


def test_several_are_put_together():
    graders = {"a": string_check("eq"), "b": {"type": "python", "name": "b"}}
    multi = {"type": "multi", "name": "m", "graders": graders, "calculate_output": "(a + b) / 2"}
    result = grade(multi, ITEM, sample("no"))
    assert (result.score, dict(result.parts)) == (0.5, {"a": 0.0, "b": 1.0})
    alone = {**multi, "graders": string_check("eq"), "calculate_output": "2 * same"}
    assert grade(alone, ITEM, sample("Red fox")).score == 2
    broken = grade({**multi, "calculate_output": "a +"}, ITEM, sample("no"))
    assert (broken.score, broken.errors) == (0, frozenset({"formula_parse_error"}))


def test_places_are_filled():
    data = {"item": ITEM}
    assert filled("{{item.deep.er}}-{{ item.answer }}", data) == ("1-Red fox", set())
    assert filled("<{{item.none}}{{item.answer.none}}>", data) == (
        "<>",
        {"item.none", "item.answer.none"},
    )
    missing = grade(string_check("eq", "{{item.none}}"), ITEM, sample(""))
    assert missing.errors == {"invalid_variable_error"}
