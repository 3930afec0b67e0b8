"""What a recording says, without its secrets, for whoever looks at it.

May cost time, because it is done only when somebody looks; what is read once is not read again.
Decides nothing about what is kept. A recording may go on while it is read.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from openai_stream.decoders.sse import SSEDecoder

from openai_mock.journal import redaction
from openai_mock.journal.exchange import Event, Exchange, Frame, Request, Response
from openai_mock.journal.naming import about, operation_of
from openai_mock.journal.problems import LOWEST_ERROR, find_problem, problem_of_frames

if TYPE_CHECKING:
    from starlette.datastructures import Headers

    from openai_mock.journal.naming import About
    from openai_mock.journal.problems import Problem
    from openai_mock.journal.recording import Recording

EVENT_STREAM = "text/event-stream"


class Reading:
    """Reads a recording. Thread-safe."""

    __slots__ = (
        *("_recording", "_secrets", "_lock", "_about", "_decoder", "_pieces", "_events"),
        *("_frames", "_frame_problem", "_problem"),
    )

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._secrets = redaction.secrets_of(recording.headers, recording.query_string)
        self._lock = threading.Lock()  # of what is remembered
        self._about: About | None = None
        self._decoder = SSEDecoder()
        self._pieces = 0  # that were decoded
        self._events: list[Event] = []
        self._frames = 0  # that were searched for errors
        self._frame_problem: Problem | None = None
        self._problem: tuple[Problem | None] | None = None

    def exchange(self) -> Exchange:
        """All that is known so far."""
        recording = self._recording
        dropped, frames = self.frames()
        return Exchange(
            number=recording.number,
            operation=self.about().operation,
            model=self.about().model,
            request=self.request(),
            response=self.response(),
            frames=frames,
            frames_dropped=dropped,
            close=recording.close,
            started=datetime.fromtimestamp(recording.started, UTC),
            duration=recording.duration,
            ended=recording.ended,
            problem=self.problem(),
        )

    def request(self) -> Request:
        """What came in."""
        recording = self._recording
        return Request(
            headers=redaction.shown_headers(recording.headers),
            body=redaction.shown_body(recording.request.body, self._secrets),
            dropped=recording.request.dropped,
            method=recording.method,
            path=recording.path,
            query=redaction.shown_query(recording.query_string),
            read=recording.read,
        )

    def response(self) -> Response | None:
        """What went out over HTTP, if anything has."""
        recording = self._recording
        if recording.status is None:
            return None
        return Response(
            headers=self.response_headers(),
            body=self._response_body(),
            dropped=recording.response.dropped,
            status=recording.status,
            events=self.events(),
        )

    def response_headers(self) -> Headers:
        """The headers of what went out."""
        return redaction.shown_headers(self._recording.response_headers)

    def events(self) -> tuple[Event, ...]:
        """The events of a streamed answer so far; none of another one."""
        headers = self.response_headers()
        if not headers.get("content-type", "").startswith(EVENT_STREAM):
            return ()
        with self._lock:
            for at, data in self._recording.response.pieces[self._pieces :]:
                self._pieces += 1
                for event in self._decoder.feed(data):
                    shown = redaction.shown_body(event.raw_data, self._secrets)
                    self._events.append(Event(at, event.event, shown.decode(errors="replace")))
            return tuple(self._events)

    def frames(self, start: int = 0) -> tuple[int, tuple[Frame, ...]]:
        """The number of the oldest frame that is kept, and the frames from a number on."""
        kept = self._recording.frames.kept.copy()
        shown = (
            Frame(at, way, self._shown(data)) for number, at, way, data in kept if number >= start
        )
        return kept[0][0] if kept else 0, tuple(shown)

    def about(self) -> About:
        """What the request is about."""
        if self._about is not None:
            return self._about
        is_all, request = self._recording.read or self._recording.ended, self.request()
        accept = request.headers.get("accept", "")
        operation = operation_of(request.method, request.path, request.query, accept)
        found = about(operation, request.query, request.content_type, request.body)
        if is_all:
            self._about = found
        return found

    def problem(self) -> Problem | None:
        """What is wrong so far."""
        if self._problem is not None:
            return self._problem[0]
        recording = self._recording
        ended, status = recording.ended, recording.status
        refused = status is not None and status >= LOWEST_ERROR
        found = find_problem(
            status,
            self._response_body() if refused else b"",
            self.events()[-2:],
            operation=self.about().operation,
            framed=self._problem_of_frames(),
            close=recording.close,
            ended=ended,
            fault=recording.fault,
        )
        if ended is not None:
            self._problem = (found,)
        return found

    def _problem_of_frames(self) -> Problem | None:
        with self._lock:
            _, frames = self.frames(self._frames)
            self._frames += len(frames)
            self._frame_problem = problem_of_frames(frames) or self._frame_problem
            return self._frame_problem

    def _response_body(self) -> bytes:
        return redaction.shown_body(self._recording.response.body, self._secrets)

    def _shown(self, data: str | bytes) -> str | bytes:
        if isinstance(data, bytes):
            return redaction.shown_body(data, self._secrets)
        shown = redaction.shown_body(data.encode(errors="replace"), self._secrets)
        return shown.decode(errors="replace")
