"""What a script says about one operation: which requests it expects, and their answers in turn.

Decides what belongs to which answer, and when there is none left. How answers are made is in
`answers`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from openai_mock.control import as_faults
from openai_mock.errors import MockServerError
from openai_mock.faults import delay
from openai_mock.replies import check_headers
from openai_mock.scripts import answers
from openai_mock.scripts.matching import differences, shown

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Mapping

    from openai_types.catalogue import Operation

    from openai_mock.calls import Call
    from openai_mock.control import Faults
    from openai_mock.faults import Fault
    from openai_mock.replies import Reply
    from openai_mock.scripts.answers import Body, Event, Make, Usual
    from openai_mock.scripts.texts import ToolCall
    from openai_mock.world import World


@dataclass
class Answer:
    """One answer of several in turn.

    Attributes:
        make: Makes it; None for what the server answers by itself.
        faults: What goes wrong with it.
        headers: Its headers, besides its own.
        times: How often it is given; None for ever.
        given: How often it has been.
    """

    make: Make | None = None
    faults: tuple[Fault, ...] = ()
    headers: dict[str, str] = field(default_factory=dict[str, str])
    times: int | None = 1
    given: int = 0

    def reply(self, call: Call, world: World, usual: Usual) -> Reply:
        """Answer a call.

        Args:
            call: The call.
            world: What handlers share.
            usual: Answers as the server does by itself.

        Raises:
            Refusal: It is refused for what it asks.
        """
        made = (self.make or answers.usually)(call, world, usual)
        return answers.dressed(made, self.headers, self.faults)

    @property
    def used_up(self) -> bool:
        """Whether it will not be given again."""
        return self.times is not None and self.given >= self.times


class Expectation:
    """Requests that are expected, and what they are answered.

    Without an answer, one request is answered as the server does by itself. Answers are given in
    their order, each once unless `times` or `always` says otherwise; `headers`, `delay` and `fault`
    belong to the answer before them, or to the first.
    """

    def __init__(
        self,
        operation: Operation,
        expected: Mapping[str, object],
        *,
        lock: threading.RLock,
        place: str,
    ) -> None:
        self.operation = operation
        self._names = _wire_names(operation, expected)
        self._expected = dict(expected)
        self._predicates: list[Callable[[Call], object]] = []
        self._answers = [Answer()]
        self._lock = lock
        self._place = place

    def where(self, predicate: Callable[[Call], object]) -> Expectation:
        """Expect only requests that a predicate takes.

        Args:
            predicate: Is given the call, whose `body`, `query`, `path` and `headers` have the names
                of the wire.
        """
        with self._lock:
            self._predicates.append(predicate)
        return self

    def reply(
        self,
        body: Body = None,
        *,
        tool_calls: Iterable[ToolCall | Mapping[str, object]] = (),
        exactly: bool = False,
        status: int = 200,
        media_type: str | None = None,
    ) -> Expectation:
        """Answer with this.

        Args:
            body: The text of the model, for chat completions, completions and responses, which are
                streamed if the request says so; or an object (a mapping or a pydantic model) that
                is laid over what the server would answer; or bytes; or a `Reply` of
                `openai_mock.replies`.
            tool_calls: Calls of functions by the model, made by `tool_call`.
            exactly: Give the object as it is.
            status: The HTTP status.
            media_type: What bytes are.

        Raises:
            MockServerError: The operation has no answer of this kind.
        """
        make = answers.replying(
            self.operation,
            body,
            tool_calls=tuple(tool_calls),
            exactly=exactly,
            status=status,
            media_type=media_type,
        )
        return self._answer(make)

    def reply_events(self, events: Iterable[Event], *, done: bool = True) -> Expectation:
        """Answer with a stream of these events.

        Args:
            events: The data of each, which is JSON, a model, or text as it is; or its name and its
                data.
            done: Whether `[DONE]` comes after them, where streams of this operation have it.

        Raises:
            MockServerError: The operation has no streams, or what is given is no event.
        """
        return self._answer(answers.streaming(self.operation, tuple(events), done=done))

    def error(
        self,
        status: int,
        *,
        message: str | None = None,
        code: str | None = None,
        type: str | None = None,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Expectation:
        """Answer with an error.

        Args:
            status: Its HTTP status, 400 to 599.
            message: What it says.
            code: Its code; by default the API's for the status.
            type: Its type; by default the API's for the status.
            param: The parameter that it is about.
            headers: More headers.

        Raises:
            MockServerError: It is no status of an error.
        """
        make = answers.failing(
            status, message=message, code=code, kind=type, param=param, headers=headers
        )
        return self._answer(make)

    def usual(self) -> Expectation:
        """Answer as the server does by itself."""
        return self._answer(answers.usually)

    def headers(self, headers: Mapping[str, str]) -> Expectation:
        """Send these headers with the answer.

        Raises:
            MockServerError: No answer can have them.
        """
        check_headers(headers)
        with self._lock:
            self._answers[-1].headers |= {name.lower(): value for name, value in headers.items()}
        return self

    def rate_limits(
        self,
        *,
        requests: int | None = None,
        remaining_requests: int | None = None,
        reset_requests: str | None = None,
        tokens: int | None = None,
        remaining_tokens: int | None = None,
        reset_tokens: str | None = None,
        retry_after: float | None = None,
    ) -> Expectation:
        """Send the headers of a rate limit with the answer; those that are given.

        Args:
            requests: How many requests are allowed.
            remaining_requests: How many are left.
            reset_requests: When they are all there again, such as `6m0s`.
            tokens: How many tokens are allowed.
            remaining_tokens: How many are left.
            reset_tokens: When they are all there again.
            retry_after: When to try again, in seconds.

        Raises:
            MockServerError: Something that is given cannot stand in a header.
        """
        values = {
            "x-ratelimit-limit-requests": requests,
            "x-ratelimit-remaining-requests": remaining_requests,
            "x-ratelimit-reset-requests": reset_requests,
            "x-ratelimit-limit-tokens": tokens,
            "x-ratelimit-remaining-tokens": remaining_tokens,
            "x-ratelimit-reset-tokens": reset_tokens,
            "retry-after": retry_after,
        }
        return self.headers({name: f"{each}" for name, each in values.items() if each is not None})

    def delay(self, seconds: float) -> Expectation:
        """Answer later by so many seconds; advancing the server's clock by them is enough.

        Raises:
            MockServerError: It is no such number.
        """
        return self.fault(delay(seconds))

    def fault(self, *faults: Faults) -> Expectation:
        """Let something go wrong with the answer.

        Args:
            *faults: Made by the functions of `openai_mock.faults`, or written `cut:100`.

        Raises:
            MockServerError: There is none of this name, or it does not take this.
        """
        made = tuple(fault for each in faults for fault in as_faults(each))
        with self._lock:
            self._answers[-1].faults += made
        return self

    def times(self, count: int) -> Expectation:
        """Give the answer so many times.

        Raises:
            MockServerError: The number is not positive.
        """
        if count < 1:
            raise MockServerError(f"An answer cannot be given {count} times. Give 1 or more.")
        with self._lock:
            self._answers[-1].times = count
        return self

    def always(self) -> Expectation:
        """Give the answer as often as it is asked for, which may be never."""
        with self._lock:
            self._answers[-1].times = None
        return self

    @property
    def then(self) -> Expectation:
        """What follows is about the next answer."""
        with self._lock:
            self._answers.append(Answer())
        return self

    def differences(self, call: Call) -> list[str]:
        """Why a call is not one that is expected; empty if it is."""
        sent: dict[str, object] = {**call.headers, **call.path, **call.query, **call.body}
        for name, files in call.files.items():
            sent[name] = files[0] if len(files) == 1 else [*files]
        found: list[str] = []
        for name, expected in self._expected.items():
            wire = self._names[name]
            if wire in sent:
                found += differences(expected, sent[wire], name)
            else:
                found.append(f"'{name}' was not sent, expected {shown(expected)}")
        for predicate in self._predicates:
            found += differences(predicate, call, "call")
        return found

    def take(self) -> Answer | None:
        """The next answer; None if all have been given. To be called with the lock held."""
        for answer in self._answers:
            if not answer.used_up:
                answer.given += 1
                return answer
        return None

    @property
    def left(self) -> str:
        """Which answers were not asked for, in words; empty if all were."""
        missing = [
            each.times - each.given for each in self._answers if each.times and not each.used_up
        ]
        all_ = sum(each.times or 0 for each in self._answers)
        return f"{sum(missing)} of {all_} answers not asked for" if missing else ""

    def __str__(self) -> str:
        arguments = ", ".join(f"{name}={shown(value)}" for name, value in self._expected.items())
        where = "".join(f".where({shown(each)})" for each in self._predicates)
        return f"{self.operation.name}({arguments}){where} of {self._place}"

    def __repr__(self) -> str:
        return f"Expectation({self})"

    def _answer(self, make: Make) -> Expectation:
        with self._lock:
            if self._answers[-1].make is None:
                self._answers[-1].make = make
            else:
                self._answers.append(Answer(make))
        return self


def _wire_names(operation: Operation, names: Iterable[str]) -> dict[str, str]:
    """What parameters are called in the request."""
    known = {
        each.name: each.wire.lower() if each.place == "header" else each.wire
        for each in operation.parameters
    }
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"It has: {', '.join(known)}."
            raise MockServerError(f"{operation.name} has no parameter '{name}'. {hint}")
    return {name: known[name] for name in names}
