"""Chat: `client.chat.completions`."""

from __future__ import annotations

from typing import Literal, Unpack, overload

from openai_stream import AsyncStream, Stream
from openai_types import chat

from openai_http.operations import Operation
from openai_http.requests import CallOptions, ExtraBody, ExtraHeaders, ExtraQuery
from openai_http.resources.resource import AsyncResource, Resource
from openai_http.sentinels import NOT_GIVEN
from openai_http.timeout import TimeoutTypes

CREATE: Operation[chat.ChatCompletion, chat.ChatCompletionChunk] = Operation(
    "chat.completions.create",
    "POST",
    "/chat/completions",
    body="audio frequency_penalty function_call functions logit_bias logprobs "
    "max_completion_tokens max_tokens messages metadata modalities model moderation "
    "n parallel_tool_calls prediction presence_penalty prompt_cache_key "
    "prompt_cache_options prompt_cache_retention reasoning_effort response_format "
    "safety_identifier seed service_tier stop store stream stream_options "
    "temperature tool_choice tools top_logprobs top_p user verbosity "
    "web_search_options",
    required="messages model",
    result="openai_types.chat:ChatCompletion",
    events="openai_types.chat:ChatCompletionChunk",
    ends="chat_completions",
)


class Chat(Resource):
    """Chat."""

    __slots__ = ()

    @property
    def completions(self) -> Completions:
        """Chat completions."""
        return Completions(self._client)


class AsyncChat(AsyncResource):
    """Chat."""

    __slots__ = ()

    @property
    def completions(self) -> AsyncCompletions:
        """Chat completions."""
        return AsyncCompletions(self._client)


class Completions(Resource):
    """Chat completions."""

    __slots__ = ()

    @overload
    def create(
        self,
        *,
        stream: Literal[False] | None = NOT_GIVEN,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        **params: Unpack[chat.CompletionCreateParamsBase],
    ) -> chat.ChatCompletion: ...

    @overload
    def create(
        self,
        *,
        stream: Literal[True],
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        **params: Unpack[chat.CompletionCreateParamsBase],
    ) -> Stream[chat.ChatCompletionChunk]: ...

    @overload
    def create(
        self,
        *,
        stream: bool,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        **params: Unpack[chat.CompletionCreateParamsBase],
    ) -> chat.ChatCompletion | Stream[chat.ChatCompletionChunk]: ...

    def create(
        self,
        *,
        stream: bool | None = NOT_GIVEN,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        **params: Unpack[chat.CompletionCreateParamsBase],
    ) -> chat.ChatCompletion | Stream[chat.ChatCompletionChunk]:
        """Have a model answer the messages of a chat.

        The parameters are those of `chat.CompletionCreateParamsBase`.
        With `stream=True` it returns the events as they are made.

        Raises:
            TypeError: a parameter is unknown, or a required one is missing.
            APIStatusError: the server refused or failed; its subclasses say how.
            APIConnectionError: there was no answer, or it broke off.
            APIResponseValidationError: the answer is not what the API describes.
        """
        given = {**params, "stream": stream}
        options = CallOptions(extra_headers, extra_query, extra_body, timeout)
        if stream:
            return self._client.stream(CREATE, given, options)
        return self._client.call(CREATE, given, options)


class AsyncCompletions(AsyncResource):
    """Chat completions."""

    __slots__ = ()

    @overload
    async def create(
        self,
        *,
        stream: Literal[False] | None = NOT_GIVEN,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        **params: Unpack[chat.CompletionCreateParamsBase],
    ) -> chat.ChatCompletion: ...

    @overload
    async def create(
        self,
        *,
        stream: Literal[True],
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        **params: Unpack[chat.CompletionCreateParamsBase],
    ) -> AsyncStream[chat.ChatCompletionChunk]: ...

    @overload
    async def create(
        self,
        *,
        stream: bool,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        **params: Unpack[chat.CompletionCreateParamsBase],
    ) -> chat.ChatCompletion | AsyncStream[chat.ChatCompletionChunk]: ...

    async def create(
        self,
        *,
        stream: bool | None = NOT_GIVEN,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        **params: Unpack[chat.CompletionCreateParamsBase],
    ) -> chat.ChatCompletion | AsyncStream[chat.ChatCompletionChunk]:
        """Have a model answer the messages of a chat.

        The parameters are those of `chat.CompletionCreateParamsBase`.
        With `stream=True` it returns the events as they are made.

        Raises:
            TypeError: a parameter is unknown, or a required one is missing.
            APIStatusError: the server refused or failed; its subclasses say how.
            APIConnectionError: there was no answer, or it broke off.
            APIResponseValidationError: the answer is not what the API describes.
        """
        given = {**params, "stream": stream}
        options = CallOptions(extra_headers, extra_query, extra_body, timeout)
        if stream:
            return await self._client.stream(CREATE, given, options)
        return await self._client.call(CREATE, given, options)
