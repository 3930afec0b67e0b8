"""Graders: how good an answer is, as far as that can be told without a model.

Strings are compared and similarities are measured as the grader says. What would need a model or
run code gets the best score: the server neither judges nor runs anything. Knows no operation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, cast

from openai_mock.files.retrieval import similarity
from openai_mock.work.formulas import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Any: a grader and the data that it is for are JSON.

Data = dict[str, Any]
_PLACE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
_COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "eq": lambda text, reference: text == reference,
    "ne": lambda text, reference: text != reference,
    "like": lambda text, reference: reference in text,
    "ilike": lambda text, reference: reference.casefold() in text.casefold(),
}


@dataclass(frozen=True)
class Grade:
    """What a grader says.

    Attributes:
        score: How good it is; usually from 0 to 1.
        passed: Whether that is good enough.
        parts: The scores of the graders in it, by their names.
        errors: The API's names of what went wrong.
    """

    score: float
    passed: bool
    parts: Mapping[str, float] = field(default_factory=dict[str, float])
    errors: frozenset[str] = frozenset()


def grade(grader: Mapping[str, Any], item: Data, sample: Data) -> Grade:
    """Grade a sample.

    Args:
        grader: The grader, as the API writes it.
        item: What `{{item...}}` in its texts stands for.
        sample: What `{{sample...}}` stands for.
    """
    kind = grader["type"]
    if kind == "multi":
        return _all_together(grader, item, sample)
    if kind not in ("string_check", "text_similarity"):
        best = (grader.get("range") or [0, 1])[-1]
        return Grade(float(best), passed=True)
    data = {"item": item, "sample": sample}
    text, missing = filled(grader["input"], data)
    reference, also_missing = filled(grader["reference"], data)
    errors = frozenset(("invalid_variable_error",) if missing | also_missing else ())
    if kind == "string_check":
        same = _COMPARISONS[grader["operation"]](text, reference)
        return Grade(float(same), passed=same, errors=errors)
    score = _similarity(grader["evaluation_metric"], text, reference)
    return Grade(score, passed=score >= (grader.get("pass_threshold") or 0), errors=errors)


def filled(text: str, data: Data) -> tuple[str, set[str]]:
    """A text with what stands for the places in it, and the names of those without a value.

    Args:
        text: The text, with places such as `{{item.question}}`.
        data: The values, by their names; one in the other.
    """
    missing: set[str] = set()

    def value(place: re.Match[str]) -> str:
        found: object = data
        for name in place[1].split("."):
            found = _inside(found, name)
        if found is None:
            missing.add(place[1])
            return ""
        return str(found)

    return _PLACE.sub(value, text), missing


def _inside(value: object, name: str) -> object:
    """What is under a name in a value; None if nothing is."""
    return cast("Data", value).get(name) if isinstance(value, dict) else None


def _similarity(metric: str, text: str, reference: str) -> float:
    """How similar texts are: by their words for `cosine`, by their letters for all others."""
    if metric == "cosine":
        return similarity(text, reference)
    return SequenceMatcher(None, text, reference, autojunk=False).ratio()


def _all_together(grader: Mapping[str, Any], item: Data, sample: Data) -> Grade:
    inner: Data = grader["graders"]
    graders: Data = {inner["name"]: inner} if isinstance(inner.get("type"), str) else inner
    grades = {name: grade(each, item, sample) for name, each in graders.items()}
    scores = {name: each.score for name, each in grades.items()}
    errors = frozenset[str]().union(*(each.errors for each in grades.values()))
    try:
        total = evaluate(grader["calculate_output"], scores)
    except ValueError:
        return Grade(0.0, passed=False, parts=scores, errors=errors | {"formula_parse_error"})
    return Grade(total, passed=total > 0, parts=scores, errors=errors)
