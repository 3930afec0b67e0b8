"""What a server was asked, as a list to assert on: `mock.requests`.

A view: it shows what the journal keeps at the moment. Decides how requests are selected and what a
failed assertion says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast, overload

from openai_mock.errors import RequestsTimeoutError
from openai_mock.journal.naming import Target

if TYPE_CHECKING:
    from openai_mock.journal.exchange import Exchange
    from openai_mock.journal.journal import Journal
    from openai_mock.journal.recording import Recording

LISTED = 10  # exchanges that a repr shows


class Requests(Sequence["Exchange"]):
    """The requests that came, the oldest first, each with its answer. Thread-safe.

    A request is listed when its body has come, or when something is answered. What it answers is
    listed before the client can see it, so nothing need be waited for after a call. Exchanges are
    made when they are taken out, and do not change afterwards.
    """

    def __init__(self, journal: Journal, target: Target | None = None) -> None:
        self._journal = journal
        self._target = target

    def to(self, target: str) -> Requests:
        """Those of an operation or a path.

        Args:
            target: An operation such as `responses.create`, a path such as `/v1/responses`, or
                both method and path: `POST /v1/responses`. A step of a path in braces stands for
                any: `/v1/responses/{response_id}`.

        Raises:
            MockServerError: There is no operation of this name.
        """
        return Requests(self._journal, Target(target))

    def clear(self) -> None:
        """Forget them."""
        self._journal.clear(None if self._target is None else self._found())

    def wait_for(
        self, count: int = 1, timeout: float = 5.0, *, ended: bool = False
    ) -> list[Exchange]:
        """Wait until so many of them have come; gives all of them.

        This blocks: in asynchronous code, call it with `asyncio.to_thread`.

        Args:
            count: How many.
            timeout: Seconds.
            ended: Whether only those count that are over.

        Raises:
            RequestsTimeoutError: They did not come in time; the message says what came.
        """

        def there(kept: Sequence[Recording]) -> bool:
            return len(self._found(kept, ended=ended)) >= count

        if not self._journal.wait(there, timeout):
            over = " that are over" if ended else ""
            raise RequestsTimeoutError(
                f"Waited {timeout:g} seconds for {count} requests{self._where()}{over}; what came: "
                f"{self._journal.requests!r}. Check that the client uses the base URL of this "
                "server, and why it sent no more."
            )
        return [each.reading.exchange() for each in self._found(ended=ended)]

    @property
    def dropped(self) -> int:
        """How many requests, to whatever path, were forgotten to stay within the bounds."""
        return self._journal.dropped

    def _found(
        self, kept: Sequence[Recording] | None = None, *, ended: bool = False
    ) -> list[Recording]:
        kept = self._journal.recordings() if kept is None else kept
        target = self._target
        return [
            each
            for each in kept
            if (target is None or target.accepts(each.method, each.path, each.query_string))
            and (each.ended is not None or not ended)
        ]

    def _where(self) -> str:
        return "" if self._target is None else f" to {self._target}"

    def __len__(self) -> int:
        return len(self._found())

    @overload
    def __getitem__(self, index: int) -> Exchange: ...
    @overload
    def __getitem__(self, index: slice) -> list[Exchange]: ...
    def __getitem__(self, index: int | slice) -> Exchange | list[Exchange]:
        found = self._found()
        if isinstance(index, slice):
            return [each.reading.exchange() for each in found[index]]
        try:
            recording = found[index]
        except IndexError:
            others = "" if self._target is None else f" All of them: {self._journal.requests!r}."
            raise IndexError(
                f"There is no request [{index}]{self._where()}: {len(found)} came.{others}"
            ) from None
        return recording.reading.exchange()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, list | tuple | Requests):
            return NotImplemented
        return list(self) == list(cast("Sequence[object]", other))

    __hash__ = None  # pyright: ignore[reportAssignmentType] - what it holds changes

    def __repr__(self) -> str:
        """The last of them, as assertions that fail show it."""
        found = self._found()
        shown = [repr(each.reading.exchange()) for each in found[-LISTED:]]
        if len(found) > LISTED:
            shown.insert(0, f"{len(found) - LISTED} before")
        if self.dropped:
            shown.insert(0, f"{self.dropped} dropped")
        return f"Requests[{', '.join(shown)}]"
