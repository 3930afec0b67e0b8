"""Under which of the API's categories an input falls.

Decides it by words: a text is flagged if it has one that plainly stands for a category, such as
"violence" or "kill", or the category's own name, such as "self-harm/intent". Everything else scores
0. So tests can ask for each outcome; it is no judgement of texts, and of images nothing is known.
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openai_mock.content.json_values import Object

USUAL_MODEL = "omni-moderation-latest"
LEAST_SCORE = 0.8  # of a category that is flagged
_KINDS = ("text", "image")

# The beginnings of words that stand for a category, beside its own name.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "harassment": ("harass", "bully", "insult"),
    "hate": ("hate speech", "racis", "bigot"),
    "illicit": ("smuggl", "counterfeit", "shoplift"),
    "illicit/violent": ("bomb", "explosive"),
    "self-harm": ("self harm", "suicid"),
    "sexual": ("porn", "erotic"),
    "violence": ("kill", "murder", "stabb"),
    "violence/graphic": ("gore", "mutilat"),
}


def moderation(request: Object, *, moderation_id: str) -> dict[str, object]:
    """Answer a request for moderation.

    Args:
        request: The body, on the wire and checked: `input` a text, texts, or parts of one input.
        moderation_id: The id of the answer.

    Returns:
        The body of the answer: one result a text, or one for all parts.
    """
    given = request.get("input")
    inputs = cast("Sequence[str | Object]", [given] if isinstance(given, str) else given)
    texts = [each for each in inputs if isinstance(each, str)]
    parts = [each for each in inputs if not isinstance(each, str)]
    results = [result(text) for text in texts]
    if parts:
        said = "\n".join(str(part["text"]) for part in parts if part.get("type") == "text")
        kinds = {"image" if part.get("type") == "image_url" else "text" for part in parts}
        results.append(result(said, kinds=kinds))
    model = request.get("model") or USUAL_MODEL
    return {"id": moderation_id, "model": model, "results": results}


def result(text: str, *, kinds: set[str] | None = None) -> dict[str, object]:
    """Whether one input falls under a category, and under which.

    Args:
        text: The text of the input.
        kinds: What the input is made of: `text`, `image` or both; text if not given.
    """
    of_input = {"text"} if kinds is None else kinds
    scores = {category: _score(category, text) for category in categories()}
    return {
        "flagged": any(scores.values()),
        "categories": {category: score > 0 for category, score in scores.items()},
        "category_scores": scores,
        "category_applied_input_types": {
            category: [kind for kind in applied if kind in of_input]
            for category, applied in categories().items()
        },
    }


@cache
def categories() -> Mapping[str, tuple[str, ...]]:
    """The names of the API's categories, each with the kinds of input that it is applied to."""
    from openai_types.shared.files_objects import ModerationCategoryAppliedInputTypes

    fields = ModerationCategoryAppliedInputTypes.model_fields
    # An annotation names the kinds, such as list[Literal["text", "image"]].
    named = {field.alias or name: str(field.annotation) for name, field in fields.items()}
    return {
        name: tuple(kind for kind in _KINDS if repr(kind) in kinds) for name, kinds in named.items()
    }


def _score(category: str, text: str) -> float:
    """At least `LEAST_SCORE` if the text has a word of the category or a narrower one, else 0."""
    if not _pattern(category).search(text):
        return 0.0
    digest = sha256(f"{category}\0{text}".encode("utf-8", "surrogatepass")).digest()
    return LEAST_SCORE + digest[0] / 256 * (1 - LEAST_SCORE)


@cache
def _pattern(category: str) -> re.Pattern[str]:
    narrower = [name for name in categories() if name.startswith(f"{category}/")]
    words = [word for name in (category, *narrower) for word in (name, *_WORDS.get(name, ()))]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})", re.IGNORECASE)
