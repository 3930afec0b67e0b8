"""What a call of a stream does, without doing any of it: how it begins, and how it goes on.

Decides who is asked for another response when one fails: before the first event the call is made
again, afterwards, and of a stream that was begun elsewhere, only the rest of the stream is asked
for, by what knows how (`resuming`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from openai_types.errors import OpenAIError

from openai_http.failures.answers import introduce
from openai_http.flows import prepare
from openai_http.streams.resuming import NOT_RESUMABLE, resumption

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_types.errors import APIError

    from openai_http.operations import Operation
    from openai_http.requests import CallOptions
    from openai_http.settings import Settings
    from openai_http.steps import Flow
    from openai_http.streams.resumption_tokens import Place
    from openai_http.transport import AsyncExchange, Exchange

T = TypeVar("T")
E = TypeVar("E")


class StreamedCall(Generic[E]):
    """One call whose answer is a stream.

    Args:
        settings: of the client.
        operation: what is called.
        params: what it was given.
        options: what else the call was given.
        resumed: the place in the stream of a response at which it begins; the rest is asked for in
            whichever way the server has it.

    Attributes:
        reader: of the stream.
        observation: tells hooks of it, if there are any.

    Raises:
        TypeError: a parameter is unknown, or a required one is missing.
        OpenAIError: the request cannot be made of the parameters, or an option cannot work.
    """

    def __init__(
        self,
        settings: Settings,
        operation: Operation[T, E],
        params: Mapping[str, object],
        options: CallOptions,
        *,
        resumed: Place | None = None,
    ) -> None:
        is_over = resumed is not None and resumed.ended
        self.reader = operation.reader(strict=settings.strict, is_over=is_over)
        self._sending = prepare(settings, operation, params, options, whole=False, events=True)
        self._sending.count_events(self.reader)
        self._resumption = resumption(
            settings, operation, params, options, sending=self._sending, reader=self.reader
        )
        self._resumed = resumed
        self.observation = self._sending.observation

    def first(self) -> Flow[Exchange | AsyncExchange]:
        """Send the request; gives the exchange whose body is the stream.

        Raises:
            APIStatusError: the last answer had an error's status.
            APIConnectionError: the last attempt had no answer.
        """
        if self._resumed is not None and self._resumption is not None:
            flow = self._resumption.first(self._resumed)
            flow = self._sending.observed(flow, to_the_end=False)
        else:
            flow = self._sending.send()
        return (yield from self._explained(flow))

    def another(self, failure: APIError) -> Flow[Exchange | AsyncExchange]:
        """Ask for another response because the stream failed; gives what goes on with it.

        Raises:
            APIError: the failure, if nothing can go on; or what asking for it raises.
        """
        if not self.reader.count and self._resumed is None:
            return (yield from self._explained(self._sending.send_again(failure)))
        if self._resumption is None:
            raise failure
        return (yield from self._explained(self._resumption.go_on(failure)))

    def token(self, following: object) -> str:
        """With what another process can go on.

        Args:
            following: the next event, if one has arrived that nobody took yet.

        Raises:
            OpenAIError: the stream cannot be resumed.
        """
        if self._resumption is None:
            raise OpenAIError(NOT_RESUMABLE.format(why="it is no response's."))
        return self._resumption.token(following)

    def _explained(self, flow: Flow[Exchange | AsyncExchange]) -> Flow[Exchange | AsyncExchange]:
        exchange = yield from flow
        introduce(self.reader, exchange.response)
        return exchange
