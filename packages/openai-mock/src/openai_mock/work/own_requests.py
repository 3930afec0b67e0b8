"""Requests that the server has of itself: the lines of a batch, the samples of an evaluation.

They are answered as those of a client are, with the key of this server. Decides nothing about them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from pydantic_core import to_json

from openai_mock.api import answer
from openai_mock.checking.incoming import JSON, Sent, read_call
from openai_mock.refusals import Refusal
from openai_mock.replies import JsonReply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_mock.state.store import Document
    from openai_mock.world import World


class Answered(NamedTuple):
    """What a request got.

    Attributes:
        status: The HTTP status.
        body: The JSON.
    """

    status: int
    body: Document


def post(world: World, path: str, body: Mapping[str, object]) -> Answered:
    """Post JSON to an operation of this server; a refusal is an answer, too."""
    key = f"Bearer {world.settings.api_key}"
    headers = {"content-type": JSON, "authorization": key}
    sent = Sent("POST", path, headers=headers, body=to_json(body))
    try:
        reply = answer(read_call(sent, world.settings), world)
    except Refusal as refusal:
        return Answered(refusal.status, {"error": refusal.error})
    if not isinstance(reply, JsonReply):
        message = "Only an answer in JSON can be kept. Do not ask for a stream or for bytes here."
        error = Refusal(message, code="invalid_value", param="stream").error
        return Answered(400, {"error": error})
    return Answered(reply.status, cast("Document", reply.body))
