"""Sync and async clients for the OpenAI API and the servers that speak it.

`OpenAI` and `AsyncOpenAI` have the names, groups and errors of the official package. The HTTP
library is imported by the first call, not before.
"""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

from openai_http.version import __version__

if TYPE_CHECKING:
    from openai_stream.errors import StreamTruncatedError as StreamTruncatedError
    from openai_stream.stream import AsyncStream as AsyncStream
    from openai_stream.stream import Stream as Stream
    from openai_types.errors import APIError as APIError
    from openai_types.errors import OpenAIError as OpenAIError

    from openai_http.binary import HttpxBinaryResponseContent as HttpxBinaryResponseContent
    from openai_http.client import AsyncOpenAI as AsyncOpenAI
    from openai_http.client import OpenAI as OpenAI
    from openai_http.errors import APIConnectionError as APIConnectionError
    from openai_http.errors import APIResponseValidationError as APIResponseValidationError
    from openai_http.errors import APIStatusError as APIStatusError
    from openai_http.errors import APITimeoutError as APITimeoutError
    from openai_http.errors import AuthenticationError as AuthenticationError
    from openai_http.errors import BadRequestError as BadRequestError
    from openai_http.errors import ConflictError as ConflictError
    from openai_http.errors import ContentFilterFinishReasonError as ContentFilterFinishReasonError
    from openai_http.errors import InternalServerError as InternalServerError
    from openai_http.errors import InvalidArgumentError as InvalidArgumentError
    from openai_http.errors import LengthFinishReasonError as LengthFinishReasonError
    from openai_http.errors import NotFoundError as NotFoundError
    from openai_http.errors import PermissionDeniedError as PermissionDeniedError
    from openai_http.errors import RateLimitError as RateLimitError
    from openai_http.errors import UnprocessableEntityError as UnprocessableEntityError
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
    from openai_http.sentinels import NOT_GIVEN as NOT_GIVEN
    from openai_http.sentinels import NotGiven as NotGiven
    from openai_http.sentinels import Omit as Omit
    from openai_http.sentinels import not_given as not_given
    from openai_http.sentinels import omit as omit
    from openai_http.settings import DEFAULT_MAX_RETRIES as DEFAULT_MAX_RETRIES
    from openai_http.timeout import DEFAULT_TIMEOUT as DEFAULT_TIMEOUT
    from openai_http.timeout import Timeout as Timeout

__all__ = [
    "DEFAULT_MAX_RETRIES",
    "DEFAULT_TIMEOUT",
    "NOT_GIVEN",
    "APIConnectionError",
    "APIError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncConversationCursorPage",
    "AsyncCursorPage",
    "AsyncNextCursorPage",
    "AsyncOpenAI",
    "AsyncPage",
    "AsyncPaginator",
    "AsyncStream",
    "AsyncTokenPage",
    "AuthenticationError",
    "BadRequestError",
    "ConflictError",
    "ContentFilterFinishReasonError",
    "Headers",
    "HttpxBinaryResponseContent",
    "InternalServerError",
    "InvalidArgumentError",
    "LengthFinishReasonError",
    "NotFoundError",
    "NotGiven",
    "Omit",
    "OpenAI",
    "OpenAIError",
    "PermissionDeniedError",
    "RateLimitError",
    "Request",
    "Response",
    "Stream",
    "StreamTruncatedError",
    "SyncConversationCursorPage",
    "SyncCursorPage",
    "SyncNextCursorPage",
    "SyncPage",
    "SyncTokenPage",
    "Timeout",
    "UnprocessableEntityError",
    "__version__",
    "not_given",
    "omit",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "APIConnectionError": "openai_http.errors",
        "APIError": "openai_types.errors",
        "APIResponseValidationError": "openai_http.errors",
        "APIStatusError": "openai_http.errors",
        "APITimeoutError": "openai_http.errors",
        "AsyncConversationCursorPage": "openai_http.pagination",
        "AsyncCursorPage": "openai_http.pagination",
        "AsyncNextCursorPage": "openai_http.pagination",
        "AsyncOpenAI": "openai_http.client",
        "AsyncPage": "openai_http.pagination",
        "AsyncPaginator": "openai_http.pagination",
        "AsyncStream": "openai_stream.stream",
        "AsyncTokenPage": "openai_http.pagination",
        "AuthenticationError": "openai_http.errors",
        "BadRequestError": "openai_http.errors",
        "ConflictError": "openai_http.errors",
        "ContentFilterFinishReasonError": "openai_http.errors",
        "DEFAULT_MAX_RETRIES": "openai_http.settings",
        "DEFAULT_TIMEOUT": "openai_http.timeout",
        "Headers": "openai_http.messages",
        "HttpxBinaryResponseContent": "openai_http.binary",
        "InternalServerError": "openai_http.errors",
        "InvalidArgumentError": "openai_http.errors",
        "LengthFinishReasonError": "openai_http.errors",
        "NOT_GIVEN": "openai_http.sentinels",
        "NotFoundError": "openai_http.errors",
        "NotGiven": "openai_http.sentinels",
        "Omit": "openai_http.sentinels",
        "OpenAI": "openai_http.client",
        "OpenAIError": "openai_types.errors",
        "PermissionDeniedError": "openai_http.errors",
        "RateLimitError": "openai_http.errors",
        "Request": "openai_http.messages",
        "Response": "openai_http.messages",
        "Stream": "openai_stream.stream",
        "StreamTruncatedError": "openai_stream.errors",
        "SyncConversationCursorPage": "openai_http.pagination",
        "SyncCursorPage": "openai_http.pagination",
        "SyncNextCursorPage": "openai_http.pagination",
        "SyncPage": "openai_http.pagination",
        "SyncTokenPage": "openai_http.pagination",
        "Timeout": "openai_http.timeout",
        "UnprocessableEntityError": "openai_http.errors",
        "not_given": "openai_http.sentinels",
        "omit": "openai_http.sentinels",
    },
)
