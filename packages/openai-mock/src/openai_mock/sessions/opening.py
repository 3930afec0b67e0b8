"""Opens the session that a handshake asks for.

Decides which kind of session each address is for, and which of them a client secret opens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openai_mock.refusals import Refusal
from openai_mock.sessions.live_opening import open_live
from openai_mock.sessions.realtime_opening import open_realtime, open_translation
from openai_mock.sessions.responses import ResponsesSession

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_mock.checking.body import JsonObject
    from openai_mock.faults import Fault
    from openai_mock.sessions.session import Session
    from openai_mock.world import World


@dataclass(frozen=True)
class Handshake:
    """How a WebSocket is opened.

    Attributes:
        path: Where, below the root; one of `openai_mock.serving.sockets.PATHS`.
        places: The parameters in the path.
        query: Those in the query.
        headers: All headers, in lower case.
        secret: The client secret that opens it, if it is one.
        faults: What goes wrong with what is told.
    """

    path: str
    places: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    secret: JsonObject | None = field(default=None, repr=False)
    faults: tuple[Fault, ...] = ()


def open_session(handshake: Handshake, world: World) -> Session:
    """The session that is opened.

    Args:
        handshake: How.
        world: What sessions share.

    Raises:
        Refusal: It cannot be opened.
    """
    query, secret = handshake.query, handshake.secret
    if handshake.path == "realtime":
        return open_realtime(query, secret, world, faults=handshake.faults)
    if handshake.path == "realtime/translations":
        return open_translation(query, secret, world)
    if secret is not None:
        raise Refusal(
            "A client secret opens Realtime sessions only. Send the API key.",
            code="invalid_api_key",
            status=401,
        )
    match handshake.path.rpartition("/")[2]:
        case "responses":
            return ResponsesSession(world, handshake.headers, handshake.faults)
        case "attach":
            return open_live(world, attached_to=handshake.places["session_id"])
        case "fork":
            return open_live(world, forked_from=handshake.places["session_id"])
        case _:
            return open_live(world)
