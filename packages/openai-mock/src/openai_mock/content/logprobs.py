"""How sure the model was of each token, for those who ask.

Decides the probabilities from the token and the one before it: the token that was said is always
the likeliest, between `LEAST` and 1, and each next one gets half of what is left. So they sum up to
less than 1, as those of the likeliest of many do.
"""

from __future__ import annotations

import math
from hashlib import sha256
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEAST = 0.55
MOST_OTHERS = 20

_OTHERS = (
    *(" the", " a", " of", " to", " and", " in", " is", " that", " for", " it", " with", " as"),
    *(" on", " was", " be", " at", " by", " this", ",", ".", "\n", " not", " or", " an"),
)


def token_logprobs(tokens: Sequence[str], *, top: int = 0) -> list[dict[str, object]]:
    """The log probabilities of tokens, as chat completions and responses have them.

    Args:
        tokens: The tokens, in their order.
        top: For how many of the likeliest tokens they are given in each place, the one that was
            said included: `top_logprobs`, up to 20.

    Returns:
        For each token its `token`, `logprob`, `bytes` (UTF-8) and `top_logprobs`.
    """
    return [
        {**_entry(token, likeliest[token]), "top_logprobs": _entries(likeliest, top)}
        for token, likeliest in zip(tokens, _likeliest(tokens), strict=True)
    ]


def completion_logprobs(tokens: Sequence[str], *, top: int = 0) -> dict[str, object]:
    """The log probabilities of tokens, as the completions of old have them.

    Args:
        tokens: The tokens, in their order.
        top: For how many of the likeliest tokens they are given in each place: `logprobs`.

    Returns:
        `tokens`, `token_logprobs`, `top_logprobs` and `text_offset` (in characters).
    """
    places = list(_likeliest(tokens))
    ends = list(accumulate(map(len, tokens), initial=0))
    return {
        "tokens": list(tokens),
        "token_logprobs": [
            likeliest[token] for token, likeliest in zip(tokens, places, strict=True)
        ],
        "top_logprobs": [dict(list(likeliest.items())[:top]) for likeliest in places],
        "text_offset": ends[:-1],
    }


def _likeliest(tokens: Sequence[str]) -> Iterator[dict[str, float]]:
    """For each place the log probabilities of the likeliest tokens, the likeliest first."""
    before = ""
    for token in tokens:
        digest = sha256(f"{before}\0{token}".encode("utf-8", "surrogatepass")).digest()
        before = token
        likely = LEAST + (1 - LEAST) * (digest[0] + 1) / 257
        begin = digest[1] % len(_OTHERS)
        others = [each for each in (*_OTHERS[begin:], *_OTHERS[:begin]) if each != token]
        rest = math.log1p(-likely)
        yield {token: math.log(likely)} | {
            other: rest - (place + 1) * math.log(2)
            for place, other in enumerate(others[: MOST_OTHERS - 1])
        }


def _entries(likeliest: dict[str, float], top: int) -> list[dict[str, object]]:
    return [_entry(token, logprob) for token, logprob in list(likeliest.items())[:top]]


def _entry(token: str, logprob: float) -> dict[str, object]:
    return {
        "token": token,
        "logprob": logprob,
        "bytes": list(token.encode("utf-8", "surrogatepass")),
    }
