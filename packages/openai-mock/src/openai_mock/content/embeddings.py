"""Vectors of texts: the same for the same text, and near each other for texts of the same words.

Decides what a text is known by: its words and the runs of characters in them, each hashed to a few
places with signs (signed feature hashing). So texts are near each other as far as they share words
or parts of words, also in other forms (`cat`, `cats`) and another order. Of meaning nothing is
known: `car` and `automobile` are as far apart as any two words.
"""

from __future__ import annotations

import math
import re
import struct
from array import array
from base64 import b64encode
from collections import defaultdict
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from openai_mock.content.tokens import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openai_mock.content.json_values import Object

USUAL_DIMENSIONS = 1536
_DIMENSIONS = {"text-embedding-3-large": 3072}
_WORD = re.compile(r"\w+")
_PLACES = struct.Struct("<4I")  # where a feature stands in a vector, and with which signs

# How much is known by what. Words that are in every text say little: those of one or two letters,
# and these of three.
_OF_A_WORD, _OF_A_SHORT_WORD, _OF_A_RUN, _OF_A_TOKEN, _OF_A_PAIR = 1.0, 0.2, 0.35, 1.0, 0.5
_LETTERS_OF_A_SHORT_WORD = 2
_COMMON = {
    *("all", "and", "any", "are", "but", "can", "das", "der", "des"),
    *("die", "did", "dos", "ein", "est", "for", "had", "has", "her"),
    *("him", "his", "how", "ist", "its", "las", "les", "los", "may"),
    *("not", "our", "out", "per", "por", "que", "she", "the", "und"),
    *("une", "was", "who", "why", "you"),
}

Tokens = list[int]  # a text as the ids of tokens


def embeddings(request: Object) -> dict[str, object]:
    """Answer a request for embeddings.

    Args:
        request: The body, on the wire and checked: `input` a text, texts, tokens or lists of
            tokens; `dimensions`, `encoding_format` and `model` as the API has them.

    Returns:
        The list of embeddings, as the body of the answer.
    """
    texts = _texts(request.get("input"))
    model = str(request.get("model"))
    dimensions = cast("int | None", request.get("dimensions")) or default_dimensions(model)
    as_text = request.get("encoding_format") == "base64"
    vectors = (embedding(text, dimensions) for text in texts)
    tokens = sum(count(text) if isinstance(text, str) else len(text) for text in texts)
    return {
        "object": "list",
        "data": [
            {
                "object": "embedding",
                "index": index,
                "embedding": base64_of(vector) if as_text else vector.tolist(),
            }
            for index, vector in enumerate(vectors)
        ],
        "model": model,
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def default_dimensions(model: str) -> int:
    """How long the vectors of a model are if the request does not say."""
    return _DIMENSIONS.get(model, USUAL_DIMENSIONS)


def embedding(text: str | Tokens, dimensions: int = USUAL_DIMENSIONS) -> array[float]:
    """The vector of a text.

    Args:
        text: The text, or the ids of its tokens. (The two are not near each other.)
        dimensions: How long the vector is.

    Returns:
        Numbers of 32 bits, of the length 1 taken together, as near as they can be.
    """
    features = _of_text(text) if isinstance(text, str) else _of_tokens(text)
    values: defaultdict[int, float] = defaultdict(float)
    for feature, weight in features.items():
        for number in _numbers(feature):
            values[(number >> 1) % dimensions] += weight if number & 1 else -weight
    length = math.sqrt(sum(value * value for value in values.values()))
    vector = array("f", bytes(4 * dimensions))
    if not length:  # nothing is known of the text, or all of it cancels out
        vector[0] = 1.0
        return vector
    for place, value in values.items():
        vector[place] = value / length
    return vector


def base64_of(vector: Sequence[float]) -> str:
    """The vector as base64 of numbers of 32 bits, the least significant byte first."""
    return b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _of_text(text: str) -> dict[str, float]:
    """The weights of the words of a text and of the runs of characters in them."""
    features: defaultdict[str, float] = defaultdict(float)
    for word in _WORD.findall(text.casefold()):
        plain = word.isascii()
        short = plain and (len(word) <= _LETTERS_OF_A_SHORT_WORD or word in _COMMON)
        features[word] += _OF_A_SHORT_WORD if short else _OF_A_WORD
        if short:
            continue
        edged, size = f"<{word}>", 3 if plain else 2  # two of other scripts say as much
        for begin in range(len(edged) - size + 1):
            features[edged[begin : begin + size]] += _OF_A_RUN
    return features


def _of_tokens(tokens: Tokens) -> dict[str, float]:
    """The weights of tokens, and of those that stand beside each other."""
    single = {f"#{token}": _OF_A_TOKEN for token in tokens}
    return single | {f"#{one}#{next_}": _OF_A_PAIR for one, next_ in pairwise(tokens)}


@lru_cache(maxsize=65536)
def _numbers(feature: str) -> tuple[int, ...]:
    encoded = feature.encode("utf-8", "surrogatepass")
    return _PLACES.unpack(blake2b(encoded, digest_size=_PLACES.size).digest())


def _texts(given: object) -> list[str | Tokens]:
    if not isinstance(given, list):
        return [cast("str", given)]
    texts = cast("list[str | Tokens | int]", given)
    if texts and isinstance(texts[0], int):
        return [cast("Tokens", texts)]
    return cast("list[str | Tokens]", texts)
