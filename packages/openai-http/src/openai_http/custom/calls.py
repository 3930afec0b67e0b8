"""`client.get`, `post`, `put`, `patch`, `delete`, `get_api_list`: calls of what has no method yet.

Decides what a call gives for a `cast_to`. What is sent is in `custom.operations`; sending is the
client's, as for every operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast, get_args, overload

from openai_types.errors import InvalidTypeError

from openai_http.bodies.casting import as_response, is_response

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from openai_stream import AsyncStream, Stream

    from openai_http.bodies.binary import HttpxBinaryResponseContent
    from openai_http.custom.operations import (
        AsyncContent,
        Content,
        CustomOperation,
        Files,
        RequestOptions,
    )
    from openai_http.operations import Operation
    from openai_http.pagination import AsyncPaginator, BaseAsyncPage, BaseSyncPage
    from openai_http.requests import CallOptions

    Params: TypeAlias = Mapping[str, object]

T = TypeVar("T")
E = TypeVar("E")
StreamT = TypeVar("StreamT", bound="Stream[Any]")  # Any: events of any type
AsyncStreamT = TypeVar("AsyncStreamT", bound="AsyncStream[Any]")  # Any: the same
SyncPageT = TypeVar("SyncPageT", bound="BaseSyncPage[Any]")  # Any: items of any type
AsyncPageT = TypeVar("AsyncPageT", bound="BaseAsyncPage[Any]")  # Any: the same


class CustomCalls:
    """Calls of your own, of `OpenAI`."""

    # The client's calls of operations, which these are made with.
    if TYPE_CHECKING:

        def call(self, operation: Operation[T, E], params: Params, options: CallOptions) -> T:
            """Of the client."""
            ...

        def call_for_bytes(
            self, operation: Operation[T, E], params: Params, options: CallOptions
        ) -> HttpxBinaryResponseContent:
            """Of the client."""
            ...

        def call_for_page(
            self, operation: Operation[T, E], params: Params, options: CallOptions
        ) -> BaseSyncPage[T]:
            """Of the client."""
            ...

        def stream(
            self, operation: Operation[T, E], params: Params, options: CallOptions
        ) -> Stream[E]:
            """Of the client."""
            ...

    @overload
    def get(
        self,
        path: str,
        *,
        cast_to: type[T],
        options: RequestOptions | None = None,
        stream: Literal[False] = False,
        stream_cls: None = None,
    ) -> T: ...

    @overload
    def get(
        self,
        path: str,
        *,
        cast_to: type[object],
        options: RequestOptions | None = None,
        stream: Literal[True],
        stream_cls: type[StreamT],
    ) -> StreamT: ...

    def get(
        self,
        path: str,
        *,
        cast_to: type[T],
        options: RequestOptions | None = None,
        stream: bool = False,
        stream_cls: type[StreamT] | None = None,
    ) -> T | StreamT:
        """Read an endpoint that has no method yet.

        Args:
            path: below the base URL, or a whole URL.
            cast_to: what the answer is read as: a model, `dict[str, object]`, `list[...]`, `object`
                for any JSON, `str` for text, `bytes`, `NoneType` for nothing, a `Response`, that of
                httpx, or `HttpxBinaryResponseContent`.
            options: headers, query and the like.
            stream: give the stream of events.
            stream_cls: the stream with the type of its events: `Stream[Event]`.

        Raises:
            OpenAIError: the request cannot be made of this.
            APIError: as for every operation.
        """
        operation = _operation("GET", path, cast_to, stream_cls)
        if stream:
            return cast("StreamT", self.stream(operation, *_split(options)))
        return self._read(operation, cast_to, options)

    @overload
    def post(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: Content | None = None,
        files: Files | None = None,
        options: RequestOptions | None = None,
        stream: Literal[False] = False,
        stream_cls: None = None,
    ) -> T: ...

    @overload
    def post(
        self,
        path: str,
        *,
        cast_to: type[object],
        body: object = None,
        content: Content | None = None,
        files: Files | None = None,
        options: RequestOptions | None = None,
        stream: Literal[True],
        stream_cls: type[StreamT],
    ) -> StreamT: ...

    def post(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: Content | None = None,
        files: Files | None = None,
        options: RequestOptions | None = None,
        stream: bool = False,
        stream_cls: type[StreamT] | None = None,
    ) -> T | StreamT:
        """Post to an endpoint that has no method yet.

        Args:
            path: below the base URL, or a whole URL.
            cast_to: what the answer is read as: a model, `dict[str, object]`, `list[...]`, `object`
                for any JSON, `str` for text, `bytes`, `NoneType` for nothing, a `Response`, that of
                httpx, or `HttpxBinaryResponseContent`.
            body: anything that is JSON.
            content: what is sent as it is, instead of a body: bytes or text, or what is read while
                it is sent, an open file or pieces of bytes. What can be read once is sent once.
            files: by the names of their fields; the body is the other fields of the form.
            options: headers, query and the like.
            stream: give the stream of events.
            stream_cls: the stream with the type of its events: `Stream[Event]`.

        Raises:
            OpenAIError: the request cannot be made of this.
            APIError: as for every operation.
        """
        operation = _operation(
            "POST", path, cast_to, stream_cls, body=body, content=content, files=files
        )
        if stream:
            return cast("StreamT", self.stream(operation, *_split(options)))
        return self._read(operation, cast_to, options)

    def put(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: Content | None = None,
        files: Files | None = None,
        options: RequestOptions | None = None,
    ) -> T:
        """Put something to an endpoint that has no method yet: as `post`."""
        operation = _operation("PUT", path, cast_to, body=body, content=content, files=files)
        return self._read(operation, cast_to, options)

    def patch(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: Content | None = None,
        options: RequestOptions | None = None,
    ) -> T:
        """Change something at an endpoint that has no method yet: as `post`."""
        operation = _operation("PATCH", path, cast_to, body=body, content=content)
        return self._read(operation, cast_to, options)

    def delete(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: Content | None = None,
        options: RequestOptions | None = None,
    ) -> T:
        """Delete something at an endpoint that has no method yet: as `post`."""
        operation = _operation("DELETE", path, cast_to, body=body, content=content)
        return self._read(operation, cast_to, options)

    def get_api_list(
        self,
        path: str,
        *,
        model: type[object],
        page: type[SyncPageT],
        body: object = None,
        options: RequestOptions | None = None,
        method: str = "get",
    ) -> SyncPageT:
        """List what an endpoint has that has no method yet.

        Args:
            path: below the base URL, or a whole URL.
            model: what an item is read as.
            page: the kind of page, like `SyncCursorPage`.
            body: anything that is JSON.
            options: headers, query and the like.
            method: the HTTP method.

        Raises:
            OpenAIError: the request cannot be made of this.
            APIError: as for every operation.
        """
        operation = _listing(method, path, model, body, page)
        return cast("SyncPageT", self.call_for_page(operation, *_split(options)))

    def _read(
        self,
        operation: CustomOperation[Any, Any],
        cast_to: type[T],
        options: RequestOptions | None,
    ) -> T:
        if is_response(cast_to):
            return as_response(self.call_for_bytes(operation, *_split(options)), cast_to)
        if cast_to is bytes:
            return cast("T", self.call_for_bytes(operation, *_split(options)).content)
        return self.call(operation, *_split(options))


class AsyncCustomCalls:
    """Calls of your own, of `AsyncOpenAI`."""

    # The client's calls of operations, which these are made with.
    if TYPE_CHECKING:

        async def call(self, operation: Operation[T, E], params: Params, options: CallOptions) -> T:
            """Of the client."""
            ...

        async def call_for_bytes(
            self, operation: Operation[T, E], params: Params, options: CallOptions
        ) -> HttpxBinaryResponseContent:
            """Of the client."""
            ...

        def call_for_page(
            self, operation: Operation[T, E], params: Params, options: CallOptions
        ) -> AsyncPaginator[T, BaseAsyncPage[T]]:
            """Of the client."""
            ...

        async def stream(
            self, operation: Operation[T, E], params: Params, options: CallOptions
        ) -> AsyncStream[E]:
            """Of the client."""
            ...

    @overload
    async def get(
        self,
        path: str,
        *,
        cast_to: type[T],
        options: RequestOptions | None = None,
        stream: Literal[False] = False,
        stream_cls: None = None,
    ) -> T: ...

    @overload
    async def get(
        self,
        path: str,
        *,
        cast_to: type[object],
        options: RequestOptions | None = None,
        stream: Literal[True],
        stream_cls: type[AsyncStreamT],
    ) -> AsyncStreamT: ...

    async def get(
        self,
        path: str,
        *,
        cast_to: type[T],
        options: RequestOptions | None = None,
        stream: bool = False,
        stream_cls: type[AsyncStreamT] | None = None,
    ) -> T | AsyncStreamT:
        """Read an endpoint that has no method yet: as `OpenAI.get`."""
        operation = _operation("GET", path, cast_to, stream_cls)
        if stream:
            return cast("AsyncStreamT", await self.stream(operation, *_split(options)))
        return await self._read(operation, cast_to, options)

    @overload
    async def post(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: AsyncContent | None = None,
        files: Files | None = None,
        options: RequestOptions | None = None,
        stream: Literal[False] = False,
        stream_cls: None = None,
    ) -> T: ...

    @overload
    async def post(
        self,
        path: str,
        *,
        cast_to: type[object],
        body: object = None,
        content: AsyncContent | None = None,
        files: Files | None = None,
        options: RequestOptions | None = None,
        stream: Literal[True],
        stream_cls: type[AsyncStreamT],
    ) -> AsyncStreamT: ...

    async def post(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: AsyncContent | None = None,
        files: Files | None = None,
        options: RequestOptions | None = None,
        stream: bool = False,
        stream_cls: type[AsyncStreamT] | None = None,
    ) -> T | AsyncStreamT:
        """Post to an endpoint that has no method yet: as `OpenAI.post`."""
        operation = _operation(
            "POST", path, cast_to, stream_cls, body=body, content=content, files=files
        )
        if stream:
            return cast("AsyncStreamT", await self.stream(operation, *_split(options)))
        return await self._read(operation, cast_to, options)

    async def put(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: AsyncContent | None = None,
        files: Files | None = None,
        options: RequestOptions | None = None,
    ) -> T:
        """Put something to an endpoint that has no method yet: as `OpenAI.put`."""
        operation = _operation("PUT", path, cast_to, body=body, content=content, files=files)
        return await self._read(operation, cast_to, options)

    async def patch(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: AsyncContent | None = None,
        options: RequestOptions | None = None,
    ) -> T:
        """Change something at an endpoint that has no method yet: as `OpenAI.patch`."""
        operation = _operation("PATCH", path, cast_to, body=body, content=content)
        return await self._read(operation, cast_to, options)

    async def delete(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: AsyncContent | None = None,
        options: RequestOptions | None = None,
    ) -> T:
        """Delete something at an endpoint that has no method yet: as `OpenAI.delete`."""
        operation = _operation("DELETE", path, cast_to, body=body, content=content)
        return await self._read(operation, cast_to, options)

    def get_api_list(
        self,
        path: str,
        *,
        model: type[object],
        page: type[AsyncPageT],
        body: object = None,
        options: RequestOptions | None = None,
        method: str = "get",
    ) -> AsyncPaginator[Any, AsyncPageT]:
        """List what an endpoint has that has no method yet: as `OpenAI.get_api_list`."""
        operation = _listing(method, path, model, body, page)
        return cast(
            "AsyncPaginator[Any, AsyncPageT]", self.call_for_page(operation, *_split(options))
        )

    async def _read(
        self,
        operation: CustomOperation[Any, Any],
        cast_to: type[T],
        options: RequestOptions | None,
    ) -> T:
        if is_response(cast_to):
            return as_response(await self.call_for_bytes(operation, *_split(options)), cast_to)
        if cast_to is bytes:
            return cast("T", (await self.call_for_bytes(operation, *_split(options))).content)
        return await self.call(operation, *_split(options))


def _operation(
    method: str,
    path: str,
    cast_to: type[object],
    stream_class: type[object] | None = None,
    **sent: Any,  # Any: body, content and files, as CustomOperation takes them
) -> CustomOperation[Any, Any]:  # Any: the types are known while running only
    from openai_http.custom.operations import CustomOperation

    event_type = next(iter(get_args(stream_class)), cast_to)
    return CustomOperation(method, path, result_type=cast_to, event_type=event_type, **sent)


def _listing(
    method: str, path: str, model: type[object], body: object, page: type[object]
) -> CustomOperation[Any, Any]:
    from openai_http.pagination import BasePage

    if not (isinstance(page, type) and issubclass(page, BasePage)):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidTypeError(f"page is {page!r}. Pass a kind of page, such as SyncCursorPage.")
    return _operation(method.upper(), path, model, body=body, page_class=page)


def _split(options: RequestOptions | None) -> tuple[Params, CallOptions]:
    """The query of a request, and what else a call takes."""
    from openai_http.custom.operations import call_options
    from openai_http.settings import dict_in

    given = cast("RequestOptions", dict_in("options", options))
    return dict_in("params", given.get("params")), call_options(given)
