"""Decisions: answers to questions about an input, with probabilities.

Decides by words: the more of them a choice shares with the input, the likelier it is. So an input
that names a choice gets it, and a test can ask for any.
"""

from __future__ import annotations

import math
from operator import mul
from typing import TYPE_CHECKING

from openai_mock.content.embeddings import embedding
from openai_mock.content.json_values import objects_in
from openai_mock.content.tokens import count
from openai_mock.content.turns import text_of, turn_of_items
from openai_mock.content.usage import response_input_tokens, response_usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openai_mock.content.json_values import Object

SHARPNESS = 8.0  # how much a shared word counts
_LEAST, _SPAN = 0.05, 0.9  # of the probability that a predicate is true


def decide(request: Object) -> dict[str, object]:
    """Answer a request for decisions.

    Args:
        request: The body, on the wire and checked.

    Returns:
        The body of the answer.
    """
    given = request["input"]
    items = [{"role": "user", "content": given}] if isinstance(given, str) else objects_in(given)
    said = turn_of_items(items).said
    questions = objects_in(request["questions"])
    read = response_input_tokens({}, items)
    read += sum(count(text_of(each.get("instructions"))) for each in questions)
    return {
        "model": request["model"],
        "answers": [_answer(each, said) for each in questions],
        "usage": response_usage(read, len(questions)),
    }


def _answer(question: Object, said: str) -> dict[str, object]:
    kind = question["type"]
    named = {"name": question["name"]} if question.get("name") is not None else {}
    if kind == "predicate":
        likeness = _likeness(said, text_of(question["instructions"]))
        return {"type": kind, "probability": _LEAST + _SPAN * likeness, **named}
    of_choice = kind == "choice"
    options = objects_in(question["choices" if of_choice else "levels"])
    if not options:
        return {"type": "refusal", **named}
    names = [each["value" if of_choice else "label"] for each in options]
    shares = _shares(
        [f"{n} {o.get('description') or ''}" for n, o in zip(names, options, strict=True)], said
    )
    best = max(shares)
    if of_choice:
        told = [
            {"value": name, "probability": share} for name, share in zip(names, shares, strict=True)
        ]
        chosen = {"choice": names[shares.index(best)], "confidence": best}
        return {"type": kind, **chosen, "probabilities": told, **named}
    levels = [
        {"label": label, "value": value, "probability": share}
        for value, (label, share) in enumerate(zip(names, shares, strict=True))
    ]
    score = sum(value * share for value, share in enumerate(shares))
    return {"type": kind, "score": score, "confidence": best, "probabilities": levels, **named}


def _shares(options: Sequence[str], said: str) -> list[float]:
    """How likely each option is; together they are 1."""
    weights = [math.exp(SHARPNESS * _likeness(said, option)) for option in options]
    return [weight / sum(weights) for weight in weights]


def _likeness(one: str, other: str) -> float:
    """From 0 to 1, how many words two texts share."""
    return min(1.0, max(0.0, sum(map(mul, embedding(one), embedding(other)))))
