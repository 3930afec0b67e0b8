"""What hooks are told of each call: typed events, in the order in which they happen.

Data only: when there is which event is decided in `observation`. No event shows a secret, a
parameter or a result in its repr.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openai_stream.outcomes import Outcome
    from openai_types.attempts import Attempt
    from openai_types.errors import APIError

    from openai_http.hooks.usage import Usage
    from openai_http.messages import Response


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Call:
    """A call, the same object in all its events: a key for what a hook keeps of it.

    Attributes:
        operation: as it is called, like "chat.completions.create".
        method: of HTTP, in capitals.
        url: without query and credentials.
        streamed: whether its result is a stream of events.
        params: what it was given, by the names of the parameters.
    """

    operation: str
    method: str
    url: str
    streamed: bool
    params: Mapping[str, object] = field(repr=False)

    @property
    def model(self) -> str | None:
        """The name of the model that was asked for; None if there is none."""
        model = self.params.get("model")
        return model if isinstance(model, str) else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CallBegan:
    """A call begins: its parameters are accepted, nothing is sent yet.

    Attributes:
        call: which one.
        headers: headers that are put in here are sent with each attempt, like `traceparent`; one
            that cannot be sent is logged and left out.
    """

    call: Call
    headers: dict[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AttemptBegan:
    """The request is sent, or sent again.

    Attributes:
        call: of which call.
        number: 1 for the first attempt.
    """

    call: Call
    number: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AttemptAnswered:
    """The head of an answer has come, of whatever status.

    Attributes:
        call: of which call.
        number: of the attempt.
        response: with status, headers, `request_id` and `rate_limit`; its body may be on its way.
    """

    call: Call
    number: int
    response: Response


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AttemptFailed:
    """An attempt failed.

    Attributes:
        call: of which call.
        attempt: what is known of it.
        error: what it failed with.
        wait: seconds to the next attempt; None if there is to be none.
    """

    call: Call
    attempt: Attempt
    error: APIError
    wait: float | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirstEvent:
    """The first event of a stream has come.

    Attributes:
        call: of which call.
        seconds: since the call began.
        event: the event.
    """

    call: Call
    seconds: float
    event: object = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CallEnded:
    """A call ended; it is the last event of each call, and there is always one.

    Attributes:
        call: which one.
        outcome: how: "complete" with its whole result; "errored"; "cancelled" by its user, who may
            have left its stream before the end; streams also "truncated" and "stalled".
        seconds: since it began, with the reading of a stream.
        attempts: what it tried, the successful attempt included.
        usage: the tokens that the server counted; None if it did not say, and for results that are
            left to be read (`with_streaming_response`).
        error: what ended it, or what cancelled it; None if nothing did.
        result: what the call gave; of a stream what arrived of it, in one value (as its
            `partial`); None with an error, and for what is left to be read.
    """

    call: Call
    outcome: Outcome
    seconds: float
    attempts: Sequence[Attempt]
    usage: Usage | None
    error: BaseException | None
    result: object = field(repr=False)


CallEvent: TypeAlias = (
    CallBegan | AttemptBegan | AttemptAnswered | AttemptFailed | FirstEvent | CallEnded
)
"""What a hook is given."""
