"""Responses: `client.responses`."""

from __future__ import annotations

from typing import Literal, Unpack, overload

from openai_stream import AsyncStream, Stream
from openai_types import responses

from openai_http.operations import Operation
from openai_http.requests import CallOptions, ExtraBody, ExtraHeaders, ExtraQuery
from openai_http.resources.resource import AsyncResource, Resource
from openai_http.sentinels import NOT_GIVEN
from openai_http.timeout import TimeoutTypes

CREATE: Operation[responses.Response, responses.ResponseStreamEvent] = Operation(
    "responses.create",
    "POST",
    "/responses",
    body="access_programs background background_options context_management conversation "
    "image include input instructions max_output_tokens max_tool_calls metadata "
    "model moderation parallel_tool_calls previous_response_id prompt "
    "prompt_cache_key prompt_cache_options prompt_cache_retention reasoning "
    "safety_identifier service_tier store stream stream_options temperature text "
    "tool_choice tools top_logprobs top_p truncation user",
    result="openai_types.responses:Response",
    events="openai_types.responses:ResponseStreamEvent",
    ends="responses",
)


class Responses(Resource):
    """Responses."""

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
        **params: Unpack[responses.ResponseCreateParamsBase],
    ) -> responses.Response: ...

    @overload
    def create(
        self,
        *,
        stream: Literal[True],
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        **params: Unpack[responses.ResponseCreateParamsBase],
    ) -> Stream[responses.ResponseStreamEvent]: ...

    @overload
    def create(
        self,
        *,
        stream: bool,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        **params: Unpack[responses.ResponseCreateParamsBase],
    ) -> responses.Response | Stream[responses.ResponseStreamEvent]: ...

    def create(
        self,
        *,
        stream: bool | None = NOT_GIVEN,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        **params: Unpack[responses.ResponseCreateParamsBase],
    ) -> responses.Response | Stream[responses.ResponseStreamEvent]:
        """Have a model answer an input.

        The parameters are those of `responses.ResponseCreateParamsBase`.
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


class AsyncResponses(AsyncResource):
    """Responses."""

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
        **params: Unpack[responses.ResponseCreateParamsBase],
    ) -> responses.Response: ...

    @overload
    async def create(
        self,
        *,
        stream: Literal[True],
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        **params: Unpack[responses.ResponseCreateParamsBase],
    ) -> AsyncStream[responses.ResponseStreamEvent]: ...

    @overload
    async def create(
        self,
        *,
        stream: bool,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        **params: Unpack[responses.ResponseCreateParamsBase],
    ) -> responses.Response | AsyncStream[responses.ResponseStreamEvent]: ...

    async def create(
        self,
        *,
        stream: bool | None = NOT_GIVEN,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        **params: Unpack[responses.ResponseCreateParamsBase],
    ) -> responses.Response | AsyncStream[responses.ResponseStreamEvent]:
        """Have a model answer an input.

        The parameters are those of `responses.ResponseCreateParamsBase`.
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
