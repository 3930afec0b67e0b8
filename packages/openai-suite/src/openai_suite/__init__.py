"""All of the suite under one name, and its command line.

Every public name of the parts is here, under the name that users of the official package know
where there is one; `openai_suite.types` has the types. No part is imported until it is used.
"""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

from openai_suite.version import __version__

if TYPE_CHECKING:
    from openai_http import DEFAULT_MAX_RETRIES as DEFAULT_MAX_RETRIES
    from openai_http import DEFAULT_TIMEOUT as DEFAULT_TIMEOUT
    from openai_http import NOT_GIVEN as NOT_GIVEN
    from openai_http import APIConnectionError as APIConnectionError
    from openai_http import APIResponseValidationError as APIResponseValidationError
    from openai_http import APIStatusError as APIStatusError
    from openai_http import APITimeoutError as APITimeoutError
    from openai_http import AsyncConversationCursorPage as AsyncConversationCursorPage
    from openai_http import AsyncCursorPage as AsyncCursorPage
    from openai_http import AsyncNextCursorPage as AsyncNextCursorPage
    from openai_http import AsyncOpenAI as AsyncOpenAI
    from openai_http import AsyncPage as AsyncPage
    from openai_http import AsyncPaginator as AsyncPaginator
    from openai_http import AsyncTokenPage as AsyncTokenPage
    from openai_http import AuthenticationError as AuthenticationError
    from openai_http import BadRequestError as BadRequestError
    from openai_http import ConflictError as ConflictError
    from openai_http import ContentFilterFinishReasonError as ContentFilterFinishReasonError
    from openai_http import Headers as Headers
    from openai_http import HttpxBinaryResponseContent as HttpxBinaryResponseContent
    from openai_http import InternalServerError as InternalServerError
    from openai_http import InvalidArgumentError as InvalidArgumentError
    from openai_http import LengthFinishReasonError as LengthFinishReasonError
    from openai_http import NotFoundError as NotFoundError
    from openai_http import NotGiven as NotGiven
    from openai_http import Omit as Omit
    from openai_http import OpenAI as OpenAI
    from openai_http import PermissionDeniedError as PermissionDeniedError
    from openai_http import RateLimitError as RateLimitError
    from openai_http import Request as Request
    from openai_http import Response as Response
    from openai_http import SyncConversationCursorPage as SyncConversationCursorPage
    from openai_http import SyncCursorPage as SyncCursorPage
    from openai_http import SyncNextCursorPage as SyncNextCursorPage
    from openai_http import SyncPage as SyncPage
    from openai_http import SyncTokenPage as SyncTokenPage
    from openai_http import Timeout as Timeout
    from openai_http import UnprocessableEntityError as UnprocessableEntityError
    from openai_http import not_given as not_given
    from openai_http import omit as omit
    from openai_mock import MockServer as MockServer
    from openai_mock import MockServerError as MockServerError
    from openai_mock import WebhookDeliveryError as WebhookDeliveryError
    from openai_mock import create_app as create_app
    from openai_mock import serve as serve
    from openai_realtime import AsyncRealtime as AsyncRealtime
    from openai_realtime import AsyncRealtimeConnection as AsyncRealtimeConnection
    from openai_realtime import AsyncRealtimeConnectionManager as AsyncRealtimeConnectionManager
    from openai_realtime import ClientSettings as ClientSettings
    from openai_realtime import Realtime as Realtime
    from openai_realtime import RealtimeClosedError as RealtimeClosedError
    from openai_realtime import RealtimeConnection as RealtimeConnection
    from openai_realtime import RealtimeConnectionError as RealtimeConnectionError
    from openai_realtime import RealtimeConnectionManager as RealtimeConnectionManager
    from openai_realtime import RealtimeError as RealtimeError
    from openai_realtime import WebSocketConnectionOptions as WebSocketConnectionOptions
    from openai_realtime import connect as connect
    from openai_stream import AsyncByteSource as AsyncByteSource
    from openai_stream import AsyncStream as AsyncStream
    from openai_stream import ByteSource as ByteSource
    from openai_stream import EventReader as EventReader
    from openai_stream import EventTooLargeError as EventTooLargeError
    from openai_stream import ServerSentEvent as ServerSentEvent
    from openai_stream import SSEDecoder as SSEDecoder
    from openai_stream import Stream as Stream
    from openai_stream import StreamDecodeError as StreamDecodeError
    from openai_stream import StreamTruncatedError as StreamTruncatedError
    from openai_stream import TerminalContract as TerminalContract
    from openai_tools import FunctionTool as FunctionTool
    from openai_tools import StrictSchemaError as StrictSchemaError
    from openai_tools import ToolArgumentsError as ToolArgumentsError
    from openai_tools import ToolDefinitionError as ToolDefinitionError
    from openai_tools import function_tool as function_tool
    from openai_tools import pydantic_function_tool as pydantic_function_tool
    from openai_tools import strict_json_schema as strict_json_schema
    from openai_types import APIError as APIError
    from openai_types import BaseModel as BaseModel
    from openai_types import DecodeError as DecodeError
    from openai_types import Decoder as Decoder
    from openai_types import OpenAIError as OpenAIError
    from openai_types import RequestLike as RequestLike
    from openai_types import ResponseLike as ResponseLike
    from openai_types import UnknownMember as UnknownMember
    from openai_webhooks import HeadersLike as HeadersLike
    from openai_webhooks import InvalidWebhookSignatureError as InvalidWebhookSignatureError
    from openai_webhooks import Webhook as Webhook
    from openai_webhooks import WebhookPayloadError as WebhookPayloadError
    from openai_webhooks import WebhookSecretError as WebhookSecretError
    from openai_webhooks import sign as sign

__all__ = [
    "DEFAULT_MAX_RETRIES",
    "DEFAULT_TIMEOUT",
    "NOT_GIVEN",
    "APIConnectionError",
    "APIError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncByteSource",
    "AsyncConversationCursorPage",
    "AsyncCursorPage",
    "AsyncNextCursorPage",
    "AsyncOpenAI",
    "AsyncPage",
    "AsyncPaginator",
    "AsyncRealtime",
    "AsyncRealtimeConnection",
    "AsyncRealtimeConnectionManager",
    "AsyncStream",
    "AsyncTokenPage",
    "AuthenticationError",
    "BadRequestError",
    "BaseModel",
    "ByteSource",
    "ClientSettings",
    "ConflictError",
    "ContentFilterFinishReasonError",
    "DecodeError",
    "Decoder",
    "EventReader",
    "EventTooLargeError",
    "FunctionTool",
    "Headers",
    "HeadersLike",
    "HttpxBinaryResponseContent",
    "InternalServerError",
    "InvalidArgumentError",
    "InvalidWebhookSignatureError",
    "LengthFinishReasonError",
    "MockServer",
    "MockServerError",
    "NotFoundError",
    "NotGiven",
    "Omit",
    "OpenAI",
    "OpenAIError",
    "PermissionDeniedError",
    "RateLimitError",
    "Realtime",
    "RealtimeClosedError",
    "RealtimeConnection",
    "RealtimeConnectionError",
    "RealtimeConnectionManager",
    "RealtimeError",
    "Request",
    "RequestLike",
    "Response",
    "ResponseLike",
    "SSEDecoder",
    "ServerSentEvent",
    "Stream",
    "StreamDecodeError",
    "StreamTruncatedError",
    "StrictSchemaError",
    "SyncConversationCursorPage",
    "SyncCursorPage",
    "SyncNextCursorPage",
    "SyncPage",
    "SyncTokenPage",
    "TerminalContract",
    "Timeout",
    "ToolArgumentsError",
    "ToolDefinitionError",
    "UnknownMember",
    "UnprocessableEntityError",
    "WebSocketConnectionOptions",
    "Webhook",
    "WebhookDeliveryError",
    "WebhookPayloadError",
    "WebhookSecretError",
    "__version__",
    "connect",
    "create_app",
    "function_tool",
    "not_given",
    "omit",
    "pydantic_function_tool",
    "serve",
    "sign",
    "strict_json_schema",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "APIConnectionError": "openai_http",
        "APIError": "openai_types",
        "APIResponseValidationError": "openai_http",
        "APIStatusError": "openai_http",
        "APITimeoutError": "openai_http",
        "AsyncByteSource": "openai_stream",
        "AsyncConversationCursorPage": "openai_http",
        "AsyncCursorPage": "openai_http",
        "AsyncNextCursorPage": "openai_http",
        "AsyncOpenAI": "openai_http",
        "AsyncPage": "openai_http",
        "AsyncPaginator": "openai_http",
        "AsyncRealtime": "openai_realtime",
        "AsyncRealtimeConnection": "openai_realtime",
        "AsyncRealtimeConnectionManager": "openai_realtime",
        "AsyncStream": "openai_stream",
        "AsyncTokenPage": "openai_http",
        "AuthenticationError": "openai_http",
        "BadRequestError": "openai_http",
        "BaseModel": "openai_types",
        "ByteSource": "openai_stream",
        "ClientSettings": "openai_realtime",
        "ConflictError": "openai_http",
        "ContentFilterFinishReasonError": "openai_http",
        "DEFAULT_MAX_RETRIES": "openai_http",
        "DEFAULT_TIMEOUT": "openai_http",
        "DecodeError": "openai_types",
        "Decoder": "openai_types",
        "EventReader": "openai_stream",
        "EventTooLargeError": "openai_stream",
        "FunctionTool": "openai_tools",
        "Headers": "openai_http",
        "HeadersLike": "openai_webhooks",
        "HttpxBinaryResponseContent": "openai_http",
        "InternalServerError": "openai_http",
        "InvalidArgumentError": "openai_http",
        "InvalidWebhookSignatureError": "openai_webhooks",
        "LengthFinishReasonError": "openai_http",
        "MockServer": "openai_mock",
        "MockServerError": "openai_mock",
        "NOT_GIVEN": "openai_http",
        "NotFoundError": "openai_http",
        "NotGiven": "openai_http",
        "Omit": "openai_http",
        "OpenAI": "openai_http",
        "OpenAIError": "openai_types",
        "PermissionDeniedError": "openai_http",
        "RateLimitError": "openai_http",
        "Realtime": "openai_realtime",
        "RealtimeClosedError": "openai_realtime",
        "RealtimeConnection": "openai_realtime",
        "RealtimeConnectionError": "openai_realtime",
        "RealtimeConnectionManager": "openai_realtime",
        "RealtimeError": "openai_realtime",
        "Request": "openai_http",
        "RequestLike": "openai_types",
        "Response": "openai_http",
        "ResponseLike": "openai_types",
        "SSEDecoder": "openai_stream",
        "ServerSentEvent": "openai_stream",
        "Stream": "openai_stream",
        "StreamDecodeError": "openai_stream",
        "StreamTruncatedError": "openai_stream",
        "StrictSchemaError": "openai_tools",
        "SyncConversationCursorPage": "openai_http",
        "SyncCursorPage": "openai_http",
        "SyncNextCursorPage": "openai_http",
        "SyncPage": "openai_http",
        "SyncTokenPage": "openai_http",
        "TerminalContract": "openai_stream",
        "Timeout": "openai_http",
        "ToolArgumentsError": "openai_tools",
        "ToolDefinitionError": "openai_tools",
        "UnknownMember": "openai_types",
        "UnprocessableEntityError": "openai_http",
        "WebSocketConnectionOptions": "openai_realtime",
        "Webhook": "openai_webhooks",
        "WebhookDeliveryError": "openai_mock",
        "WebhookPayloadError": "openai_webhooks",
        "WebhookSecretError": "openai_webhooks",
        "connect": "openai_realtime",
        "create_app": "openai_mock",
        "function_tool": "openai_tools",
        "not_given": "openai_http",
        "omit": "openai_http",
        "pydantic_function_tool": "openai_tools",
        "serve": "openai_mock",
        "sign": "openai_webhooks",
        "strict_json_schema": "openai_tools",
    },
)
