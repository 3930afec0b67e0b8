"""How a stream ended."""

from __future__ import annotations

from typing import Literal, TypeAlias

from openai_types.errors import APIError

Outcome: TypeAlias = Literal["complete", "truncated", "stalled", "errored", "cancelled"]
"""How a stream ended: "complete" with all that its API ends with; "truncated" without it, because
the server or the network broke off; "stalled" because nothing came for too long; "errored" because
the server reported an error, be it in an event, or sent what is none of its API's events;
"cancelled" because whoever read it left before its end."""


def outcome_of(error: BaseException) -> Outcome:
    """How a stream ended that raised this."""
    if isinstance(error, APIError):
        return error.ends_stream
    return "errored" if isinstance(error, Exception) else "cancelled"
