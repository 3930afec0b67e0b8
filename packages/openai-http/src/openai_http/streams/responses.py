"""`client.responses.stream(...)`: responses that are streamed, put together and parsed.

Decides what is sent for it. What its events know is in `openai_stream.responses.streams`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast, overload

from openai_http.raw.modes import ModeT
from openai_http.requests import CallOptions
from openai_http.resource import AsyncResource, Resource
from openai_http.sentinels import NOT_GIVEN, Omit, is_given, omit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Unpack

    from openai_stream.responses.streams import (
        AsyncResponseStreamManager,
        ResponseStreamManager,
        ResponseStreamState,
    )
    from openai_types import responses
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
    ) -> ResponseStreamManager[TextFormatT]: ...

    @overload
    def stream(
        self,
        *,
        text_format: type[TextFormatT] | Omit = _NO_FORMAT,
        **params: Unpack[CreateStreamCall],
    ) -> ResponseStreamManager[TextFormatT]: ...

    def stream(self, **params: Any) -> ResponseStreamManager[Any]:  # Any: the overloads say what
        """Stream a response whose events know the text so far; `with` sends the request.

        `with client.responses.stream(model="gpt-5.5", input="Hi") as stream:` gives a
        `ResponseStream`: iterate its events or its `text()`, or ask for `get_final_response()`.

        Args:
            response_id: a response that was made in the background, to be streamed (again).
            text_format: a type, such as a pydantic model, that the text is to be; it is sent as a
                strict JSON schema, and `output_parsed` of the final response is of it.
            params: those of `create`, which are sent; with `response_id` only `starting_after`, the
                sequence number of the last event that is not wanted again, and `tools`, of which
                strict functions have their arguments parsed. And the options of every call.

        Raises:
            TypeError: a parameter is unknown, or does not go with another.
            OpenAIError: the type cannot be a strict schema.
        """
        client = self._client
        call = _prepared(client, params)

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
    ) -> AsyncResponseStreamManager[TextFormatT]: ...

    @overload
    def stream(
        self,
        *,
        text_format: type[TextFormatT] | Omit = _NO_FORMAT,
        **params: Unpack[CreateStreamCall],
    ) -> AsyncResponseStreamManager[TextFormatT]: ...

    def stream(self, **params: Any) -> AsyncResponseStreamManager[Any]:  # Any: as above
        """Stream a response whose events know the text so far; `async with` sends the request.

        Arguments and errors are those of the synchronous method.
        """
        client = self._client
        call = _prepared(client, params)

        async def opened() -> AsyncResponseStream[Any]:
            stream = await client.stream(call.operation, call.params, call.options)
            return AsyncResponseStream(stream, call.state)

        from openai_stream.responses.streams import AsyncResponseStream, AsyncResponseStreamManager

        return AsyncResponseStreamManager(opened)


class _Call(NamedTuple):
    operation: Operation[Any, Any]
    params: dict[str, object]
    options: CallOptions
    state: ResponseStreamState[Any]


def _prepared(client: object, given: dict[str, Any]) -> _Call:
    """What to send, and what makes the events; nothing is sent yet."""
    from openai_stream.responses.streams import ResponseStreamState

    from openai_http.client import Client
    from openai_http.resources.responses import RESPONSES_CREATE, RESPONSES_RETRIEVE

    if not isinstance(client, Client):
        raise TypeError(
            "responses.stream() gives events and no raw response: leave with_raw_response and"
            " with_streaming_response out; stream.response has the head of the answer."
        )
    options = CallOptions(
        **{name: given.pop(name) for name in CallOptions._fields if name in given}
    )
    params = {name: value for name, value in given.items() if is_given(value)}
    text_format, after = params.pop("text_format", None), params.pop("starting_after", None)
    tools = list(params.get("tools") or ())
    if params.get("response_id") is None:
        if after is not None:
            raise TypeError("responses.stream() takes starting_after only with a response_id.")
        operation, sent = RESPONSES_CREATE, _with_format(params, text_format)
    else:
        operation, sent = RESPONSES_RETRIEVE, _only_id(params)
    operation.check(sent)
    state = ResponseStreamState(text_format=text_format, input_tools=tools, starting_after=after)
    return _Call(operation, {**sent, "stream": True}, options, state)


def _with_format(params: Mapping[str, object], text_format: type | None) -> dict[str, object]:
    """The parameters of `create`, with the schema of the type that the text is to be."""
    if text_format is None:
        return dict(params)
    text = cast("Mapping[str, object]", params.get("text") or {})
    if is_given(text.get("format", NOT_GIVEN)):
        raise TypeError(
            "responses.stream() takes text_format or a format in text, not both: leave one out."
        )
    from openai_tools import text_format_of

    return {**params, "text": {**text, "format": text_format_of(text_format)}}


def _only_id(params: Mapping[str, object]) -> dict[str, object]:
    """The parameters for a response that exists: what was asked of it cannot be changed."""
    others = sorted(params.keys() - {"response_id", "tools"})
    if others:
        raise TypeError(
            f"responses.stream() with a response_id streams a response that exists, so it does not"
            f" take {', '.join(others)}. Leave the response_id out for a new response."
        )
    return {"response_id": params["response_id"]}
