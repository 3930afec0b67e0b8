"""A call that hooks are told of: which events there are when, and who is told.

What is to be told are steps: flows yield them, and `observed` takes those that only a stream
knows of. Who tells the hooks, and what becomes of their own errors, is in `telling`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from openai_types.errors import APIError, OpenAIError

from openai_http.hooks.events import (
    AttemptAnswered,
    AttemptBegan,
    AttemptFailed,
    Call,
    CallBegan,
    CallEnded,
    FirstEvent,
)
from openai_http.hooks.usage import usage_of, usage_of_events
from openai_http.logs import logger
from openai_http.sentinels import is_given
from openai_http.settings import merge_headers
from openai_http.steps import Tell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openai_stream import EventReader
    from openai_stream.outcomes import Outcome
    from openai_types.attempts import Attempt

    from openai_http.hooks.events import CallEvent
    from openai_http.hooks.hook import Audience
    from openai_http.hooks.usage import Usage
    from openai_http.messages import Request, Response
    from openai_http.steps import Flow
    from openai_http.timing.deadlines import Clock

T = TypeVar("T")
E = TypeVar("E")


class Observation:
    """Makes the events of one call.

    Args:
        audience: who is told.
        operation: the name of what is called.
        request: of the call.
        params: what it was given.
        streamed: whether its result is a stream of events.
        clock: `time.perf_counter`, or one of a test.
    """

    def __init__(
        self,
        audience: Audience,
        operation: str,
        request: Request,
        params: Mapping[str, object],
        *,
        streamed: bool,
        clock: Clock = perf_counter,
    ) -> None:
        method, _, url = request.endpoint.partition(" ")
        self._call = Call(
            operation=operation,
            method=method,
            url=url,
            streamed=streamed,
            params={name: value for name, value in params.items() if is_given(value)},
        )
        self._audience = audience
        self._clock = clock
        self._began = clock()
        self._response: Response | None = None
        self._failed: list[Attempt] = []
        self._had_event = self._ended = False

    def around(self, flow: Flow[T], *, to_the_end: bool) -> Flow[T]:
        """The same flow, and the end of the call is told if it fails.

        Args:
            flow: what the call does.
            to_the_end: whether what it gives is the result, so that the call ends with it.
        """
        try:
            result = yield from flow
        except GeneratorExit:
            raise  # nothing can be told any more: whoever ran this is gone
        except BaseException as error:
            yield from self._end(error=error)
            raise
        if to_the_end:
            yield from self._end(result=result)
        return result

    def begin(self, request: Request) -> Flow[Request]:
        """Tell that the call begins; gives the request with the headers that hooks added."""
        yield from self._audience.take_missed()
        event = CallBegan(call=self._call)
        yield self._tell(event)
        headers = request.headers
        for name, value in event.headers.items():
            try:
                headers = merge_headers(headers, {name: value})
            except (OpenAIError, TypeError, AttributeError):
                logger.exception("A hook added the header %r, which cannot be sent.", name)
        return request if headers is request.headers else replace(request, headers=headers)

    def attempt_began(self, number: int) -> Tell:
        """An attempt begins."""
        self._response = None
        return self._tell(AttemptBegan(call=self._call, number=number))

    def attempt_answered(self, number: int, response: Response) -> Tell:
        """The head of an answer has come."""
        self._response = response
        return self._tell(AttemptAnswered(call=self._call, number=number, response=response))

    def attempt_failed(self, attempt: Attempt, error: APIError, wait: float | None) -> Tell:
        """An attempt failed; `wait` is how long the next one waits, None if there is none."""
        self._failed.append(attempt)
        self._response = None
        event = AttemptFailed(call=self._call, attempt=attempt, error=error, wait=wait)
        return self._tell(event)

    def result_made(self, make: Callable[[], object]) -> tuple[Tell, ...]:
        """The call ended, and its user makes the result of the response later."""
        try:
            return self._end(result=make())
        except APIError as error:
            return self._end(error=error)

    def event_came(self, event: object) -> tuple[Tell, ...]:
        """An event of the stream came; only of the first one anything is told."""
        if self._had_event:
            return ()
        self._had_event = True
        seconds = self._clock() - self._began
        return (self._tell(FirstEvent(call=self._call, seconds=seconds, event=event)),)

    def stream_ended(
        self, reader: EventReader[E], outcome: Outcome, error: BaseException | None = None
    ) -> tuple[Tell, ...]:
        """The stream ended, by an error or otherwise."""
        return self._stream_ended(reader, outcome, error, self._clock())

    def body_ended(self, outcome: Outcome, error: BaseException | None = None) -> tuple[Tell, ...]:
        """The end of a body that was left to be read."""
        return self._end(outcome=outcome, error=error)

    def stream_was_left(self, reader: EventReader[E]) -> None:
        """The stream was dropped, wherever that was noticed; its end is told by the next call."""
        if not self._ended:
            outcome = reader.outcome if reader.is_whole else "cancelled"
            arguments = reader, outcome, None, self._clock()
            self._audience.missed.append(partial(self._stream_ended, *arguments))

    def body_was_left(self) -> None:
        """The same for a body that was left to be read."""
        if not self._ended:
            self._audience.missed.append(partial(self._end, outcome="cancelled", at=self._clock()))

    def _stream_ended(
        self,
        reader: EventReader[E],
        outcome: Outcome,
        error: BaseException | None,
        at: float,
    ) -> tuple[Tell, ...]:
        if self._ended:
            return ()
        result = reader.partial()
        usage = usage_of(result) or usage_of_events(reader.events)  # which are made anew
        return self._end(outcome=outcome, error=error, result=result, usage=usage, at=at)

    def _end(
        self,
        *,
        outcome: Outcome = "complete",
        error: BaseException | None = None,
        result: object = None,
        usage: Usage | None = None,
        at: float | None = None,
    ) -> tuple[Tell, ...]:
        """The end of the call, which is told once; `at` is when it was, if not now."""
        if self._ended:
            return ()
        self._ended = True
        if error is not None and outcome == "complete":
            outcome = "errored" if isinstance(error, Exception) else "cancelled"
        answered = () if self._response is None else self._response.attempts[-1:]
        ended = CallEnded(
            call=self._call,
            outcome=outcome,
            seconds=(self._clock() if at is None else at) - self._began,
            attempts=(*self._failed, *answered),
            usage=usage or usage_of(result),
            error=error,
            result=result,
        )
        return (self._tell(ended),)

    def _tell(self, event: CallEvent) -> Tell:
        return Tell(self._audience.hooks, event)
