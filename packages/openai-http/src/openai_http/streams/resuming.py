"""Asking for the rest of a response whose stream broke off: a flow.

Decides which streams can go on, from where, and what is asked for instead when the server does not
stream the rest any more: the response itself, until it is over. Whether another attempt is worth
it is the policy's decision, as for every call; attempts count from the last event that arrived.
"""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from openai_stream.errors import StreamStalledError, StreamTruncatedError
from openai_types.errors import APIError, OpenAIError

from openai_http.errors import (
    APIConnectionError,
    APIResponseValidationError,
    APIStatusError,
    NotFoundError,
)
from openai_http.sentinels import NOT_GIVEN
from openai_http.steps import Read
from openai_http.streams.resumption_tokens import Place, make_token

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from openai_stream import EventReader
    from openai_stream.accumulators.response_builder import ResponseBuilder

    from openai_http.attempts.sending import Sending
    from openai_http.messages import Request, Response
    from openai_http.operations import Operation
    from openai_http.requests import CallOptions
    from openai_http.settings import Settings
    from openai_http.steps import Flow
    from openai_http.transport import AsyncExchange, Exchange

# The operations whose streams can go on, and which API they are of, as tokens name it.
_APIS = {
    "responses.create": "responses",
    "responses.retrieve": "responses",
    "beta.responses.create": "beta.responses",
    "beta.responses.retrieve": "beta.responses",
}
# What parameters of the request that began a response ask the same of the request for its rest.
_KEPT = ("include", "include_obfuscation", "betas")
# Statuses of a server that does not stream the rest: the window has closed, or it never could.
_NO_STREAM = frozenset({400, 404, 405, 410, 422})
# The event that ends a response, by its status. No event tells that one was cancelled.
_ENDS = {
    "completed": "response.completed",
    "failed": "response.failed",
    "incomplete": "response.incomplete",
    "cancelled": "response.incomplete",
}
_POLL_AFTER = "openai-poll-after-ms"
NOT_RESUMABLE = (
    "This stream cannot be resumed: {why} Only a response that is made in the background goes on"
    " without its stream. Call client.responses.create(..., background=True, stream=True), and"
    " read the first event before you ask for the token."
)


def retrieval(api: str) -> Operation[Any, Any]:  # Any: of whichever API
    """The operation that gives a response of an API, or the rest of its stream."""
    module = import_module(f"openai_http.resources.{api.partition('.')[0]}")
    return getattr(module, f"{api.replace('.', '_').upper()}_RETRIEVE")


def resumption(
    settings: Settings,
    operation: Operation[Any, Any],  # Any: the same
    params: Mapping[str, object],
    options: CallOptions,
    *,
    sending: Sending,
    reader: EventReader[Any],  # Any: of its events
) -> Resumption | None:
    """What can go on with the stream of a call; None for calls whose streams never can.

    Args:
        settings: of the client.
        operation: what is called.
        params: what it was given.
        options: what else the call was given.
        sending: of the call.
        reader: of its stream.
    """
    api = _APIS.get(operation.name)
    if api is None:
        return None
    stream_options = params.get("stream_options")
    kept = {**(cast("dict[str, object]", stream_options or {})), **params}

    def request(id: str, more: Mapping[str, object]) -> Request:
        given = {name: kept[name] for name in _KEPT if name in kept}
        rest = options._replace(extra_body=None, idempotency_key=None)
        return retrieval(api).request(settings, {**given, **more, "response_id": id}, rest)

    return Resumption(
        api=api,
        base_url=settings.base_url,
        request=request,
        sending=sending,
        reader=reader,
        begun=_Begun.of(params),
    )


class _Begun(NamedTuple):
    """What is known of a response before its first event.

    Attributes:
        id: the response's, if it is retrieved.
        number: the sequence number of the last event that is not wanted again.
        background: whether it is made in the background.
    """

    id: str | None
    number: int | None
    background: bool

    @classmethod
    def of(cls, params: Mapping[str, object]) -> _Begun:
        """What the parameters of the call tell. What can be retrieved as a stream can go on."""
        id, number = params.get("response_id"), params.get("starting_after")
        return cls(
            id if isinstance(id, str) else None,
            number if isinstance(number, int) else None,
            isinstance(id, str) or params.get("background") is True,
        )


class Resumption:
    """Goes on with the stream of one response.

    Args:
        api: whose response it is, as tokens name it.
        base_url: of the server.
        request: makes the request for the response of an id, of more parameters.
        sending: of the call.
        reader: of its stream.
        begun: what is known of the response before its first event.
    """

    def __init__(
        self,
        *,
        api: str,
        base_url: str,
        request: Callable[[str, Mapping[str, object]], Request],
        sending: Sending,
        reader: EventReader[Any],  # Any: of whichever API
        begun: _Begun,
    ) -> None:
        self._api = api
        self._base_url = base_url
        self._request = request
        self._sending = sending
        self._reader = reader
        self._begun = begun
        self._counted = 0  # events that had come when it went on the last time

    def token(self, following: object) -> str:
        """What another process can go on with.

        Args:
            following: the next event, if one has arrived that nobody took yet.

        Raises:
            OpenAIError: the stream cannot be resumed.
        """
        place = self._place()
        if isinstance(place, str):
            raise OpenAIError(NOT_RESUMABLE.format(why=place))
        number = getattr(following, "sequence_number", None)
        if isinstance(number, int):
            place = place._replace(number=number - 1 if number else None, ended=False)
        return make_token(place, self._base_url)

    def first(self, place: Place) -> Flow[Exchange | AsyncExchange]:
        """Begin at a place; raises what `go_on` does."""
        self._leave_out(place.number)
        return self._polled(place) if place.ended else self._rest(place)

    def go_on(self, failure: APIError) -> Flow[Exchange | AsyncExchange]:
        """Ask for what comes after the last event, because the stream broke off.

        Raises:
            APIError: the failure itself, if the stream cannot go on or it is not worth another
                attempt; or what asking for the rest raises.
        """
        place = self._place()
        if isinstance(place, str) or not isinstance(failure, _MAY_PASS):
            raise failure
        if self._reader.count > self._counted:
            self._counted = self._reader.count
            self._sending.note_progress()
        self._leave_out(place.number)
        try:
            yield from self._sending.wait_after(failure)
            return (yield from self._rest(place))
        except APIError as error:
            if error is failure:
                error.message += (
                    f" The response {place.id} goes on in the background: client.resume("
                    "stream.token) asks for the rest of it."
                )
                error.args = (error.message,)
            elif error.__cause__ is None:
                error.__cause__ = failure  # why it was asked for at all
            raise

    def _leave_out(self, number: int | None) -> None:
        """Servers may send events again that came before."""

        def is_old(event: object) -> bool:
            its = getattr(event, "sequence_number", None)
            return isinstance(its, int) and number is not None and its <= number

        self._reader.is_old = is_old

    def _rest(self, place: Place) -> Flow[Exchange | AsyncExchange]:
        """Ask for what comes after a place, or for the response if that is not streamed."""
        after = {} if place.number is None else {"starting_after": place.number}
        request = self._request(place.id, {"stream": True, **after})
        try:
            exchange = yield from self._sending.send_instead(request)
        except APIStatusError as refusal:
            if refusal.status_code not in _NO_STREAM:
                raise
            return (yield from self._polled(place))
        if exchange.response.headers.get("content-type", "").startswith("application/json"):
            yield Read(exchange)
            return _ended(exchange.response, place) or (yield from self._polled(place))
        return exchange

    def _polled(self, place: Place) -> Flow[Exchange | AsyncExchange]:
        """Ask for the response until it is over; gives the event that tells so."""
        request, polls = self._request(place.id, {"include_obfuscation": NOT_GIVEN}), 0
        while True:
            self._sending.note_progress()
            try:
                exchange = yield from self._sending.send_instead(request, whole=True)
            except NotFoundError as error:
                error.message += (
                    f" The response {place.id} is not stored any more, or never was: there is"
                    " nothing to resume."
                )
                error.args = (error.message,)
                raise
            ended = _ended(exchange.response, place)
            if ended is not None:
                return ended
            polls += 1
            yield from self._sending.pause(polls, _asked(exchange.response))

    def _place(self) -> Place | str:
        """Where the stream is, or why it cannot go on."""
        told = cast("ResponseBuilder[Any] | None", self._reader.accumulator())
        id = (told and told.response_id) or self._begun.id
        number = told.last_sequence_number if told and self._reader.count else self._begun.number
        background = told.background if told else None
        if not (self._begun.background if background is None else background):
            return "the response is not made in the background."
        if id is None:
            return "no event has told the id of the response yet."
        if number is None and self._reader.count:
            return "the server does not number its events."
        return Place(self._api, id, number, bool(told and told.ended))


_MAY_PASS = (APIConnectionError, StreamTruncatedError, StreamStalledError, APIStatusError)


class Told:
    """An exchange whose body is no more than the event that ends a response, made of the latter."""

    def __init__(self, response: Response, event: bytes) -> None:
        self.response = response
        self._event = event

    def __iter__(self) -> Iterator[bytes]:
        yield self._event

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._event

    def close(self) -> None:
        """Nothing is open."""

    async def aclose(self) -> None:
        """Nothing is open."""

    def abort(self) -> None:
        """Nothing is open."""

    def abandon(self, chunks: object) -> None:
        """Nothing is open."""


def _ended(response: Response, place: Place) -> Told | None:
    """The end of a response's stream, if the response is over."""
    try:
        fields: object = response.json()
    except OpenAIError:
        fields = None
    status = cast("dict[str, object]", fields).get("status") if isinstance(fields, dict) else None
    if not isinstance(status, str):
        raise APIResponseValidationError(
            response,
            response.blot_out_secrets(),
            message=f"{response.wire_request.endpoint} was answered with something else than a"
            " response while its stream was to be resumed. See what the server and a proxy on the"
            " way answer; the whole body is in .body.",
        )
    kind = _ENDS.get(status)
    if kind is None:
        return None
    if place.ended:
        return Told(response, b"")
    number = -1 if place.number is None else place.number
    body = response.content.replace(b"\r", b" ").replace(b"\n", b" ")  # between tokens only
    head = json.dumps({"type": kind, "sequence_number": number + 1})[:-1].encode()
    return Told(response, b'data: %b, "response": %b}\n\n' % (head, body))


def _asked(response: Response) -> float | None:
    """The seconds after which the server wants to be asked again, if it says."""
    asked = response.headers.get(_POLL_AFTER, "")
    return int(asked) / 1000 if asked.isdecimal() else None
