"""`client.responses.stream(...)`: responses that are streamed, put together and parsed.

Decides what is sent for it. What its events know is in `openai_stream.responses.streams`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Unpack, cast, overload

# For those who look into signatures at run time; neither loads anything before it is used.
import openai_stream  # noqa: TC002
from openai_types import responses  # noqa: TC002

from openai_http.attempts.retries import RetryPolicy  # noqa: TC001 - as above
from openai_http.bodies.encoding import plain
from openai_http.raw.modes import ModeT
from openai_http.raw.signatures import name_parameters
from openai_http.requests import CallOptions, ExtraBody, ExtraHeaders, ExtraQuery
from openai_http.resource import AsyncResource, Resource
from openai_http.sentinels import NOT_GIVEN, Omit, is_given, omit
from openai_http.timing.timeout import TimeoutTypes  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openai_stream.responses.streams import ResponseStreamState
    from typing_extensions import TypeVar

    from openai_http.operations import Operation
    from openai_http.requests import StreamOptionsParams

    TextFormatT = TypeVar("TextFormatT", default=None)

    class CreateStreamCall(responses.ResponseCreateParamsBase, StreamOptionsParams):
        """The parameters of `create`, and the options of a call that streams."""

    class RetrieveStreamCall(StreamOptionsParams, total=False):
        """What goes with the id of a response that is streamed again."""

        starting_after: int
        tools: Iterable[responses.ToolParam]


# A default of any type would be the type of what is parsed, for type checkers.
_NO_FORMAT: Omit = omit


class ResponseStreaming(Resource[ModeT]):
    """`stream` of `client.responses`."""

    __slots__ = ()

    @overload
    def stream(
        self,
        *,
        response_id: str,
        text_format: type[TextFormatT] | Omit = _NO_FORMAT,
        **params: Unpack[RetrieveStreamCall],
    ) -> openai_stream.ResponseStreamManager[TextFormatT]: ...

    @overload
    def stream(
        self,
        *,
        text_format: type[TextFormatT] | Omit = _NO_FORMAT,
        **params: Unpack[CreateStreamCall],
    ) -> openai_stream.ResponseStreamManager[TextFormatT]: ...

    @name_parameters
    def stream(  # noqa: D417 - the options are those of every call
        self,
        *,
        response_id: str | Omit = omit,
        text_format: type | Omit = _NO_FORMAT,
        starting_after: int | Omit = omit,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        deadline: float | None = NOT_GIVEN,
        retry: RetryPolicy | int | None = None,
        idempotency_key: str | None = None,
        first_event_timeout: float | None = NOT_GIVEN,
        idle_timeout: float | None = NOT_GIVEN,
        **params: Unpack[responses.ResponseCreateParamsBase],
    ) -> openai_stream.ResponseStreamManager[Any]:  # Any: the overloads say what
        """Stream a response whose events know the text so far; `with` sends the request.

        `with client.responses.stream(model="gpt-5.5", input="Hi") as stream:` gives a
        `ResponseStream`: iterate its events or its `text()`, or ask for `get_final_response()`.

        Args:
            response_id: a response that was made in the background, to be streamed (again).
            text_format: a type, such as a pydantic model, that the text is to be; it is sent as a
                strict JSON schema, and `output_parsed` of the final response is of it.
            starting_after: with `response_id`, the sequence number of the last event that is not
                wanted again.
            params: those of `create`, which are sent; with `response_id` only `tools`. Of `tools`,
                those that are strict have their arguments parsed, by the model of
                `pydantic_function_tool` where it made them.

        The other arguments are the options of every call that streams.

        Raises:
            TypeError: a parameter is unknown, or does not go with another.
            OpenAIError: the type cannot be a strict schema.
        """
        client = self._client
        options = CallOptions(
            *(extra_headers, extra_query, extra_body, timeout, deadline, retry, idempotency_key),
            *(first_event_timeout, idle_timeout),
        )
        asked = {"response_id": response_id, "starting_after": starting_after, **params}
        call = _prepared(client, asked, text_format, options)

        def opened() -> ResponseStream[Any]:
            stream = client.stream(call.operation, call.params, call.options)
            return ResponseStream(stream, call.state)

        from openai_stream.responses.streams import ResponseStream, ResponseStreamManager

        return ResponseStreamManager(opened)


class AsyncResponseStreaming(AsyncResource[ModeT]):
    """`stream` of `client.responses`, for asynchronous code."""

    __slots__ = ()

    @overload
    def stream(
        self,
        *,
        response_id: str,
        text_format: type[TextFormatT] | Omit = _NO_FORMAT,
        **params: Unpack[RetrieveStreamCall],
    ) -> openai_stream.AsyncResponseStreamManager[TextFormatT]: ...

    @overload
    def stream(
        self,
        *,
        text_format: type[TextFormatT] | Omit = _NO_FORMAT,
        **params: Unpack[CreateStreamCall],
    ) -> openai_stream.AsyncResponseStreamManager[TextFormatT]: ...

    @name_parameters
    def stream(
        self,
        *,
        response_id: str | Omit = omit,
        text_format: type | Omit = _NO_FORMAT,
        starting_after: int | Omit = omit,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        deadline: float | None = NOT_GIVEN,
        retry: RetryPolicy | int | None = None,
        idempotency_key: str | None = None,
        first_event_timeout: float | None = NOT_GIVEN,
        idle_timeout: float | None = NOT_GIVEN,
        **params: Unpack[responses.ResponseCreateParamsBase],
    ) -> openai_stream.AsyncResponseStreamManager[Any]:  # Any: as above
        """Stream a response whose events know the text so far; `async with` sends the request.

        Arguments and errors are those of the synchronous method.
        """
        client = self._client
        options = CallOptions(
            *(extra_headers, extra_query, extra_body, timeout, deadline, retry, idempotency_key),
            *(first_event_timeout, idle_timeout),
        )
        asked = {"response_id": response_id, "starting_after": starting_after, **params}
        call = _prepared(client, asked, text_format, options)

        async def opened() -> AsyncResponseStream[Any]:
            stream = await client.stream(call.operation, call.params, call.options)
            return AsyncResponseStream(stream, call.state)

        from openai_stream.responses.streams import AsyncResponseStream, AsyncResponseStreamManager

        return AsyncResponseStreamManager(opened)


# Any: of whichever events and types of texts, which the overloads of `stream` know.
class _Call(NamedTuple):
    operation: Operation[Any, Any]
    params: dict[str, object]
    options: CallOptions
    state: ResponseStreamState[Any]


def _prepared(
    client: object, asked: Mapping[str, object], text_format: type | Omit, options: CallOptions
) -> _Call:
    """What to send, and what makes the events; nothing is sent yet."""
    from openai_stream.responses.streams import ResponseStreamState

    from openai_http.client import Client
    from openai_http.resources.responses import RESPONSES_CREATE, RESPONSES_RETRIEVE

    if not isinstance(client, Client):
        raise TypeError(
            "responses.stream() gives events and no raw response: leave with_raw_response and"
            " with_streaming_response out; stream.response has the head of the answer."
        )
    params = {name: value for name, value in asked.items() if is_given(value)}
    after = cast("int | None", params.pop("starting_after", None))
    type_of_text = cast("type[Any] | None", text_format) if is_given(text_format) else None
    tools = list(cast("Iterable[object]", params.get("tools") or ()))
    if tools:  # read twice: for the request, and for the answer
        params["tools"] = [_as_sent(tool) for tool in tools]
    if params.get("response_id") is None:
        if after is not None:
            raise TypeError("responses.stream() takes starting_after only with a response_id.")
        operation, sent = RESPONSES_CREATE, _with_format(params, type_of_text)
    else:
        operation, sent = RESPONSES_RETRIEVE, _only_id(params)
    operation.check(sent)
    state = ResponseStreamState(text_format=type_of_text, input_tools=tools, starting_after=after)
    return _Call(operation, {**sent, "stream": True}, options, state)


def _with_format(params: Mapping[str, object], text_format: type | None) -> dict[str, object]:
    """The parameters of `create`, with the schema of the type that the text is to be."""
    if text_format is None:
        return dict(params)
    text = cast("Mapping[str, object]", plain(params.get("text") or {}))
    if is_given(text.get("format", NOT_GIVEN)):
        raise TypeError(
            "responses.stream() takes text_format or a format in text, not both: leave one out."
        )
    from openai_tools import text_format_of

    return {**params, "text": {**text, "format": text_format_of(text_format)}}


def _as_sent(tool: object) -> object:
    """A tool as this API takes it; those that models were made of are for chat completions."""
    if not isinstance(tool, dict):
        return tool
    fields = cast("dict[str, object]", tool)
    if not isinstance(fields.get("function"), dict):
        return fields
    return {"type": "function", **cast("dict[str, object]", fields["function"])}


def _only_id(params: Mapping[str, object]) -> dict[str, object]:
    """The parameters for a response that exists: what was asked of it cannot be changed."""
    others = sorted(params.keys() - {"response_id", "tools"})
    if others:
        raise TypeError(
            f"responses.stream() with a response_id streams a response that exists, so it does not"
            f" take {', '.join(others)}. Leave the response_id out for a new response."
        )
    return {"response_id": params["response_id"]}
