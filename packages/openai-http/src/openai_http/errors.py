"""The errors of a call, with the names and attributes of the official package.

    OpenAIError
    ├── APIError                            `openai_types.errors`
    │   ├── APIResponseValidationError      the answer is not what the API describes
    │   ├── APIStatusError                  the answer has an error's status
    │   │   ├── BadRequestError             400
    │   │   ├── AuthenticationError         401
    │   │   ├── PermissionDeniedError       403
    │   │   ├── NotFoundError               404
    │   │   ├── ConflictError               409
    │   │   ├── UnprocessableEntityError    422
    │   │   ├── RateLimitError              429
    │   │   ├── InternalServerError         500 and above
    │   │   ├── QuotaExceededError          the credit or the quota is used up
    │   │   ├── ContextLengthError          the input is longer than the model's context
    │   │   └── ContentFilterError          a content filter refused
    │   └── APIConnectionError              there was no answer, or it broke off
    │       └── APITimeoutError             it did not come in time
    │           ├── PoolExhaustedError      no connection became free in time
    │           └── DeadlineExceededError   the call was not done within its deadline
    └── InvalidArgumentError                `openai_types.errors`; also a ValueError

The three below the statuses come with any of them, so each is of the status's class as well
(`failures.combined`): a 429 for lack of credit is a `QuotaExceededError` and a `RateLimitError`.

What a failure means, and which of these it becomes, is decided by `failures.statuses` (the
server answered) and by `failures.connecting` (it did not).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from openai_types.errors import APIError

from openai_http.attempts.rate_limits import read_rate_limit
from openai_http.failures.kinds import is_lasting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_types.wire import AnswerLike, RequestLike

    from openai_http.attempts.rate_limits import RateLimit

ConnectionPhase: TypeAlias = Literal["pool", "dns", "connect", "tls", "proxy", "write", "read"]
"""The steps of a call, in their order; "connect" is the making of the TCP connection."""

_REQUEST_ID = "x-request-id"


class APIResponseValidationError(APIError):
    """The server answered with success, but not with what the API describes.

    Attributes:
        response: the answer; its body is in `body`, as text if it is not JSON.
        status_code: its status.
    """

    response: AnswerLike
    status_code: int

    def __init__(
        self, response: AnswerLike, body: object | None, *, message: str | None = None
    ) -> None:
        super().__init__(
            message or "The answer is not what the API describes.", response.request, body=body
        )
        self.response = response
        self.status_code = response.status_code


class APIStatusError(APIError):
    """The server answered with an error's status.

    Attributes:
        response: the answer.
        status_code: its status. Where a server reports an error with the status of success, it
            is the one that the error names, if it names one; `response` has that of the answer.
        request_id: the id under which the server knows the call; for support requests.
        is_permanent: whether the same request cannot succeed in another attempt: the quota is
            used up, the key is wrong, the input is too long, the model unknown, …
    """

    response: AnswerLike
    status_code: int
    request_id: str | None
    is_permanent: bool

    def __init__(self, message: str, *, response: AnswerLike, body: object | None) -> None:
        super().__init__(message, response.request, body=body)
        headers: Mapping[str, str] = response.headers
        self.response = response
        self.status_code = response.status_code
        self.request_id = headers.get(_REQUEST_ID)
        self.is_permanent = is_lasting(self.status_code)

    @property
    def rate_limit(self) -> RateLimit | None:
        """What the server said of the limits; None if it said nothing."""
        return read_rate_limit(self.response.headers)


class APIConnectionError(APIError):
    """There was no answer, or it broke off; what had arrived of it is in `body`, as bytes.

    Attributes:
        host: the host and port that were to be reached, or the proxy's if it failed there.
        phase: where it failed; None where that is not known.
        outcome: "never_sent" if the server certainly did not get the request, so that sending it
            again does nothing twice; "unknown" if it may have got it, and acted on it.
        is_permanent: whether another attempt cannot succeed, because the server's certificate is
            not accepted.
    """

    host: str | None
    phase: ConnectionPhase | None
    outcome: Literal["never_sent", "unknown"]
    is_permanent: bool

    ends_stream = "truncated"

    def __init__(
        self, *, message: str = "Connection error.", request: RequestLike | None = None
    ) -> None:
        super().__init__(message, request)
        self.host = None
        self.phase = None
        self.outcome = "unknown"
        self.is_permanent = False


class APITimeoutError(APIConnectionError):
    """The answer, or the next piece of it, did not come in time."""

    ends_stream = "stalled"

    def __init__(
        self, request: RequestLike | None = None, *, message: str = "Request timed out."
    ) -> None:
        super().__init__(message=message, request=request)


class PoolExhaustedError(APITimeoutError):
    """All connections were in use, and none became free in time; nothing was sent."""


class DeadlineExceededError(APITimeoutError):
    """The call was not done within its deadline; the message says where the time went.

    Attributes:
        seconds: the deadline.
    """

    ends_stream = "truncated"

    def __init__(
        self,
        request: RequestLike | None = None,
        *,
        message: str = "Deadline exceeded.",
        seconds: float = 0.0,
    ) -> None:
        super().__init__(request, message=message)
        self.seconds = seconds


class BadRequestError(APIStatusError):
    """The request is not acceptable; `param` often says what of it."""

    status_code: Literal[400] = 400  # pyright: ignore[reportIncompatibleVariableOverride]


class AuthenticationError(APIStatusError):
    """The API key is missing, wrong or revoked."""

    status_code: Literal[401] = 401  # pyright: ignore[reportIncompatibleVariableOverride]


class PermissionDeniedError(APIStatusError):
    """The key may not do this."""

    status_code: Literal[403] = 403  # pyright: ignore[reportIncompatibleVariableOverride]


class NotFoundError(APIStatusError):
    """There is no such model, object or route."""

    status_code: Literal[404] = 404  # pyright: ignore[reportIncompatibleVariableOverride]


class ConflictError(APIStatusError):
    """The object was changed by someone else at the same time."""

    status_code: Literal[409] = 409  # pyright: ignore[reportIncompatibleVariableOverride]


class UnprocessableEntityError(APIStatusError):
    """The server understood the request and cannot do it."""

    status_code: Literal[422] = 422  # pyright: ignore[reportIncompatibleVariableOverride]


class RateLimitError(APIStatusError):
    """Too many requests or tokens, or no credit left: `code` says which."""

    status_code: Literal[429] = 429  # pyright: ignore[reportIncompatibleVariableOverride]


class InternalServerError(APIStatusError):
    """The server failed."""


class QuotaExceededError(APIStatusError):
    """The credit or the quota is used up: waiting does not help, paying or a higher limit does."""

    def __init__(self, message: str, *, response: AnswerLike, body: object | None) -> None:
        super().__init__(message, response=response, body=body)
        self.is_permanent = True


class ContextLengthError(APIStatusError):
    """The input, with the output that was asked for, is longer than the model's context.

    Attributes:
        limit: the tokens that the context has, where the server says so.
        used: the tokens that the request would take, where the server says so.
    """

    limit: int | None
    used: int | None

    def __init__(self, message: str, *, response: AnswerLike, body: object | None) -> None:
        super().__init__(message, response=response, body=body)
        self.is_permanent = True
        self.limit = None
        self.used = None


class ContentFilterError(APIStatusError):
    """A content filter refused the input or what would have been answered.

    Attributes:
        result: what it found, by category, as Azure says it (`content_filter_result`), or what
            else the server tells of it.
    """

    result: Mapping[str, object] | None

    def __init__(self, message: str, *, response: AnswerLike, body: object | None) -> None:
        super().__init__(message, response=response, body=body)
        self.is_permanent = True
        self.result = None


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}
_SERVER_FAILURE = 500


def status_error_class(status: int) -> type[APIStatusError]:
    """The class of error of a status."""
    if status >= _SERVER_FAILURE:
        return InternalServerError
    return _BY_STATUS.get(status, APIStatusError)
