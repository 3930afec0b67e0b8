"""One exchange while it goes on, as it passes.

Taking down is on the way of every request, so it only keeps references; what costs time is left to
`reading`. Decides how much of an exchange is kept. Knows no ASGI and no lock: `journal` guards it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.journal.reading import Reading

if TYPE_CHECKING:
    from openai_mock.journal.exchange import Close, Direction, Ended
    from openai_mock.journal.redaction import RawHeaders

RECORD = 2048  # bytes of memory that a record takes, about: its headers and what it consists of
PIECE = 128  # the same of a piece of a body or of a frame, besides its content


class Kept:
    """A body as it passes: its first bytes, and the count of the others.

    Attributes:
        pieces: The bytes, with the second at which they passed.
        size: Bytes that are kept.
        memory: Bytes of memory that they take.
        dropped: Bytes that are not kept.
    """

    __slots__ = ("dropped", "memory", "pieces", "size")

    def __init__(self) -> None:
        self.pieces: list[tuple[float, bytes]] = []
        self.size = self.memory = self.dropped = 0

    def add(self, at: float, data: bytes, limit: int) -> int:
        """Take more of the body; gives the bytes of memory that it grew by."""
        room = limit - self.size
        if len(data) > room:
            room = max(room, 0)
            self.dropped += len(data) - room
            data = data[:room]
        if not data:
            return 0
        self.pieces.append((at, data))
        self.size += len(data)
        grown = len(data) + PIECE
        self.memory += grown
        return grown

    @property
    def body(self) -> bytes:
        """What is kept."""
        return b"".join([data for _, data in self.pieces])


class Frames:
    """The messages of a WebSocket as they pass: the last of them.

    Attributes:
        kept: Each with its number, counted from 0, and the second at which it passed.
        count: How many passed.
        memory: Bytes of memory that they take.
    """

    __slots__ = ("count", "kept", "memory")

    def __init__(self) -> None:
        self.kept: list[tuple[int, float, Direction, str | bytes]] = []
        self.count = 0
        self.memory = 0

    def add(self, at: float, way: Direction, data: str | bytes, limit: int) -> int:
        """Take a frame; gives the bytes of memory that they grew by.

        Beyond the limit the oldest are forgotten, a quarter of all at once: one by one would cost
        more the more there are. The newest one always stays.
        """
        if not limit:
            return 0
        before = self.memory
        self.kept.append((self.count, at, way, data))
        self.count += 1
        self.memory += len(data) + PIECE
        if self.memory > limit:
            self._forget(limit * 3 // 4)
        return self.memory - before

    def _forget(self, most: int) -> None:
        gone = 0
        while self.memory > most and gone < len(self.kept) - 1:
            self.memory -= len(self.kept[gone][-1]) + PIECE
            gone += 1
        del self.kept[:gone]


NO_FRAMES = Frames()  # of everything that is no WebSocket


class Recording:
    """What is known of an exchange. Only the journal changes it.

    Secrets are still in it: whoever shows something takes it from `reading`.

    Args:
        method: In capitals; `WEBSOCKET` for a WebSocket.
        path: Without the query.
        query_string: As it came.
        headers: As they came.
        started: Seconds since the epoch.
        begun: The same moment on the clock that durations are taken from.
        limit: Bytes that are kept of each body, and of the frames; 0 once it is forgotten.
    """

    # Of the class until they are set: making a recording is on the way of every request.
    number = 0  # until it is listed
    revision = 0
    read = False
    status: int | None = None
    close: Close | None = None
    left = False
    duration: float | None = None
    ended: Ended | None = None
    fault: str | None = None  # that broke it off
    frames = NO_FRAMES
    _reading: Reading | None = None

    def __init__(
        self,
        method: str,
        path: str,
        query_string: bytes,
        headers: RawHeaders,
        *,
        started: float,
        begun: float,
        limit: int,
    ) -> None:
        self.method, self.path, self.query_string = method, path, query_string
        self.headers = headers
        self.started, self.begun, self.limit = started, begun, limit
        self.request = Kept()
        self.response_headers: RawHeaders = []
        self.response = Kept()

    @property
    def memory(self) -> int:
        """Bytes of memory that it takes, about."""
        return RECORD + self.request.memory + self.response.memory + self.frames.memory

    @property
    def reading(self) -> Reading:
        """What can be shown of it."""
        if self._reading is None:
            self._reading = Reading(self)
        return self._reading
