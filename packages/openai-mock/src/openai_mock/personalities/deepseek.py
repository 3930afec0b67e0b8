"""DeepSeek."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock import faults
from openai_mock.faults.fault import Fault
from openai_mock.faults.wire import Break, Wait
from openai_mock.personalities.personality import Personality, Quirk
from openai_mock.personalities.quirks import (
    comments,
    no_developer,
    on_mark,
    refused,
    thoughts,
    thoughts_must_come_back,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.faults.wire import Piece
    from openai_mock.personalities.asked import Asked

PATIENCE = 600  # seconds in the queue
STEP = 10  # seconds between two signs of life


def _blank_lines(asked: Asked) -> tuple[Fault, ...]:
    return () if asked.streams or not asked.is_chat else (faults.blank_lines(),)


def _queued(asked: Asked) -> tuple[Fault, ...]:
    if not asked.wants("queued"):
        return ()
    sign = b": keep-alive\n\n" if asked.streams else b"\n"

    def waiting() -> Iterator[Piece]:
        for _ in range(PATIENCE // STEP):
            yield sign
            yield Wait(STEP)
        yield Break(reset=False, fault="queued()")

    return (Fault("queued()", on_wire=lambda wire: wire.sized_anew(waiting())),)


def _lingers(asked: Asked) -> tuple[Fault, ...]:
    return (faults.linger(),) if asked.streams and asked.wants("lingering") else ()


PERSONALITIES = (
    Personality(
        name="deepseek",
        line="DeepSeek: signs of life while queued, thoughts that must come back",
        roots=("", "/v1"),
        quirks=(
            Quirk(
                says="While a request is queued, blank lines come before the JSON.",
                faults=_blank_lines,
            ),
            comments("While a request is queued, streams have comments.", "keep-alive"),
            Quirk(
                says="A request that is not begun in 10 minutes is closed: [queued].",
                faults=_queued,
            ),
            Quirk(
                says="Comments can go on for ever after the last data: [lingering].",
                faults=_lingers,
            ),
            thoughts_must_come_back(
                "reasoning_content must come back with tool calls, else 400.", "reasoning_content"
            ),
            thoughts("Thoughts are in reasoning_content.", "reasoning_content"),
            on_mark(
                "no_balance",
                "No balance is a 402: [no_balance].",
                status=402,
                message="Insufficient Balance",
                code="invalid_request_error",
                kind="unknown_error",
            ),
            refused("There is no store.", "store"),
            no_developer("There is no role developer."),
        ),
    ),
)
