"""The calls behind `with_raw_response` and `with_streaming_response`.

A group makes its calls through its client. Here is what takes the client's place and gives, instead
of a result, the response that the result is made of; the groups do not notice. What is sent, and
how a result is made of a response, is the same as for the client: that is in `flows`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from openai_http.bodies.binary import binary_content
from openai_http.drivers import run, run_async
from openai_http.failures.answers import introduce, is_suspicious
from openai_http.flows import page_of, prepare, result_of
from openai_http.pagination import Origin
from openai_http.raw.modes import Modal, Raw
from openai_http.raw.responses import (
    APIResponse,
    AsyncAPIResponse,
    AsyncResponseContextManager,
    LegacyAPIResponse,
    ResponseContextManager,
    Result,
)
from openai_http.resource import Keeping, Resource
from openai_http.resources.groups import AsyncGroups, Groups
from openai_http.streams.opening import async_body_of, async_stream_of, body_of, stream_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openai_http.attempts.sending import Sending
    from openai_http.messages import Response
    from openai_http.operations import Operation
    from openai_http.requests import CallOptions
    from openai_http.settings import Settings
    from openai_http.steps import Flow

# Any: groups, operations and results of all types, and the transports of both clients.
AnyOperation: TypeAlias = "Operation[Any, Any]"
Manager: TypeAlias = "Callable[[Callable[[], Any]], object]"

_OTHER_MODES = {"with_raw_response", "with_streaming_response"}


@dataclass(frozen=True, slots=True)
class Caller:
    """What the calls take from the client.

    Attributes:
        settings: of the client.
        transport: gives the transport of the client.
        list_page: its call of an operation that lists something, for the pages that follow.
        client: itself, which keeps what the groups have of their own.
    """

    settings: Settings
    transport: Callable[[], Any]
    list_page: Callable[[AnyOperation, Mapping[str, object], CallOptions], object]
    client: Keeping


@dataclass(frozen=True, slots=True)
class Call:
    """A call that a group makes.

    Attributes:
        operation, params, options: what the group handed over.
        decode: makes the result of the response with its body; None if the result is a stream.
        is_file: whether the result is a file.
    """

    operation: AnyOperation
    params: Mapping[str, object]
    options: CallOptions
    decode: Callable[[Response], object] | None = None
    is_file: bool = False


class Calls(Keeping, ABC):
    """What the calls of both clients share: how the result of each kind of call is made.

    Args:
        caller: what they take from the client.
        streamed: whether the body is left to be read.
    """

    _kind: Literal["Sync", "Async"]
    _stream: Callable[..., object]  # of an observation, an exchange and a reader
    _body: Callable[..., object]  # of an observation and an exchange

    def __init__(self, caller: Caller, *, streamed: bool) -> None:
        self._caller = caller
        self._streamed = streamed

    def attributes_of(self, kind: object) -> dict[str, object]:
        """As of the client, which keeps it: these calls are made anew each time."""
        return self._caller.client.attributes_of((kind, self._streamed))

    def calls_in_mode(self, *, streamed: bool) -> Calls:
        """The same calls in this mode."""
        return type(self)(self._caller, streamed=streamed)

    def call(
        self, operation: AnyOperation, params: Mapping[str, object], options: CallOptions
    ) -> object:
        """Call an operation whose result is decoded."""
        decode = partial(result_of, self._caller.settings, operation, params)
        return self._send(Call(operation, params, options, decode))

    def call_for_bytes(
        self, operation: AnyOperation, params: Mapping[str, object], options: CallOptions
    ) -> object:
        """Call an operation whose answer is a file."""
        decode = partial(binary_content, operation)
        return self._send(Call(operation, params, options, decode, is_file=True))

    def call_for_page(
        self, operation: AnyOperation, params: Mapping[str, object], options: CallOptions
    ) -> object:
        """Call an operation that lists something."""
        origin = Origin(partial(self._caller.list_page, operation), params, options)
        settings = self._caller.settings
        decode = partial(page_of, settings, operation, kind=self._kind, origin=origin)
        return self._send(Call(operation, params, options, decode))

    def stream(
        self, operation: AnyOperation, params: Mapping[str, object], options: CallOptions
    ) -> object:
        """Call an operation for its stream."""
        return self._send(Call(operation, params, options))

    @abstractmethod
    def _send(self, call: Call) -> object:
        """Make the call; gives the response, or an awaitable of it."""

    def _flow(self, call: Call) -> Flow[tuple[Any, Result[Any]]]:
        """Make the call; gives the exchange, and what makes the result of its response."""
        sending = prepare(
            *(self._caller.settings, call.operation, call.params, call.options),
            whole=call.decode is not None and not self._streamed,
            events=call.decode is None,
        )
        exchange = yield from sending.send()
        result = self._result(call, sending, exchange)
        if not sending.whole:
            return self._body(sending.observation, exchange), result
        if sending.observation is not None:
            yield from sending.observation.result_made(result.get)
        return exchange, result

    def _result(self, call: Call, sending: Sending, exchange: Any) -> Result[Any]:
        strict = self._caller.settings.strict
        response: Response = exchange.response
        if call.decode is not None:
            make = partial(call.decode, response)
            is_doubtful = call.is_file and is_suspicious(response)
            return Result(make, is_stream=False, strict=strict, is_doubtful=is_doubtful)
        reader = call.operation.reader(strict=strict)

        def parse() -> object:
            sending.count_events(reader)
            introduce(reader, response)
            return self._stream(sending.observation, exchange, reader)

        return Result(parse, is_stream=True, strict=strict)


class RawCalls(Calls, Groups[Raw]):
    """The calls of `OpenAI`."""

    _kind = "Sync"
    _stream = staticmethod(stream_of)
    _body = staticmethod(body_of)

    def _send(self, call: Call) -> object:
        exchange, result = run(self._flow(call), self._caller.transport())
        return (APIResponse if self._streamed else LegacyAPIResponse)(exchange, result)


class AsyncRawCalls(Calls, AsyncGroups[Raw]):
    """The calls of `AsyncOpenAI`."""

    _kind = "Async"
    _stream = staticmethod(async_stream_of)
    _body = staticmethod(async_body_of)

    async def _send(self, call: Call) -> object:
        exchange, result = await run_async(self._flow(call), self._caller.transport())
        return (AsyncAPIResponse if self._streamed else LegacyAPIResponse)(exchange, result)


def in_raw_mode(group: Modal[Any]) -> Any:
    """A group, or a client, with the same operations that give raw responses."""
    return _with_calls(group, streamed=False)


def in_streamed_mode(group: Modal[Any]) -> StreamedView:
    """A group, or a client, with the same operations that give context managers of responses."""
    is_sync = isinstance(group, Groups | Resource)
    manager = ResponseContextManager if is_sync else AsyncResponseContextManager
    return StreamedView(_with_calls(group, streamed=True), cast("Manager", manager))


def _with_calls(group: Any, *, streamed: bool) -> Any:
    if isinstance(group, Groups | AsyncGroups):
        return cast("Any", group).calls_in_mode(streamed=streamed)
    return type(group)(group._client.calls_in_mode(streamed=streamed))  # noqa: SLF001 - as groups do


class StreamedView:
    """A group whose methods give context managers: the call is made when the `with` block begins.

    Args:
        group: makes the calls.
        manager: the class of the context managers, which are given what makes the call.
    """

    _group: Any
    _manager: Manager

    def __init__(self, group: Any, manager: Manager) -> None:
        vars(self).update(_group=group, _manager=manager)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self._group, self._manager)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._group, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._group, name)

    def __dir__(self) -> list[str]:
        return dir(self._group)

    def __getattr__(self, name: str) -> object:
        found = getattr(self._group, name)
        is_replaced = name in vars(self._group)
        if is_replaced or name in _OTHER_MODES or not (callable(found) or isinstance(found, Modal)):
            return found
        if isinstance(found, Modal):
            return StreamedView(found, self._manager)

        @wraps(found)
        def prepare(*arguments: object, **named: object) -> object:
            return self._manager(partial(found, *arguments, **named))

        return prepare
