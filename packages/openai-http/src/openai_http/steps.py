"""What flows yield: the steps that a driver takes for them. Data only."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openai_types.keys import AsyncKeyFunction

    from openai_http.hooks.events import CallEvent
    from openai_http.hooks.hook import AsyncHook
    from openai_http.messages import Request
    from openai_http.timing.timeout import Timeout
    from openai_http.timing.watch import Watch
    from openai_http.transport import AsyncReceived, Received

T = TypeVar("T")


class Send(NamedTuple):
    """Send a request; the outcome is the exchange whose response has begun.

    Attributes:
        request: the request.
        timeout: the limits of its parts; None where the user's own HTTP client decides.
        watch: over the call, if it has limits as a whole: they hold for the body, too.
    """

    request: Request
    timeout: Timeout | None
    watch: Watch | None = None


class Read(NamedTuple):
    """Read the body of an exchange into its response and release the connection."""

    exchange: Received | AsyncReceived


class AskKey(NamedTuple):
    """Ask a function for the API key; the outcome is the key, checked."""

    function: AsyncKeyFunction


class Sleep(NamedTuple):
    """Wait some seconds."""

    seconds: float


class Tell(NamedTuple):
    """Tell hooks of an event."""

    hooks: Sequence[AsyncHook]
    event: CallEvent


Step: TypeAlias = Send | Read | AskKey | Sleep | Tell
# Any: what is sent into a flow is the outcome of the step that it has just yielded.
Flow: TypeAlias = Generator[Step, Any, T]
