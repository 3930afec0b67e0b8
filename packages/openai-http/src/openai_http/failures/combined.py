"""The errors that are of two classes: what happened, and the status with which it was answered.

Providers answer the same with different statuses. So who catches the class of a status goes on
catching it, and who catches what happened need not know the provider. They are written out, so
that no class is made at run time and all can be pickled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_http.errors import (
    AuthenticationError,
    BadRequestError,
    ContentFilterError,
    ContextLengthError,
    InternalServerError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitError,
    UnprocessableEntityError,
    status_error_class,
)
from openai_http.failures.kinds import Kind

if TYPE_CHECKING:
    from openai_http.errors import APIStatusError


class QuotaExceededBadRequestError(QuotaExceededError, BadRequestError):
    """The quota is used up, answered with 400."""


class QuotaExceededAuthenticationError(QuotaExceededError, AuthenticationError):
    """The quota is used up, answered with 401."""


class QuotaExceededPermissionError(QuotaExceededError, PermissionDeniedError):
    """The quota is used up, answered with 403."""


class QuotaExceededRateLimitError(QuotaExceededError, RateLimitError):
    """The quota is used up, answered with 429."""


class QuotaExceededServerError(QuotaExceededError, InternalServerError):
    """The quota is used up, answered with 500 or above."""


class ContextLengthBadRequestError(ContextLengthError, BadRequestError):
    """The input is too long, answered with 400."""


class ContextLengthUnprocessableError(ContextLengthError, UnprocessableEntityError):
    """The input is too long, answered with 422."""


class ContextLengthRateLimitError(ContextLengthError, RateLimitError):
    """The input is too long, answered with 429."""


class ContextLengthServerError(ContextLengthError, InternalServerError):
    """The input is too long, answered with 500 or above."""


class ContentFilterBadRequestError(ContentFilterError, BadRequestError):
    """A filter refused, answered with 400."""


class ContentFilterPermissionError(ContentFilterError, PermissionDeniedError):
    """A filter refused, answered with 403."""


class ContentFilterUnprocessableError(ContentFilterError, UnprocessableEntityError):
    """A filter refused, answered with 422."""


class ContentFilterRateLimitError(ContentFilterError, RateLimitError):
    """A filter refused, answered with 429."""


class ContentFilterServerError(ContentFilterError, InternalServerError):
    """A filter refused, answered with 500 or above."""


_BY_KIND: dict[Kind, tuple[type[APIStatusError], ...]] = {
    Kind.QUOTA: (
        QuotaExceededError,  # where the status has no class of its own
        QuotaExceededBadRequestError,
        QuotaExceededAuthenticationError,
        QuotaExceededPermissionError,
        QuotaExceededRateLimitError,
        QuotaExceededServerError,
    ),
    Kind.CONTEXT: (
        ContextLengthError,  # where the status has no class of its own
        ContextLengthBadRequestError,
        ContextLengthUnprocessableError,
        ContextLengthRateLimitError,
        ContextLengthServerError,
    ),
    Kind.FILTER: (
        ContentFilterError,  # where the status has no class of its own
        ContentFilterBadRequestError,
        ContentFilterPermissionError,
        ContentFilterUnprocessableError,
        ContentFilterRateLimitError,
        ContentFilterServerError,
    ),
}


def error_class(kind: Kind | None, status: int) -> type[APIStatusError]:
    """The class of an error of this kind with this status: that of the status is one of its bases.

    Where no provider is known to answer a kind with a status, it is the class of the status.
    """
    of_status = status_error_class(status)
    if kind is None:
        return of_status
    return next((cls for cls in _BY_KIND.get(kind, ()) if issubclass(cls, of_status)), of_status)
