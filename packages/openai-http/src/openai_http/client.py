"""The clients: their settings, their groups of operations, and the await.

What a call does is in `flows`. Making a client imports no HTTP library and no types: the first
call pays for what it uses.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar, cast

from openai_types.configuration import without_credentials
from openai_types.errors import InvalidArgumentError
from openai_types.keys import AsyncKeyFunction, KeyFunction, check_given_key

from openai_http.attributes import Attributes, KeyFunctionT
from openai_http.connections.limits import DEFAULT_LIMITS
from openai_http.connections.network import Network
from openai_http.connections.shared import (
    ConnectionPool,
    Connections,
    HttpClientT,
    TransportT,
    has_own_timeout,
)
from openai_http.custom.calls import AsyncCustomCalls, CustomCalls
from openai_http.hooks.hook import AsyncHook, Hook, audience_of
from openai_http.raw.modes import Decoded
from openai_http.resource import Keeping, groups_of
from openai_http.resources.groups import AsyncGroups, Groups
from openai_http.sentinels import NOT_GIVEN, is_given
from openai_http.settings import changed_retry, dict_in, read_settings, revised, with_key
from openai_http.streams.resumed_calls import AsyncResumedCalls, ResumedCalls
from openai_http.timing.timeout import DEFAULT_TIMEOUT, Timeout
from openai_http.transport import (
    AsyncHttpClient,
    AsyncTransport,
    AsyncTransportName,
    HttpClient,
    Transport,
    TransportName,
)

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Self

    from openai_stream import AsyncStream, Stream
    from openai_types.errors import APIError

    from openai_http.attempts.retries import RetryPolicy
    from openai_http.bodies.binary import HttpxBinaryResponseContent
    from openai_http.connections.limits import Limits
    from openai_http.connections.network import CertTypes, PathTypes
    from openai_http.operations import Operation
    from openai_http.pagination import AsyncPaginator, BaseAsyncPage, BaseSyncPage
    from openai_http.raw.calls import AsyncRawCalls, RawCalls
    from openai_http.requests import CallOptions
    from openai_http.sentinels import Omit
    from openai_http.settings import Settings
    from openai_http.steps import Flow
    from openai_http.streams.resumption_tokens import Place
    from openai_http.timing.timeout import TimeoutTypes
    from openai_http.transport import AsyncExchange, Exchange

T = TypeVar("T")
E = TypeVar("E")
TransportNameT = TypeVar("TransportNameT", bound=str)
HookT = TypeVar("HookT")

_REPLACED = {"_kept", "with_raw_response", "with_streaming_response", *groups_of(Groups)}


class Client(
    Keeping,
    Attributes[KeyFunctionT],
    Generic[HttpClientT, TransportT, TransportNameT, HookT, KeyFunctionT],
):
    """What both clients share. Make one and share it: by threads, and by all who use one key.

    Args:
        api_key: the key, by default that of OPENAI_API_KEY; or a function that gives it, which is
            asked before each attempt of each call.
        admin_api_key: the key for an organization's administrators; by default that of
            OPENAI_ADMIN_KEY.
        organization: the organization to bill; by default that of OPENAI_ORG_ID.
        project: the project to bill; by default that of OPENAI_PROJECT_ID.
        webhook_secret: signs webhooks; by default that of OPENAI_WEBHOOK_SECRET.
        base_url: the server; by default that of OPENAI_BASE_URL, or else the OpenAI API.
        websocket_base_url: the server for WebSockets where it is another.
        timeout: seconds, a `Timeout`, or None for no limit. By default 600 s for each piece of an
            answer and 5 s to connect, or what `http_client` was given.
        max_retries: how many times a failed request is sent again; 2 by default.
        retry: when that is done, in more detail, or another word for `max_retries`.
        deadline: seconds for all that a call does, attempts, waits and the body included.
        first_event_timeout: seconds from the beginning of a call to the first event of its stream.
        idle_timeout: seconds between two events of a stream, which bytes that keep the connection
            alive do not prolong; before the first event, too, without `first_event_timeout`.
        idempotency_keys: send a random `Idempotency-Key` with each POST, the same with all its
            attempts; for servers that know it.
        user_agent: what names the program to servers, instead of the name of this package.
        default_headers: added to every request; `omit` as a value removes one. The variable
            OPENAI_CUSTOM_HEADERS adds some too, one `Name: value` a line.
        default_query: added to the query of every request.
        http_client: an HTTP client of your own, used as it is: one of httpx or of httpx2.
        transport: the name of what sends instead of httpx ("aiohttp" is the fastest for many calls
            at once, "pyreqwest" for threads; the README has their limits), or one of your own.
        proxy: the URL of the proxy, with user and password if it wants them, or None for none. By
            default that of the environment: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.
        verify: False to accept any certificate of a server, or an `ssl.SSLContext` of your own.
        ca: a file of certificates in PEM format, or a folder, to trust instead of the usual ones,
            with "pyreqwest" besides them. By default SSL_CERT_FILE or SSL_CERT_DIR, or else those
            of certifi and the system.
        cert: the certificate that the client shows: a file with it and its key, or `(file, key)`,
            or `(file, key, password)`.
        limits: how many connections there may be.
        hooks: functions that are told what happens in each call, as the events of
            `openai_http.hooks.events`.
        _strict_response_validation: refuse answers that are not what the API describes, instead
            of keeping what does not fit as it came.

    Raises:
        OpenAIError: a setting is missing or cannot work; the message names it and the remedy.
    """

    def __init__(
        self,
        *,
        api_key: str | KeyFunctionT | None = None,
        admin_api_key: str | None = None,
        organization: str | None = None,
        project: str | None = None,
        webhook_secret: str | None = None,
        base_url: object | None = None,  # text, or the URL of an HTTP library
        websocket_base_url: object | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        max_retries: int = NOT_GIVEN,
        retry: RetryPolicy | int | None = None,
        deadline: float | None = None,
        first_event_timeout: float | None = None,
        idle_timeout: float | None = None,
        idempotency_keys: bool = False,
        user_agent: str | None = None,
        default_headers: Mapping[str, str | Omit] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: HttpClientT | None = None,
        transport: TransportNameT | TransportT | None = None,
        proxy: str | None = NOT_GIVEN,
        verify: bool | ssl.SSLContext = True,
        ca: PathTypes | None = None,
        cert: CertTypes | None = None,
        limits: Limits | None = None,
        hooks: Sequence[HookT] = (),
        _strict_response_validation: bool = False,
    ) -> None:
        self._connections = Connections[HttpClientT, TransportT](
            http_client,
            transport,
            Network(proxy=proxy, verify=verify, ca=ca, cert=cert, limits=limits or DEFAULT_LIMITS),
            asynchronous=self._asynchronous,
        )
        check_given_key(api_key, asynchronous=self._asynchronous)
        self._settings = read_settings(
            api_key=api_key,
            admin_api_key=admin_api_key,
            organization=organization,
            project=project,
            webhook_secret=webhook_secret,
            base_url=base_url,
            websocket_base_url=websocket_base_url,
            timeout=timeout,
            max_retries=max_retries,
            retry=retry,
            deadline=deadline,
            first_event_timeout=first_event_timeout,
            idle_timeout=idle_timeout,
            idempotency_keys=idempotency_keys,
            user_agent=user_agent,
            default_headers=default_headers,
            default_query=default_query,
            strict=_strict_response_validation,
            own_timeout=has_own_timeout(http_client),
            audience=audience_of(hooks, asynchronous=self._asynchronous),
        )

    @property
    def pool(self) -> ConnectionPool:
        """The connections of this client and its copies: `client.pool.stats()`."""
        return ConnectionPool(self._connections.stats)

    def copy(
        self,
        *,
        api_key: str | KeyFunctionT | None = None,
        admin_api_key: str | None = None,
        organization: str | None = None,
        project: str | None = None,
        webhook_secret: str | None = None,
        base_url: object | None = None,
        websocket_base_url: object | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        max_retries: int = NOT_GIVEN,
        retry: RetryPolicy | int | None = None,
        deadline: float | None = NOT_GIVEN,
        first_event_timeout: float | None = NOT_GIVEN,
        idle_timeout: float | None = NOT_GIVEN,
        idempotency_keys: bool = NOT_GIVEN,
        user_agent: str | None = None,
        default_headers: Mapping[str, str | Omit] | None = None,
        set_default_headers: Mapping[str, str | Omit] | None = None,
        default_query: Mapping[str, object] | None = None,
        set_default_query: Mapping[str, object] | None = None,
        http_client: HttpClientT | None = None,
        hooks: Sequence[HookT] = NOT_GIVEN,
    ) -> Self:
        """A client with some settings changed, which shares the connections of this one.

        Closing either closes both, unless the copy has an `http_client` of its own. The arguments
        are those of the client; `default_headers` and `default_query` are added to what is there,
        `set_default_headers`, `set_default_query` and `hooks` replace it.

        Raises:
            OpenAIError: a setting cannot work, or headers or query are both added and replaced.
        """
        check_given_key(api_key, asynchronous=self._asynchronous)
        old = self._settings
        changes = _texts(api_key=api_key, admin_api_key=admin_api_key, organization=organization)
        changes |= _texts(project=project, webhook_secret=webhook_secret)
        changes |= _texts(websocket_base_url=websocket_base_url, user_agent=user_agent)
        if base_url is not None:
            changes["base_url"] = base_url
        headers = old.custom_headers, default_headers, set_default_headers
        changes["custom_headers"] = _changed("default_headers", *headers)
        query = old.default_query, default_query, set_default_query
        changes["default_query"] = _changed("default_query", *query)
        given = {
            # None is no limit here, and in the settings that the user's own HTTP client decides.
            "timeout": Timeout(timeout) if is_given(timeout) else timeout,
            "retry": changed_retry(old.retry, retry, max_retries),
            "deadline": deadline,
            "first_event_timeout": first_event_timeout,
            "idle_timeout": idle_timeout,
            "idempotency_keys": idempotency_keys,
        }
        if is_given(hooks):
            changes["audience"] = audience_of(hooks, asynchronous=self._asynchronous)
        changes.update({name: value for name, value in given.items() if is_given(value)})
        return self._revised(changes, http_client)

    def _revised(self, changes: dict[str, object], http_client: HttpClientT | None) -> Self:
        """A client with other settings, and with the connections of this one or its own."""
        old = self._settings
        changes = {name: each for name, each in changes.items() if each is not getattr(old, name)}
        if http_client is None:
            return self._with(revised(old, changes), self._connections)
        if old.timeout is None and not has_own_timeout(http_client):
            changes.setdefault("timeout", DEFAULT_TIMEOUT)
        connections = Connections[HttpClientT, TransportT](
            http_client, None, Network(), asynchronous=self._asynchronous
        )
        return self._with(revised(old, changes), connections)

    with_options = copy
    """Another name of `copy`, which reads better for a single call."""

    def with_key(self, api_key: str | KeyFunctionT) -> Self:
        """A client with another key, which shares the connections of this one.

        It takes microseconds, so there may be one for each user or call. Closing either closes
        both.

        Raises:
            OpenAIError: the key cannot be one, or a header authenticates instead of the key.
        """
        check_given_key(api_key, asynchronous=self._asynchronous)
        return self._with(with_key(self._settings, api_key), self._connections)

    def _with(self, settings: Settings, connections: Connections[HttpClientT, TransportT]) -> Self:
        """A client like this one, whatever else it holds."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        for name in made.__dict__.keys() & _REPLACED:  # what was replaced was so in this client
            del made.__dict__[name]
        made._settings = settings
        made._connections = connections
        return made

    def is_closed(self) -> bool:
        """Whether this client, or one that shares its connections, was closed."""
        return self._connections.closed

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={without_credentials(self.base_url)!r})"

    def __copy__(self) -> Self:
        return self.copy()

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} cannot be pickled: it holds connections and a key. Make one in"
            " each process."
        )


class OpenAI(
    Groups[Decoded],
    CustomCalls,
    ResumedCalls,
    Client[HttpClient, Transport, TransportName, Hook, KeyFunction],
):
    """The client. `OpenAI().responses.create(model="gpt-5.5", input="Hello")`."""

    _asynchronous = False

    def call(
        self, operation: Operation[T, E], params: Mapping[str, object], options: CallOptions
    ) -> T:
        """Call an operation and give its result; the groups of operations do this."""
        from openai_http import drivers, flows  # together, which takes a third of the time

        transport = self._transport()
        return drivers.run(flows.call(self._settings, operation, params, options), transport)

    def call_for_bytes(
        self, operation: Operation[T, E], params: Mapping[str, object], options: CallOptions
    ) -> HttpxBinaryResponseContent:
        """Call an operation whose answer is a file; the groups of operations do this."""
        from openai_http.bodies.binary import binary_content
        from openai_http.drivers import run
        from openai_http.flows import call_for

        transport = self._transport()
        make = partial(binary_content, operation)
        return run(call_for(self._settings, operation, params, options, make), transport)

    def call_for_page(
        self, operation: Operation[T, E], params: Mapping[str, object], options: CallOptions
    ) -> BaseSyncPage[T]:
        """Call an operation that lists something; the groups of operations do this."""
        from openai_http.drivers import run
        from openai_http.flows import call_for_page

        def fetch(params: Mapping[str, object], options: CallOptions) -> BaseSyncPage[T]:
            flow = call_for_page(
                self._settings, operation, params, options, kind="Sync", fetch=fetch
            )
            return cast("BaseSyncPage[T]", run(flow, self._transport()))

        return fetch(params, options)

    def stream(
        self,
        operation: Operation[T, E],
        params: Mapping[str, object],
        options: CallOptions,
        *,
        resumed: Place | None = None,
    ) -> Stream[E]:
        """Call an operation and give the stream of its events; the groups of operations do this.

        With `resumed`, it is the rest of a response, in whichever way the server has it.
        """
        from openai_http.drivers import run
        from openai_http.streams.flows import StreamedCall
        from openai_http.streams.opening import stream_of

        transport = self._transport()
        call = StreamedCall(self._settings, operation, params, options, resumed=resumed)

        def begin(flow: Flow[Exchange | AsyncExchange]) -> Exchange:
            return cast("Exchange", run(flow, transport))

        def another(error: APIError) -> Exchange:
            return begin(call.another(error))

        source = begin(call.first())
        return stream_of(call.observation, source, call.reader, another, call.token)

    def calls_in_mode(self, *, streamed: bool) -> RawCalls:
        """What makes the calls that give responses instead of results."""
        from openai_http.raw.calls import Caller, RawCalls

        caller = Caller(self._settings, self._transport, self.call_for_page, self)
        return RawCalls(caller, streamed=streamed)

    def _transport(self) -> Transport:
        return self._connections.transport

    def close(self) -> None:
        """Close the connections; the client cannot be used afterwards. Twice is harmless."""
        self._connections.closed = True
        transport = self._connections.transport_to_close
        if transport is not None:
            transport.close()
        if self._settings.audience is not None:
            from openai_http.hooks.telling import tell_all

            tell_all(self._settings.audience.take_missed())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class AsyncOpenAI(
    AsyncGroups[Decoded],
    AsyncCustomCalls,
    AsyncResumedCalls,
    Client[AsyncHttpClient, AsyncTransport, AsyncTransportName, AsyncHook, AsyncKeyFunction],
):
    """The client for asynchronous code: the same operations, awaited."""

    _asynchronous = True

    async def call(
        self, operation: Operation[T, E], params: Mapping[str, object], options: CallOptions
    ) -> T:
        """Call an operation and give its result; the groups of operations do this."""
        from openai_http import drivers, flows

        transport = self._transport()
        flow = flows.call(self._settings, operation, params, options)
        return await drivers.run_async(flow, transport)

    async def call_for_bytes(
        self, operation: Operation[T, E], params: Mapping[str, object], options: CallOptions
    ) -> HttpxBinaryResponseContent:
        """Call an operation whose answer is a file; the groups of operations do this."""
        from openai_http.bodies.binary import binary_content
        from openai_http.drivers import run_async
        from openai_http.flows import call_for

        transport = self._transport()
        make = partial(binary_content, operation)
        return await run_async(
            call_for(self._settings, operation, params, options, make), transport
        )

    def call_for_page(
        self, operation: Operation[T, E], params: Mapping[str, object], options: CallOptions
    ) -> AsyncPaginator[T, BaseAsyncPage[T]]:
        """Call an operation that lists something; the groups of operations do this."""
        from openai_http.drivers import run_async
        from openai_http.flows import call_for_page
        from openai_http.pagination import AsyncPaginator

        async def fetch(params: Mapping[str, object], options: CallOptions) -> BaseAsyncPage[T]:
            flow = call_for_page(
                self._settings, operation, params, options, kind="Async", fetch=fetch
            )
            return cast("BaseAsyncPage[T]", await run_async(flow, self._transport()))

        return AsyncPaginator(lambda: fetch(params, options))

    async def stream(
        self,
        operation: Operation[T, E],
        params: Mapping[str, object],
        options: CallOptions,
        *,
        resumed: Place | None = None,
    ) -> AsyncStream[E]:
        """Call an operation and give the stream of its events; the groups of operations do this.

        With `resumed`, it is the rest of a response, in whichever way the server has it.
        """
        from openai_http.drivers import run_async
        from openai_http.streams.flows import StreamedCall
        from openai_http.streams.opening import async_stream_of

        transport = self._transport()
        call = StreamedCall(self._settings, operation, params, options, resumed=resumed)

        async def begin(flow: Flow[Exchange | AsyncExchange]) -> AsyncExchange:
            return cast("AsyncExchange", await run_async(flow, transport))

        async def another(error: APIError) -> AsyncExchange:
            return await begin(call.another(error))

        source = await begin(call.first())
        return async_stream_of(call.observation, source, call.reader, another, call.token)

    def calls_in_mode(self, *, streamed: bool) -> AsyncRawCalls:
        """What makes the calls that give responses instead of results."""
        from openai_http.raw.calls import AsyncRawCalls, Caller

        caller = Caller(self._settings, self._transport, self.call_for_page, self)
        return AsyncRawCalls(caller, streamed=streamed)

    def _transport(self) -> AsyncTransport:
        return self._connections.transport

    async def close(self) -> None:
        """Close the connections; the client cannot be used afterwards. Twice is harmless."""
        self._connections.closed = True
        transport = self._connections.transport_to_close
        if transport is not None:
            await transport.aclose()
        if self._settings.audience is not None:
            from openai_http.hooks.telling import tell_all_async

            await tell_all_async(self._settings.audience.take_missed())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()


V = TypeVar("V")


def _texts(**named: object) -> dict[str, object]:
    """Those that are given and not empty."""
    return {name: text for name, text in named.items() if text}


def _changed(
    name: str, old: Mapping[str, V], more: Mapping[str, V] | None, instead: Mapping[str, V] | None
) -> Mapping[str, V]:
    if more is not None and instead is not None:
        raise InvalidArgumentError(
            f"Pass {name}, to add some, or set_{name}, to replace all, not both."
        )
    if instead is not None:
        return dict_in(f"set_{name}", instead)
    return {**old, **dict_in(name, more)} if more else old
