"""The clients: their settings, their groups of operations, and the await.

What a call does is in `flows`. Making a client imports no HTTP library and no types: the first
call pays for what it uses.
"""

from __future__ import annotations

from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar, cast

from openai_types.configuration import without_credentials
from openai_types.errors import OpenAIError

from openai_http.resources.groups import AsyncGroups, Groups
from openai_http.sentinels import NOT_GIVEN, is_given
from openai_http.settings import DEFAULT_MAX_RETRIES, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

    from openai_stream import AsyncStream, Stream

    from openai_http.binary import HttpxBinaryResponseContent
    from openai_http.operations import Operation
    from openai_http.pagination import AsyncPaginator, BaseAsyncPage, BaseSyncPage
    from openai_http.requests import CallOptions
    from openai_http.sentinels import Omit
    from openai_http.timeout import Timeout, TimeoutTypes
    from openai_http.transport import AsyncExchange, AsyncTransport, Exchange, Transport
    from openai_http.transports.httpx import AsyncHttpClient, HttpClient

T = TypeVar("T")
E = TypeVar("E")
HttpClientT = TypeVar("HttpClientT")
TransportT = TypeVar("TransportT")


class Connections(Generic[HttpClientT, TransportT]):
    """The transport of a client and its copies, made when it is first used.

    Attributes:
        http_client: the user's own, if there is one.
        transport: None until it is needed.
        closed: nothing may be sent any more.
    """

    __slots__ = ("closed", "http_client", "transport")

    def __init__(self, http_client: HttpClientT | None) -> None:
        self.http_client = http_client
        self.transport: TransportT | None = None
        self.closed = False


class Client(Generic[HttpClientT, TransportT]):
    """What both clients share. Make one and share it: by threads, and by all who use one key.

    Args:
        api_key: the key; by default that of OPENAI_API_KEY.
        admin_api_key: the key for an organization's administrators; by default that of
            OPENAI_ADMIN_KEY.
        organization: the organization to bill; by default that of OPENAI_ORG_ID.
        project: the project to bill; by default that of OPENAI_PROJECT_ID.
        webhook_secret: signs webhooks; by default that of OPENAI_WEBHOOK_SECRET.
        base_url: the server; by default that of OPENAI_BASE_URL, or else the OpenAI API.
        websocket_base_url: the server for WebSockets where it is another.
        timeout: seconds, a `Timeout`, or None for no limit. By default 600 s for each piece of an
            answer and 5 s to connect, or what `http_client` was given.
        max_retries: how many times a failed request is sent again.
        default_headers: added to every request; `omit` as a value removes one. The variable
            OPENAI_CUSTOM_HEADERS adds some too, one `Name: value` a line.
        default_query: added to the query of every request.
        http_client: an HTTP client of your own, used as it is.
        _strict_response_validation: refuse answers that are not what the API describes, instead
            of keeping what does not fit as it came.

    Raises:
        OpenAIError: a setting is missing or cannot work; the message names it and the remedy.
    """

    _asynchronous: bool

    def __init__(
        self,
        *,
        api_key: str | None = None,
        admin_api_key: str | None = None,
        organization: str | None = None,
        project: str | None = None,
        webhook_secret: str | None = None,
        base_url: object | None = None,  # text, or the URL of an HTTP library
        websocket_base_url: object | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        max_retries: int = DEFAULT_MAX_RETRIES,
        default_headers: Mapping[str, str | Omit] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: HttpClientT | None = None,
        _strict_response_validation: bool = False,
    ) -> None:
        if http_client is not None:
            _check_http_client(http_client, asynchronous=self._asynchronous)
        self._connections = Connections[HttpClientT, TransportT](http_client)
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
            default_headers=default_headers,
            default_query=default_query,
            strict=_strict_response_validation,
            own_timeout=_has_own_timeout(http_client),
        )

    @property
    def api_key(self) -> str:
        """The API key; empty where a header authenticates instead."""
        return self._settings.api_key

    @property
    def admin_api_key(self) -> str | None:
        """The key for the operations of an organization's administrators."""
        return self._settings.admin_api_key

    @property
    def organization(self) -> str | None:
        """The organization to bill."""
        return self._settings.organization

    @property
    def project(self) -> str | None:
        """The project to bill."""
        return self._settings.project

    @property
    def webhook_secret(self) -> str | None:
        """The secret that webhooks are signed with."""
        return self._settings.webhook_secret

    @property
    def base_url(self) -> str:
        """The URL below which the operations are; it ends with a slash."""
        return self._settings.base_url

    @property
    def websocket_base_url(self) -> str | None:
        """The URL for WebSockets where it differs from `base_url`."""
        return self._settings.websocket_base_url

    @property
    def timeout(self) -> Timeout | None:
        """The limits of a call; None where the user's own HTTP client decides."""
        return self._settings.timeout

    @property
    def max_retries(self) -> int:
        """How many times a failed request is sent again."""
        return self._settings.max_retries

    @property
    def default_headers(self) -> dict[str, str]:
        """The headers of every request, with lower-case names and their secrets."""
        return dict(self._settings.headers)

    @property
    def default_query(self) -> dict[str, object]:
        """The query parameters of every request."""
        return dict(self._settings.default_query)

    def copy(
        self,
        *,
        api_key: str | None = None,
        admin_api_key: str | None = None,
        organization: str | None = None,
        project: str | None = None,
        webhook_secret: str | None = None,
        base_url: object | None = None,
        websocket_base_url: object | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        max_retries: int = NOT_GIVEN,
        default_headers: Mapping[str, str | Omit] | None = None,
        set_default_headers: Mapping[str, str | Omit] | None = None,
        default_query: Mapping[str, object] | None = None,
        set_default_query: Mapping[str, object] | None = None,
        http_client: HttpClientT | None = None,
    ) -> Self:
        """A client with some settings changed, which shares the connections of this one.

        Closing either closes both, unless the copy has an `http_client` of its own. The arguments
        are those of the client; `default_headers` and `default_query` are added to what is there,
        `set_default_headers` and `set_default_query` replace it.

        Raises:
            OpenAIError: a setting cannot work, or headers or query are both added and replaced.
        """
        old = self._settings
        made = type(self)(
            api_key=api_key or old.api_key or None,
            admin_api_key=admin_api_key or old.admin_api_key,
            organization=organization or old.organization,
            project=project or old.project,
            webhook_secret=webhook_secret or old.webhook_secret,
            base_url=old.base_url if base_url is None else base_url,
            websocket_base_url=websocket_base_url or old.websocket_base_url,
            timeout=timeout if is_given(timeout) else old.timeout or NOT_GIVEN,
            max_retries=max_retries if is_given(max_retries) else old.max_retries,
            default_headers=_changed(
                "default_headers", old.custom_headers, default_headers, set_default_headers
            ),
            default_query=_changed(
                "default_query", old.default_query, default_query, set_default_query
            ),
            http_client=http_client or self._connections.http_client,
            _strict_response_validation=old.strict,
        )
        if http_client is None:
            made._connections = self._connections  # noqa: SLF001 - of its own class
        return made

    with_options = copy
    """Another name of `copy`, which reads better for a single call."""

    def is_closed(self) -> bool:
        """Whether this client, or one that shares its connections, was closed."""
        return self._connections.closed

    def _check_open(self) -> None:
        if self._connections.closed:
            raise OpenAIError("This client is closed. Make a new one, or close it later.")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={without_credentials(self.base_url)!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} cannot be pickled: it holds connections and a key. Make one in"
            " each process."
        )


class OpenAI(Groups, Client["HttpClient", "Transport"]):
    """The client. `OpenAI().responses.create(model="gpt-5.5", input="Hello")`."""

    _asynchronous = False

    def call(
        self, operation: Operation[T, E], params: Mapping[str, object], options: CallOptions
    ) -> T:
        """Call an operation and give its result; the groups of operations do this."""
        from openai_http.drivers import run
        from openai_http.flows import call

        transport = self._transport()
        return run(call(self._settings, operation, params, options), transport)

    def call_for_bytes(
        self, operation: Operation[T, E], params: Mapping[str, object], options: CallOptions
    ) -> HttpxBinaryResponseContent:
        """Call an operation whose answer is a file; the groups of operations do this."""
        from openai_http.binary import HttpxBinaryResponseContent
        from openai_http.drivers import run
        from openai_http.flows import call_for_body

        transport = self._transport()
        response = run(call_for_body(self._settings, operation, params, options), transport)
        return HttpxBinaryResponseContent(response)

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
        self, operation: Operation[T, E], params: Mapping[str, object], options: CallOptions
    ) -> Stream[E]:
        """Call an operation and give the stream of its events; the groups of operations do this."""
        from openai_stream import Stream

        from openai_http.drivers import run
        from openai_http.flows import open_stream

        transport = self._transport()
        reader = operation.reader(strict=self._settings.strict)
        exchange = run(open_stream(self._settings, operation, params, options), transport)
        return Stream(cast("Exchange", exchange), reader)

    def _transport(self) -> Transport:
        self._check_open()
        connections = self._connections
        if connections.transport is None:
            from openai_http.transports.httpx import transport_of

            connections.transport = transport_of(connections.http_client)
        return connections.transport

    def close(self) -> None:
        """Close the connections; the client cannot be used afterwards. Twice is harmless."""
        self._connections.closed = True
        if self._connections.transport is not None:
            self._connections.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class AsyncOpenAI(AsyncGroups, Client["AsyncHttpClient", "AsyncTransport"]):
    """The client for asynchronous code: the same operations, awaited."""

    _asynchronous = True

    async def call(
        self, operation: Operation[T, E], params: Mapping[str, object], options: CallOptions
    ) -> T:
        """Call an operation and give its result; the groups of operations do this."""
        from openai_http.drivers import run_async
        from openai_http.flows import call

        transport = self._transport()
        return await run_async(call(self._settings, operation, params, options), transport)

    async def call_for_bytes(
        self, operation: Operation[T, E], params: Mapping[str, object], options: CallOptions
    ) -> HttpxBinaryResponseContent:
        """Call an operation whose answer is a file; the groups of operations do this."""
        from openai_http.binary import HttpxBinaryResponseContent
        from openai_http.drivers import run_async
        from openai_http.flows import call_for_body

        transport = self._transport()
        flow = call_for_body(self._settings, operation, params, options)
        return HttpxBinaryResponseContent(await run_async(flow, transport))

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
        self, operation: Operation[T, E], params: Mapping[str, object], options: CallOptions
    ) -> AsyncStream[E]:
        """Call an operation and give the stream of its events; the groups of operations do this."""
        from openai_stream import AsyncStream

        from openai_http.drivers import run_async
        from openai_http.flows import open_stream

        transport = self._transport()
        reader = operation.reader(strict=self._settings.strict)
        flow = open_stream(self._settings, operation, params, options)
        exchange = cast("AsyncExchange", await run_async(flow, transport))
        return AsyncStream(exchange, reader)

    def _transport(self) -> AsyncTransport:
        self._check_open()
        connections = self._connections
        if connections.transport is None:
            from openai_http.transports.httpx import async_transport_of

            connections.transport = async_transport_of(connections.http_client)
        return connections.transport

    async def close(self) -> None:
        """Close the connections; the client cannot be used afterwards. Twice is harmless."""
        self._connections.closed = True
        if self._connections.transport is not None:
            await self._connections.transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()


def _check_http_client(http_client: object, *, asynchronous: bool) -> None:
    sends = getattr(http_client, "send", None)
    is_class = isinstance(http_client, type)
    if is_class or not (callable(sends) and hasattr(http_client, "build_request")):
        what = "a class" if is_class else f"of type {type(http_client).__name__}"
        raise OpenAIError(
            f"http_client is {what}. Pass an httpx.Client to OpenAI"
            " and an httpx.AsyncClient to AsyncOpenAI."
        )
    if iscoroutinefunction(sends) != asynchronous:
        wanted = (
            "AsyncOpenAI needs an httpx.AsyncClient"
            if asynchronous
            else "OpenAI needs an httpx.Client"
        )
        raise OpenAIError(f"http_client is of the other kind: {wanted}.")


def _has_own_timeout(http_client: HttpClient | AsyncHttpClient | object | None) -> bool:
    """Whether a user's client was given a timeout, which then holds instead of the default."""
    if http_client is None:
        return False
    from openai_http.transports.httpx import DEFAULT_CLIENT_TIMEOUT

    return getattr(http_client, "timeout", None) != DEFAULT_CLIENT_TIMEOUT


V = TypeVar("V")


def _changed(
    name: str, old: Mapping[str, V], more: Mapping[str, V] | None, instead: Mapping[str, V] | None
) -> Mapping[str, V]:
    if more is not None and instead is not None:
        raise OpenAIError(f"Pass {name}, to add some, or set_{name}, to replace all, not both.")
    if instead is not None:
        return instead
    return {**old, **(more or {})}
