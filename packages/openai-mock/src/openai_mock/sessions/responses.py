"""A session of the Responses API: requests in lanes, answered as over HTTP, told as events.

Decides which lane a request is for, how lanes take turns, and how long a connection lasts. What
happens in a lane is in `responses_lane`; what is answered is decided where all responses are made.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, cast

from openai_mock.faults.wire import Wait
from openai_mock.refusals import Refusal
from openai_mock.sessions.responses_lane import Lane, error_event
from openai_mock.sessions.session import Closing, Session
from openai_mock.state.history import RESPONSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openai_mock.answers.items import Item
    from openai_mock.checking.body import JsonObject
    from openai_mock.faults import Fault
    from openai_mock.sessions.progress import Told
    from openai_mock.world import World

MOST_STREAMS = 32  # that have an id, in all the time of a connection
MOST_AT_ONCE = 16  # lanes with a response in progress; others wait
LONGEST_SECONDS = 3600
_STREAM_ID = re.compile(r"[A-Za-z0-9_.-]{1,256}")


class ResponsesSession(Session):
    """One session.

    Args:
        world: What handlers share.
        headers: The headers of the handshake, in lower case.
        faults: What goes wrong with all of its responses.
    """

    client_events = "responses.ResponsesClientEventParam"

    def __init__(
        self,
        world: World,
        headers: Mapping[str, str] | None = None,
        faults: tuple[Fault, ...] = (),
    ) -> None:
        super().__init__()
        self._world = world
        self._headers = headers or {}
        self._faults = faults
        self._ends_at = world.clock.now() + LONGEST_SECONDS
        self._lanes: dict[str | None, Lane] = {}
        self._busy: deque[Lane] = deque()

    def proceed(self) -> Told | None:
        """The next event of a lane that has one; the lanes take turns."""
        wait: Wait | None = None
        for _ in range(min(len(self._busy), MOST_AT_ONCE)):
            lane = self._busy.popleft()
            told = lane.proceed(self._unstored())
            if told is None:
                continue
            self._busy.insert(MOST_AT_ONCE - 1, lane)
            if isinstance(told, Closing):
                self.closing = told
                return None
            if not isinstance(told, Wait):
                return told
            wait = wait or told
        return self.proceed() if wait is None and self._busy else wait

    def resume(self, wait: Wait) -> None:
        """A pause is over."""
        for lane in self._busy:
            lane.resume(wait)

    def _precheck(self, event: JsonObject) -> None:
        if self._world.clock.now() >= self._ends_at:
            self.closing = Closing()
            raise Refusal(
                "Responses websocket connection limit reached (60 minutes). Create a new websocket "
                "connection to continue.",
                code="websocket_connection_limit_reached",
            )
        if event.get("stream_id") is not None and _stream_of(event) is None:
            raise Refusal(
                "The 'stream_id' field must be a non-empty string with at most 256 characters, of "
                "letters, digits, '_', '-' and '.'. Use such a name.",
                code="invalid_stream_id",
                param="stream_id",
            )

    def _answers(self, event: JsonObject) -> Iterator[JsonObject]:
        if event["type"] == "response.steer":
            yield self._steered(event)
            return
        lane = self._lane(_stream_of(event))
        lane.add(event)
        if lane not in self._busy:
            self._busy.append(lane)

    def _error(self, refusal: Refusal, event: JsonObject) -> JsonObject:
        return error_event(refusal, _stream_of(event))

    def _lane(self, name: str | None) -> Lane:
        if name not in self._lanes:
            if name is not None and len(self._lanes.keys() - {None}) >= MOST_STREAMS:
                raise Refusal(
                    "This WebSocket connection has reached its maximum number of distinct stream "
                    f"IDs ({MOST_STREAMS}). Reuse one of them, or open a new connection.",
                    code="websocket_stream_limit_reached",
                    param="stream_id",
                )
            self._lanes[name] = Lane(name, self._world, self._headers, self._faults)
        return self._lanes[name]

    def _unstored(self) -> dict[str, list[Item]]:
        """What was said up to the latest response of each lane: any lane may go on from it."""
        return dict(each.latest for each in self._lanes.values() if each.latest)

    def _steered(self, event: JsonObject) -> JsonObject:
        """What is told of input for a response that is in progress."""
        target = cast("str", event["previous_response_id"])
        for lane in self._lanes.values():
            if lane.active == target:
                return lane.steer(event)
        known = target in self._unstored() or self._world.store.has(RESPONSES, target)
        code = "response_already_completed" if known else "response_not_found"
        message = (
            f"Response '{target}' is not in progress on this connection. Steer a response before "
            "it is completed, or send the input with the next response.create."
        )
        error = {"type": "invalid_request_error", "code": code, "message": message}
        steer = {"input": event["input"], "previous_response_id": target}
        return {
            "type": "response.steer.failed", "sequence_number": 0, "error": error, "steer": steer,
        }  # fmt: skip


def _stream_of(event: JsonObject) -> str | None:
    """The stream that an event names, if it can be one."""
    name = event.get("stream_id")
    return name if isinstance(name, str) and _STREAM_ID.fullmatch(name) else None
