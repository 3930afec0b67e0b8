"""Sending the request of one call until it succeeds or is not worth another attempt: a flow.

Decides what is an attempt, keeps their log, and says on the error that ends the call what was
tried. Whether and when to try again is the policy's decision, in `retries`.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn, TypeVar

from openai_stream.errors import StreamTruncatedError
from openai_types.attempts import Attempt
from openai_types.errors import APIError, OpenAIError

from openai_http.attempts.redirects import MAX_REDIRECTS, REDIRECTS, redirected
from openai_http.attempts.retries import checked_wait, retry_after, should_retry
from openai_http.errors import (
    APIConnectionError,
    APIStatusError,
    ContentFilterError,
    ContextLengthError,
    DeadlineExceededError,
    QuotaExceededError,
)
from openai_http.failures.statuses import status_error
from openai_http.logs import log_answer, log_failure, log_sending
from openai_http.settings import KEY_TO_COME, bearer
from openai_http.steps import AskKey, Read, Send, Sleep
from openai_http.timing.deadlines import LONGEST
from openai_http.timing.timeout import WatchedTimeout

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openai_stream import EventReader
    from openai_types.attempts import Outcome
    from openai_types.keys import AsyncKeyFunction

    from openai_http.attempts.retries import RetryPolicy
    from openai_http.hooks.observation import Observation
    from openai_http.messages import Request, Response
    from openai_http.steps import Flow
    from openai_http.timing.deadlines import Clock
    from openai_http.timing.timeout import Timeout
    from openai_http.timing.watch import Watch
    from openai_http.transport import AsyncExchange, Exchange

T = TypeVar("T")
E = TypeVar("E")

_AUTHORIZATION = "authorization"


class Sending:
    """The attempts of one call.

    Args:
        request: what is sent.
        timeout: the limits of the parts of an attempt.
        policy: whether and when to try again.
        watch: over the call, if it has limits as a whole.
        whole: the body is a part of the success: one that breaks off is sent for again.
        clock: `time.perf_counter`, or one of a test.
        observation: tells hooks of it, if there are any.
        key_function: gives the key of each attempt, if one does.

    Attributes:
        whole, observation: as they were given.
    """

    def __init__(
        self,
        request: Request,
        timeout: Timeout | None,
        policy: RetryPolicy,
        watch: Watch | None,
        *,
        whole: bool,
        clock: Clock,
        observation: Observation | None = None,
        key_function: AsyncKeyFunction | None = None,
    ) -> None:
        self._request = request
        self._timeout = timeout
        self._policy = policy
        self._watch = watch
        self.whole = whole
        self.observation = observation
        self._key_function = key_function
        self._clock = clock
        self._log: list[Attempt] = [] if watch is None else watch.log
        self._forgiven = 0  # attempts before the call got somewhere, which count no more
        self._more_headers: Mapping[str, str] = {}  # of hooks
        self._began = self._sent = clock()
        self._response: Response | None = None  # of the attempt that is being made

    def count_events(self, reader: EventReader[E]) -> None:
        """Let the events of a reader, not bytes, re-arm the limits of the stream."""
        if self._watch is not None:
            self._watch.count_events(lambda: reader.count)

    def send(self) -> Flow[Exchange | AsyncExchange]:
        """Send until it succeeds; gives the exchange.

        Raises:
            APIStatusError: the last answer had an error's status.
            APIConnectionError: the last attempt had no answer, or there is no time for another.
        """
        return self.observed(self._send(), to_the_end=False)

    def send_for(self, make: Callable[[Response], T]) -> Flow[T]:
        """Send until the answer is the result; gives what is made of the response with its body.

        An answer with the status of success that reports an error is tried again like any other.

        Raises:
            APIError: what `send` and `make` raise.
        """
        return self.observed(self._send_for(make), to_the_end=True)

    def send_instead(
        self, request: Request, *, whole: bool = False
    ) -> Flow[Exchange | AsyncExchange]:
        """Send another request as a part of the same call; raises what `send` does.

        Args:
            request: what is sent.
            whole: the body is a part of the success.
        """
        headers = {**request.headers, **self._more_headers}
        self._request, self.whole = replace(request, headers=headers), whole
        return (yield from self._send())

    def note_progress(self) -> None:
        """The call got somewhere: the attempts until now no longer count against it."""
        self._forgiven = len(self._log)

    def pause(self, polls: int, asked: float | None) -> Flow[None]:
        """Wait before the server is asked again for what is not ready yet.

        Args:
            polls: how many times it was asked.
            asked: the seconds that it wants, if it says; otherwise the policy has a word.

        Raises:
            DeadlineExceededError: there is no time for it.
        """
        wait = self._policy.backoff(polls) if asked is None else min(asked, LONGEST)
        left = None if self._watch is None else self._watch.left()
        if self._watch is not None and left is not None and wait >= left:
            raise self._watch.exceeded(wait=wait)
        yield Sleep(wait)

    def send_again(self, failure: APIError) -> Flow[Exchange | AsyncExchange]:
        """Send again because what came failed before anybody had any of it, if that is worth it.

        Raises:
            APIError: it is not: the failure itself, or what `send` raises.
        """
        if not isinstance(failure, APIConnectionError | StreamTruncatedError | APIStatusError):
            raise failure
        yield from self.wait_after(failure)
        return (yield from self._send())

    def observed(self, flow: Flow[T], *, to_the_end: bool) -> Flow[T]:
        """What the call does, observed from its beginning; the flow itself if nobody observes it.

        Args:
            flow: what the call does.
            to_the_end: whether what it gives is the result, so that the call ends with it.
        """
        if self.observation is None:
            return flow
        return self.observation.around(self._begun(self.observation, flow), to_the_end=to_the_end)

    def _begun(self, observation: Observation, flow: Flow[T]) -> Flow[T]:
        before = self._request.headers
        self._request = yield from observation.begin(self._request)
        headers = self._request.headers
        self._more_headers = {n: each for n, each in headers.items() if each != before.get(n)}
        return (yield from flow)

    def _send_for(self, make: Callable[[Response], T]) -> Flow[T]:
        exchange = yield from self._send()
        while True:
            try:
                return make(exchange.response)
            except APIStatusError as error:
                failure = error
            exchange = yield from self.send_again(failure)

    def _send(self) -> Flow[Exchange | AsyncExchange]:
        while True:
            request = self._request
            if self._key_function is not None:
                # Not below, where an error that it raised would be that of an attempt.
                request = yield from self._with_key(self._key_function)
            try:
                exchange = yield from self._attempt(request)
                response = exchange.response
                if response.is_success:
                    return exchange
                failure: APIError = status_error(response)
            except APIConnectionError as error:
                failure = error
            yield from self.wait_after(failure)

    def _with_key(self, function: AsyncKeyFunction) -> Flow[Request]:
        """The request with the key of the attempt that follows, if it is to have one."""
        request = self._request
        if request.headers.get(_AUTHORIZATION) != KEY_TO_COME:
            return request
        key: str = yield AskKey(function)
        return replace(request, headers={**request.headers, _AUTHORIZATION: bearer(key)})

    def _attempt(self, request: Request) -> Flow[Exchange | AsyncExchange]:
        """Send once, redirects included; the body of what is no success is read, too."""
        self._response = None
        self._sent = self._clock()
        timeout = self._timeout
        if self._watch is not None:
            self._watch.begin_attempt()
            timeout = WatchedTimeout(timeout, self._watch)
        number = len(self._log) + 1
        log_sending(request, number)
        if self.observation is not None:
            yield self.observation.attempt_began(number)
        exchange: Exchange | AsyncExchange = yield Send(request, timeout, self._watch)
        if exchange.response.status_code in REDIRECTS:
            exchange = yield from self._follow_redirects(request, exchange, timeout)
        self._response = response = exchange.response
        response.note_attempt(self._sent, self._began, tuple(self._log))
        log_answer(request, response, number)
        if self.observation is not None:
            yield self.observation.attempt_answered(number, response)
        if self.whole or not response.is_success:
            yield Read(exchange)
        return exchange

    def _follow_redirects(
        self, request: Request, exchange: Exchange | AsyncExchange, timeout: Timeout | None
    ) -> Flow[Exchange | AsyncExchange]:
        """Send again where it is redirected to, until it is not, or may not be followed."""
        for _ in range(MAX_REDIRECTS):
            following = redirected(request, exchange.response)
            if following is None:
                return exchange
            yield Read(exchange)
            following.rewind()
            request = following
            exchange = yield Send(request, timeout, self._watch)
        return exchange

    def wait_after(self, failure: APIError) -> Flow[None]:
        """Wait for the next attempt.

        Raises:
            APIError: there is none: the failure itself, or that there is no time for another.
        """
        self._log.append(self._failed(failure))
        if self._watch is not None:
            self._watch.end_attempt()
        wait, why = self._decide(failure)
        left = None if self._watch is None else self._watch.left()
        is_late = wait is not None and left is not None and wait >= left
        if wait is not None and not is_late:
            self._log[-1] = replace(self._log[-1], waited=wait)
        if self.observation is not None:
            yield self.observation.attempt_failed(self._log[-1], failure, None if is_late else wait)
        if wait is None:
            self._give_up(failure, why)
        if self._watch is not None and is_late:
            raise self._watch.exceeded(wait=wait) from failure
        log_failure(self._request, self._log[-1], wait)
        yield Sleep(wait)

    def _decide(self, failure: APIError) -> tuple[float | None, str]:
        """The seconds to the next attempt; None if there is none, and why if it could have been."""
        if isinstance(failure, DeadlineExceededError):
            return None, ""
        wait = checked_wait(self._policy.decide(tuple(self._log[self._forgiven :])))
        if wait is None:
            return None, ""
        try:
            self._request.rewind()
        except OpenAIError as error:
            return None, f" {error}"
        return wait, ""

    def _failed(self, failure: APIError) -> Attempt:
        """The entry of the log for the attempt that has just failed."""
        response = self._response
        answered = isinstance(failure, APIStatusError)
        headers: Mapping[str, str] = response.headers if answered and response else {}
        told = should_retry(headers)
        return Attempt(
            number=len(self._log) + 1,
            started=self._sent - self._began,
            seconds=self._clock() - self._sent,
            outcome=_outcome(failure),
            # An error in a body names its own status; that of the answer was a success.
            status=failure.status_code if answered else response and response.status_code,
            error=type(failure).__name__,
            code=failure.code,
            permanent=_is_permanent(failure, told),
            should_retry=told,
            retry_after=retry_after(headers, now=time.time()),
        )

    def _give_up(self, failure: APIError, why: str = "") -> NoReturn:
        """Raise a failure as the end of the call, and say on it what was tried."""
        failure.attempts = tuple(self._log)
        log_failure(self._request, self._log[-1], None)
        if len(self._log) > 1:
            seconds = self._clock() - self._began
            why += f" ({len(self._log)} attempts in {seconds:.1f} s.)"
        asked = self._log[-1].retry_after if self._log else None
        if asked is not None:
            why += f" (The server asks to wait {asked:g} s.)"
        failure.message += why
        failure.args = (failure.message,)
        raise failure


def _is_permanent(failure: APIError, told: bool | None) -> bool:
    """Whether another attempt cannot succeed; `told` is what the server says of it."""
    if isinstance(failure, APIStatusError):
        return failure.is_permanent and not (told and _is_plain(failure))
    return isinstance(failure, APIConnectionError) and failure.is_permanent


def _is_plain(failure: APIStatusError) -> bool:
    """Whether only the status says what it is: then the server may know better."""
    return not isinstance(failure, QuotaExceededError | ContextLengthError | ContentFilterError)


def _outcome(failure: APIError) -> Outcome:
    if isinstance(failure, APIStatusError):
        return "answered"
    return failure.outcome if isinstance(failure, APIConnectionError) else "unknown"
