import pytest
from openai_mock.work.formulas import evaluate

SCORES = {"a": 0.5, "b": 2.0}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1", 1),
        ("a", 0.5),
        ("(a + b) / 2 - -1", 2.25),
        ("b ** 3 * a", 4),
        ("max(a, b, 1) + min(a, 1)", 2.5),
        ("floor(b / 3) + abs(-1)", 1),
        ("sqrt(exp(log(4)))", 2),
    ],
)
def test_values(formula: str, value: float):
    assert evaluate(formula, SCORES) == pytest.approx(value)


@pytest.mark.parametrize(
    "formula",
    [
        *("", "a +", "c", "a / 0", "__import__('os')", "a.real", "a if b else 1", "'x'", "max()"),
        *("(-1) ** 0.5", "10 ** 10000", "[a]", "abs(a, key=b)", "a" * 1001),
        "(" * 400 + "1" + ")" * 400,
        "-" * 999 + "1",
    ],
)
def test_what_has_no_value(formula: str):
    with pytest.raises(ValueError, match="formula"):
        evaluate(formula, SCORES)
