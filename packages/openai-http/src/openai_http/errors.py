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
    │   │   └── InternalServerError         500 and above
    │   └── APIConnectionError              there was no answer, or it broke off
    │       └── APITimeoutError             it did not come in time
    ├── InvalidArgumentError                an argument that cannot be sent (also a ValueError)
    ├── LengthFinishReasonError             a parsed completion was cut at its token limit
    └── ContentFilterFinishReasonError      a parsed completion was stopped by a filter

What a failure means, and which of these it becomes, is decided by `status_errors` (the server
answered) and by the transport (it did not).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from openai_types.errors import APIError, OpenAIError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_types.chat import ChatCompletion
    from openai_types.wire import AnswerLike, RequestLike

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
        status_code: its status.
        request_id: the id under which the server knows the call; for support requests.
    """

    response: AnswerLike
    status_code: int
    request_id: str | None

    def __init__(self, message: str, *, response: AnswerLike, body: object | None) -> None:
        super().__init__(message, response.request, body=body)
        headers: Mapping[str, str] = response.headers
        self.response = response
        self.status_code = response.status_code
        self.request_id = headers.get(_REQUEST_ID)


class APIConnectionError(APIError):
    """There was no answer, or it broke off; what had arrived of it is in `body`, as bytes."""

    def __init__(
        self, *, message: str = "Connection error.", request: RequestLike | None = None
    ) -> None:
        super().__init__(message, request)


class APITimeoutError(APIConnectionError):
    """The answer, or the next piece of it, did not come in time."""

    def __init__(
        self, request: RequestLike | None = None, *, message: str = "Request timed out."
    ) -> None:
        super().__init__(message=message, request=request)


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


class InvalidArgumentError(OpenAIError, ValueError):
    """An argument that cannot become a part of a request; nothing was sent."""


class LengthFinishReasonError(OpenAIError):
    """A completion that was to be parsed ended at its token limit.

    Attributes:
        completion: what arrived.
    """

    completion: ChatCompletion

    def __init__(self, *, completion: ChatCompletion) -> None:
        usage = f" after {completion.usage.completion_tokens} tokens" if completion.usage else ""
        super().__init__(
            f"The completion was cut at its token limit{usage}, so it cannot be parsed. Raise"
            " max_completion_tokens; what arrived is in .completion."
        )
        self.completion = completion


class ContentFilterFinishReasonError(OpenAIError):
    """A completion that was to be parsed was stopped by a content filter.

    Attributes:
        completion: what arrived, if anything did.
    """

    completion: ChatCompletion | None

    def __init__(self, *, completion: ChatCompletion | None = None) -> None:
        super().__init__(
            "The completion was stopped by a content filter, so it cannot be parsed. Change the"
            " prompt; what arrived is in .completion."
        )
        self.completion = completion


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
