"""What is logged of calls: each answer, each failed attempt and the wait after it.

Decides the words and the fields of the records, none of which has a secret, a parameter or a body.
`OPENAI_LOG=info` or `debug` shows them on stderr in programs that configure no logging; others
configure the logger `openai_http` as any other.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openai_types.attempts import Attempt

    from openai_http.messages import Request, Response

VARIABLE = "OPENAI_LOG"
FIELD = "openai"  # the attribute of a record that has its fields, a dict

logger = logging.getLogger("openai_http")
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO}


def configure(level: str | None) -> None:
    """Show what is logged from a level on, if nobody else has decided what becomes of it.

    Args:
        level: "debug" or "info"; anything else changes nothing.
    """
    wanted = _LEVELS.get((level or "").strip().lower())
    if wanted is None:
        return
    logger.setLevel(wanted)
    if not logger.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("[%(asctime)s %(name)s %(levelname)s] %(message)s"))
        logger.addHandler(handler)


def log_sending(request: Request, number: int) -> None:
    """Log that an attempt begins; `number` counts from 1."""
    if logger.isEnabledFor(logging.DEBUG):
        fields = {"endpoint": request.endpoint, "attempt": number}
        logger.debug("%s: attempt %d", request.endpoint, number, extra={FIELD: fields})


def log_answer(request: Request, response: Response, number: int) -> None:
    """Log that the head of an answer has come."""
    if logger.isEnabledFor(logging.INFO):
        seconds = response.elapsed.total_seconds()
        fields = {
            "endpoint": request.endpoint,
            "attempt": number,
            "status": response.status_code,
            "request_id": response.request_id,
            "seconds": seconds,
        }
        words = "%s: %d after %.3f s (request %s)"
        told = request.endpoint, response.status_code, seconds, response.request_id
        logger.info(words, *told, extra={FIELD: fields})


def log_failure(request: Request, attempt: Attempt, wait: float | None) -> None:
    """Log that an attempt failed, and how long the next one waits; None if there is none."""
    if logger.isEnabledFor(logging.INFO):
        fields = {
            "endpoint": request.endpoint,
            "attempt": attempt.number,
            "status": attempt.status,
            "error": attempt.error,
            "code": attempt.code,
            "outcome": attempt.outcome,
            "seconds": attempt.seconds,
            "wait": wait,
        }
        then = "gave up" if wait is None else f"trying again in {wait:.2f} s"
        told = request.endpoint, attempt.number, attempt.error, attempt.seconds, then
        words = "%s: attempt %d failed with %s after %.3f s; %s"
        logger.info(words, *told, extra={FIELD: fields})


configure(os.environ.get(VARIABLE))
