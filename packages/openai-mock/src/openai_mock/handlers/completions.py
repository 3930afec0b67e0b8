"""Completions of a text, as before chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.answers.completions import CompletionAnswer
from openai_mock.checking.limits import check_range
from openai_mock.refusals import Refusal
from openai_mock.replies import DONE, EventsReply, JsonReply
from openai_mock.routing.registry import handles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.calls import Call
    from openai_mock.replies import Frame, Reply
    from openai_mock.world import World

_RANGES = {"best_of": (1, 20), "logprobs": (0, 5), "max_tokens": (0, 2**31 - 1), "n": (1, 128)}


@handles("completions.create")
def create(call: Call, world: World) -> Reply:
    """Complete the prompts."""
    _check(call)
    answer = CompletionAnswer(call.body, ids=world.ids, created=world.clock.seconds())
    return EventsReply(_frames(answer)) if call.body.get("stream") else JsonReply(answer.body())


def _check(call: Call) -> None:
    for name, (least, greatest) in _RANGES.items():
        value = call.body.get(name)
        if value is not None:
            check_range(name, value, least, greatest)
    best, number = call.body.get("best_of"), call.body.get("n") or 1
    if best is None:
        return
    if best < number:
        message = f"'best_of' ({best}) is less than 'n' ({number}). Make it at least as great."
        raise Refusal(message, code="invalid_value", param="best_of")
    if best > 1 and call.body.get("stream"):
        message = "With 'best_of' the results cannot be streamed. Leave one of the two out."
        raise Refusal(message, code="invalid_value", param="best_of")


def _frames(answer: CompletionAnswer) -> Iterator[Frame]:
    for chunk in answer.chunks():
        yield None, chunk
    yield DONE
