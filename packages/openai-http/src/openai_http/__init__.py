"""Sync and async clients for the OpenAI API and the servers that speak it.

`OpenAI` and `AsyncOpenAI` have the names, groups and errors of the official package. The HTTP
library is imported by the first call, not before.
"""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

from openai_http.version import __version__

if TYPE_CHECKING:
    from openai_stream.errors import (
        ContentFilterFinishReasonError as ContentFilterFinishReasonError,
    )
    from openai_stream.errors import LengthFinishReasonError as LengthFinishReasonError
    from openai_stream.errors import StreamStalledError as StreamStalledError
    from openai_stream.errors import StreamTruncatedError as StreamTruncatedError
    from openai_stream.stream import AsyncStream as AsyncStream
    from openai_stream.stream import Stream as Stream
    from openai_types.attempts import Attempt as Attempt
    from openai_types.errors import APIError as APIError
    from openai_types.errors import InvalidArgumentError as InvalidArgumentError
    from openai_types.errors import InvalidTypeError as InvalidTypeError
    from openai_types.errors import OpenAIError as OpenAIError

    from openai_http.attempts.rate_limits import Allowance as Allowance
    from openai_http.attempts.rate_limits import RateLimit as RateLimit
    from openai_http.attempts.retries import DEFAULT_MAX_RETRIES as DEFAULT_MAX_RETRIES
    from openai_http.attempts.retries import RetryPolicy as RetryPolicy
    from openai_http.bodies.binary import HttpxBinaryResponseContent as HttpxBinaryResponseContent
    from openai_http.client import AsyncOpenAI as AsyncOpenAI
    from openai_http.client import OpenAI as OpenAI
    from openai_http.connections.limits import Limits as Limits
    from openai_http.connections.limits import PoolStats as PoolStats
    from openai_http.custom.operations import RequestOptions as RequestOptions
    from openai_http.errors import APIConnectionError as APIConnectionError
    from openai_http.errors import APIResponseValidationError as APIResponseValidationError
    from openai_http.errors import APIStatusError as APIStatusError
    from openai_http.errors import APITimeoutError as APITimeoutError
    from openai_http.errors import AuthenticationError as AuthenticationError
    from openai_http.errors import BadRequestError as BadRequestError
    from openai_http.errors import ConflictError as ConflictError
    from openai_http.errors import ContentFilterError as ContentFilterError
    from openai_http.errors import ContextLengthError as ContextLengthError
    from openai_http.errors import DeadlineExceededError as DeadlineExceededError
    from openai_http.errors import InternalServerError as InternalServerError
    from openai_http.errors import NotFoundError as NotFoundError
    from openai_http.errors import PermissionDeniedError as PermissionDeniedError
    from openai_http.errors import PoolExhaustedError as PoolExhaustedError
    from openai_http.errors import QuotaExceededError as QuotaExceededError
    from openai_http.errors import RateLimitError as RateLimitError
    from openai_http.errors import UnprocessableEntityError as UnprocessableEntityError
    from openai_http.hooks.events import AttemptAnswered as AttemptAnswered
    from openai_http.hooks.events import AttemptBegan as AttemptBegan
    from openai_http.hooks.events import AttemptFailed as AttemptFailed
    from openai_http.hooks.events import CallBegan as CallBegan
    from openai_http.hooks.events import CallEnded as CallEnded
    from openai_http.hooks.events import CallEvent as CallEvent
    from openai_http.hooks.events import FirstEvent as FirstEvent
    from openai_http.hooks.hook import AsyncHook as AsyncHook
    from openai_http.hooks.hook import Hook as Hook
    from openai_http.messages import Headers as Headers
    from openai_http.messages import Request as Request
    from openai_http.messages import Response as Response
    from openai_http.pagination import AsyncConversationCursorPage as AsyncConversationCursorPage
    from openai_http.pagination import AsyncCursorPage as AsyncCursorPage
    from openai_http.pagination import AsyncNextCursorPage as AsyncNextCursorPage
    from openai_http.pagination import AsyncPage as AsyncPage
    from openai_http.pagination import AsyncPaginator as AsyncPaginator
    from openai_http.pagination import AsyncTokenPage as AsyncTokenPage
    from openai_http.pagination import SyncConversationCursorPage as SyncConversationCursorPage
    from openai_http.pagination import SyncCursorPage as SyncCursorPage
    from openai_http.pagination import SyncNextCursorPage as SyncNextCursorPage
    from openai_http.pagination import SyncPage as SyncPage
    from openai_http.pagination import SyncTokenPage as SyncTokenPage
    from openai_http.raw.responses import APIResponse as APIResponse
    from openai_http.raw.responses import AsyncAPIResponse as AsyncAPIResponse
    from openai_http.raw.responses import AsyncResponseContextManager as AsyncResponseContextManager
    from openai_http.raw.responses import LegacyAPIResponse as LegacyAPIResponse
    from openai_http.raw.responses import ResponseContextManager as ResponseContextManager
    from openai_http.sentinels import NOT_GIVEN as NOT_GIVEN
    from openai_http.sentinels import NotGiven as NotGiven
    from openai_http.sentinels import Omit as Omit
    from openai_http.sentinels import not_given as not_given
    from openai_http.sentinels import omit as omit
    from openai_http.timing.deadlines import deadline as deadline
    from openai_http.timing.timeout import DEFAULT_TIMEOUT as DEFAULT_TIMEOUT
    from openai_http.timing.timeout import Timeout as Timeout
    from openai_http.transport import AsyncTransport as AsyncTransport
    from openai_http.transport import Transport as Transport
    from openai_http.transports.default_clients import DefaultAioHttpClient as DefaultAioHttpClient
    from openai_http.transports.default_clients import (
        DefaultAsyncHttpx2Client as DefaultAsyncHttpx2Client,
    )
    from openai_http.transports.default_clients import (
        DefaultAsyncHttpxClient as DefaultAsyncHttpxClient,
    )
    from openai_http.transports.default_clients import DefaultHttpx2Client as DefaultHttpx2Client
    from openai_http.transports.default_clients import DefaultHttpxClient as DefaultHttpxClient

__all__ = [
    "DEFAULT_MAX_RETRIES",
    "DEFAULT_TIMEOUT",
    "NOT_GIVEN",
    "APIConnectionError",
    "APIError",
    "APIResponse",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "Allowance",
    "AsyncAPIResponse",
    "AsyncConversationCursorPage",
    "AsyncCursorPage",
    "AsyncHook",
    "AsyncNextCursorPage",
    "AsyncOpenAI",
    "AsyncPage",
    "AsyncPaginator",
    "AsyncResponseContextManager",
    "AsyncStream",
    "AsyncTokenPage",
    "AsyncTransport",
    "Attempt",
    "AttemptAnswered",
    "AttemptBegan",
    "AttemptFailed",
    "AuthenticationError",
    "BadRequestError",
    "CallBegan",
    "CallEnded",
    "CallEvent",
    "ConflictError",
    "ContentFilterError",
    "ContentFilterFinishReasonError",
    "ContextLengthError",
    "DeadlineExceededError",
    "DefaultAioHttpClient",
    "DefaultAsyncHttpx2Client",
    "DefaultAsyncHttpxClient",
    "DefaultHttpx2Client",
    "DefaultHttpxClient",
    "FirstEvent",
    "Headers",
    "Hook",
    "HttpxBinaryResponseContent",
    "InternalServerError",
    "InvalidArgumentError",
    "InvalidTypeError",
    "LegacyAPIResponse",
    "LengthFinishReasonError",
    "Limits",
    "NotFoundError",
    "NotGiven",
    "Omit",
    "OpenAI",
    "OpenAIError",
    "PermissionDeniedError",
    "PoolExhaustedError",
    "PoolStats",
    "QuotaExceededError",
    "RateLimit",
    "RateLimitError",
    "Request",
    "RequestOptions",
    "Response",
    "ResponseContextManager",
    "RetryPolicy",
    "Stream",
    "StreamStalledError",
    "StreamTruncatedError",
    "SyncConversationCursorPage",
    "SyncCursorPage",
    "SyncNextCursorPage",
    "SyncPage",
    "SyncTokenPage",
    "Timeout",
    "Transport",
    "UnprocessableEntityError",
    "__version__",
    "deadline",
    "not_given",
    "omit",
]

if not TYPE_CHECKING:  # pragma: no branch - type checkers see the names above
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            "APIConnectionError": "openai_http.errors",
            "AttemptAnswered": "openai_http.hooks.events",
            "AttemptBegan": "openai_http.hooks.events",
            "AttemptFailed": "openai_http.hooks.events",
            "CallBegan": "openai_http.hooks.events",
            "CallEnded": "openai_http.hooks.events",
            "CallEvent": "openai_http.hooks.events",
            "FirstEvent": "openai_http.hooks.events",
            "AsyncHook": "openai_http.hooks.hook",
            "Hook": "openai_http.hooks.hook",
            "APIError": "openai_types.errors",
            "APIResponse": "openai_http.raw.responses",
            "APIResponseValidationError": "openai_http.errors",
            "APIStatusError": "openai_http.errors",
            "APITimeoutError": "openai_http.errors",
            "Allowance": "openai_http.attempts.rate_limits",
            "AsyncAPIResponse": "openai_http.raw.responses",
            "AsyncConversationCursorPage": "openai_http.pagination",
            "AsyncCursorPage": "openai_http.pagination",
            "AsyncNextCursorPage": "openai_http.pagination",
            "AsyncOpenAI": "openai_http.client",
            "AsyncPage": "openai_http.pagination",
            "AsyncPaginator": "openai_http.pagination",
            "AsyncResponseContextManager": "openai_http.raw.responses",
            "AsyncStream": "openai_stream.stream",
            "AsyncTokenPage": "openai_http.pagination",
            "Attempt": "openai_types.attempts",
            "AuthenticationError": "openai_http.errors",
            "BadRequestError": "openai_http.errors",
            "ConflictError": "openai_http.errors",
            "ContentFilterError": "openai_http.errors",
            "ContentFilterFinishReasonError": "openai_stream.errors",
            "ContextLengthError": "openai_http.errors",
            "DEFAULT_MAX_RETRIES": "openai_http.attempts.retries",
            "DEFAULT_TIMEOUT": "openai_http.timing.timeout",
            "DeadlineExceededError": "openai_http.errors",
            "Headers": "openai_http.messages",
            "HttpxBinaryResponseContent": "openai_http.bodies.binary",
            "InternalServerError": "openai_http.errors",
            "InvalidArgumentError": "openai_types.errors",
            "InvalidTypeError": "openai_types.errors",
            "LegacyAPIResponse": "openai_http.raw.responses",
            "LengthFinishReasonError": "openai_stream.errors",
            "NOT_GIVEN": "openai_http.sentinels",
            "NotFoundError": "openai_http.errors",
            "NotGiven": "openai_http.sentinels",
            "Omit": "openai_http.sentinels",
            "OpenAI": "openai_http.client",
            "OpenAIError": "openai_types.errors",
            "PermissionDeniedError": "openai_http.errors",
            "PoolExhaustedError": "openai_http.errors",
            "QuotaExceededError": "openai_http.errors",
            "RateLimit": "openai_http.attempts.rate_limits",
            "RateLimitError": "openai_http.errors",
            "Request": "openai_http.messages",
            "RequestOptions": "openai_http.custom.operations",
            "Response": "openai_http.messages",
            "ResponseContextManager": "openai_http.raw.responses",
            "RetryPolicy": "openai_http.attempts.retries",
            "Stream": "openai_stream.stream",
            "StreamStalledError": "openai_stream.errors",
            "StreamTruncatedError": "openai_stream.errors",
            "SyncConversationCursorPage": "openai_http.pagination",
            "SyncCursorPage": "openai_http.pagination",
            "SyncNextCursorPage": "openai_http.pagination",
            "SyncPage": "openai_http.pagination",
            "SyncTokenPage": "openai_http.pagination",
            "Timeout": "openai_http.timing.timeout",
            "UnprocessableEntityError": "openai_http.errors",
            "deadline": "openai_http.timing.deadlines",
            "Limits": "openai_http.connections.limits",
            "PoolStats": "openai_http.connections.limits",
            "Transport": "openai_http.transport",
            "AsyncTransport": "openai_http.transport",
            "DefaultHttpxClient": "openai_http.transports.default_clients",
            "DefaultAsyncHttpx2Client": "openai_http.transports.default_clients",
            "DefaultHttpx2Client": "openai_http.transports.default_clients",
            "DefaultAsyncHttpxClient": "openai_http.transports.default_clients",
            "DefaultAioHttpClient": "openai_http.transports.default_clients",
            "not_given": "openai_http.sentinels",
            "omit": "openai_http.sentinels",
        },
    )
