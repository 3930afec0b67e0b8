"""`client.chat.completions.stream(...)`: completions that are streamed as typed events, and parsed.

Decides what is sent for it. What its streams can do is in `openai_stream.chat.streams`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Required, TypedDict, TypeVar, Unpack, cast

# For those who look into signatures at run time; neither loads anything before it is used.
import openai_stream
from openai_types import chat, shared, shared_params  # noqa: TC002

from openai_http.attempts.retries import RetryPolicy  # noqa: TC001 - as above
from openai_http.raw.modes import ModeT
from openai_http.raw.signatures import name_parameters
from openai_http.requests import CallOptions, ExtraBody, ExtraHeaders, ExtraQuery
from openai_http.resource import AsyncResource, Resource
from openai_http.sentinels import NOT_GIVEN, is_given
from openai_http.timing.timeout import TimeoutTypes  # noqa: TC001 - as above

if TYPE_CHECKING:
    from typing_extensions import TypeVar as TypeVarWithDefault

    from openai_http.operations import Operation

    ResponseFormatT = TypeVarWithDefault("ResponseFormatT", default=None)
else:
    ResponseFormatT = TypeVar("ResponseFormatT")


# A default of any type would be the type of what is parsed, for type checkers.
_NO_FORMAT: chat.CompletionCreateParamsResponseFormat = NOT_GIVEN


class ChatStreamParams(TypedDict, total=False):
    """The parameters of `create` but `response_format`, which may be a type here.

    Type checkers cannot take a key out of a TypedDict; a test holds the two together.
    """

    audio: chat.ChatCompletionAudioParam | None
    frequency_penalty: float | None
    function_call: chat.CompletionCreateParamsFunctionCall
    functions: Iterable[chat.CompletionCreateParamsFunction]
    logit_bias: dict[str, int] | None
    logprobs: bool | None
    max_completion_tokens: int | None
    max_tokens: int | None
    messages: Required[Iterable[chat.ChatCompletionMessageParam]]
    metadata: shared_params.Metadata | None
    modalities: list[Literal["text", "audio"]] | None
    model: Required[str | shared.ChatModel]
    moderation: chat.CompletionCreateParamsModeration | None
    n: int | None
    parallel_tool_calls: bool
    prediction: chat.ChatCompletionPredictionContentParam | None
    presence_penalty: float | None
    prompt_cache_key: str | None
    prompt_cache_options: chat.CompletionCreateParamsPromptCacheOptions
    prompt_cache_retention: Literal["in_memory", "24h"] | None
    reasoning_effort: shared.ReasoningEffort | None
    safety_identifier: str | None
    seed: int | None
    service_tier: Literal["auto", "default", "flex", "scale", "priority", "fast"] | None
    stop: str | Sequence[str] | None
    store: bool | None
    stream_options: chat.ChatCompletionStreamOptionsParam | None
    temperature: float | None
    tool_choice: chat.ChatCompletionToolChoiceOptionParam
    tools: Iterable[chat.ChatCompletionToolUnionParam]
    top_logprobs: int | None
    top_p: float | None
    user: str
    verbosity: Literal["low", "medium", "high"] | None
    web_search_options: chat.CompletionCreateParamsWebSearchOptions


class ChatStreaming(Resource[ModeT]):
    """`stream` of `client.chat.completions`."""

    __slots__ = ()

    @name_parameters
    def stream(  # noqa: D417 - the options are those of every call
        self,
        *,
        response_format: chat.CompletionCreateParamsResponseFormat
        | type[ResponseFormatT] = _NO_FORMAT,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        deadline: float | None = NOT_GIVEN,
        retry: RetryPolicy | int | None = None,
        idempotency_key: str | None = None,
        first_event_timeout: float | None = NOT_GIVEN,
        idle_timeout: float | None = NOT_GIVEN,
        **params: Unpack[ChatStreamParams],
    ) -> openai_stream.ChatCompletionStreamManager[ResponseFormatT]:
        """Stream a completion as typed events; `with` sends the request.

        `with client.chat.completions.stream(model="gpt-5.5", messages=[...]) as stream:` gives a
        `ChatCompletionStream`: iterate its events, its `text()` or its `tool_calls()`, or ask for
        `get_final_completion()`.

        Args:
            response_format: a type, such as a pydantic model, that the content is to be: it is sent
                as a strict JSON schema, and `parsed` of the message is of it. Or what `create`
                takes there.
            params: those of `create`. Of `tools`, those that are strict have their arguments
                parsed, by the model of `pydantic_function_tool` where it made them.

        The other arguments are the options of every call that streams.

        Raises:
            TypeError: a parameter is unknown, or a required one is missing; or the group is one
                that gives raw responses.
            StrictSchemaError: the type has something that strict schemas cannot say.
        """
        client = self._client
        options = CallOptions(
            *(extra_headers, extra_query, extra_body, timeout, deadline, retry, idempotency_key),
            *(first_event_timeout, idle_timeout),
        )
        operation, sent = _prepared(client, response_format, params)
        return openai_stream.ChatCompletionStreamManager(
            lambda: client.stream(operation, sent, options),
            response_format=response_format,
            input_tools=cast("list[object] | None", sent.get("tools")),
        )


class AsyncChatStreaming(AsyncResource[ModeT]):
    """`stream` of `client.chat.completions`, for asynchronous code."""

    __slots__ = ()

    @name_parameters
    def stream(
        self,
        *,
        response_format: chat.CompletionCreateParamsResponseFormat
        | type[ResponseFormatT] = _NO_FORMAT,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        deadline: float | None = NOT_GIVEN,
        retry: RetryPolicy | int | None = None,
        idempotency_key: str | None = None,
        first_event_timeout: float | None = NOT_GIVEN,
        idle_timeout: float | None = NOT_GIVEN,
        **params: Unpack[ChatStreamParams],
    ) -> openai_stream.AsyncChatCompletionStreamManager[ResponseFormatT]:
        """Stream a completion as typed events; `async with` sends the request.

        Arguments and errors are those of the synchronous method.
        """
        client = self._client
        options = CallOptions(
            *(extra_headers, extra_query, extra_body, timeout, deadline, retry, idempotency_key),
            *(first_event_timeout, idle_timeout),
        )
        operation, sent = _prepared(client, response_format, params)
        return openai_stream.AsyncChatCompletionStreamManager(
            lambda: client.stream(operation, sent, options),
            response_format=response_format,
            input_tools=cast("list[object] | None", sent.get("tools")),
        )


def _prepared(
    client: object, response_format: object, params: ChatStreamParams
) -> tuple[Operation[chat.ChatCompletion, chat.ChatCompletionChunk], dict[str, object]]:
    """What to call, and with what."""
    from openai_http.client import Client
    from openai_http.resources.chat import CHAT_COMPLETIONS_CREATE

    if not isinstance(client, Client):
        raise TypeError(
            "chat.completions.stream() gives events and no raw response: leave with_raw_response"
            " and with_streaming_response out; stream.response has the head of the answer."
        )
    given = {name: value for name, value in params.items() if is_given(value)}
    if given.get("tools") is not None:  # read twice: for the request, and for the answer
        given["tools"] = list(cast("Iterable[object]", given["tools"]))
    if isinstance(response_format, Mapping):
        given["response_format"] = response_format
    elif response_format is not None and is_given(response_format):
        from openai_tools import response_format_of

        given["response_format"] = response_format_of(cast("type[object]", response_format))
    CHAT_COMPLETIONS_CREATE.check(given)
    return CHAT_COMPLETIONS_CREATE, {**given, "stream": True}
