"""From an answer that tells of an error to the exception that tells it.

Decides the class and the message: which call, which status, what the server said, and what helps.
Which shapes the bodies of errors have is in `openai_types.error_body`, what they are about in
`failures.kinds`.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, cast
from urllib.parse import urljoin

from openai_types.configuration import blot_out, without_credentials
from openai_types.error_body import ErrorBody, read_error

from openai_http.errors import (
    APIStatusError,
    ContentFilterError,
    ContextLengthError,
    status_error_class,
)
from openai_http.failures.combined import error_class
from openai_http.failures.kinds import Kind, context_numbers, is_lasting, kind_of, status_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_http.messages import Response

SHOWN = 500  # characters of a body that nobody knows

_CHECK_KEY = (
    "Check the API key in OPENAI_API_KEY or api_key=...: it is wrong, was revoked, or belongs"
    " to another server."
)
_CHECK_MODEL = (
    "Check the name of the model or the id, and that base_url is right; it normally ends in /v1."
)
_BY_KIND = {
    Kind.QUOTA: "The credit or the quota is used up: add credit, or raise the limit of the key or"
    " the project. Trying again does not help.",
    Kind.CONTEXT: "Shorten the input, ask for less output, or take a model with a longer context.",
    Kind.FILTER: "Change the input; .result and .body say what the filter found, where the server"
    " tells.",
    Kind.KEY: _CHECK_KEY,
    Kind.MODEL: _CHECK_MODEL,
    Kind.SIZE: "Send less in one request: by itself it is above the limit, so waiting does not"
    " help.",
}
_REMEDIES = {
    400: "Correct the request; .param and .code say what the server objects to.",
    401: _CHECK_KEY,
    403: "Check the permissions, project and region of the API key.",
    404: _CHECK_MODEL,
    407: "Give the proxy what it asks for: proxy=http://user:password@proxy:3128, or HTTP_PROXY.",
    408: "Send the request again.",
    409: "Fetch the object anew and try again.",
    413: "Send less: shorten the input or split it.",
    422: "Correct the request; .body says what the server objects to.",
    429: "Wait and send fewer requests, or raise the limits and the credit of the project.",
}
_WITHOUT_A_WORD = (
    "Correct the request; some servers answer so, without a word, if the input is too long."
)
_SERVER_FAILED = "The server failed: try again in a moment."
_UNEXPECTED = "Check base_url and what is between you and the server."
_SAID_INSIDE = "Try again if that may pass; .code, .type and .body have all that the server said."
_SUCCESSES = range(200, 300)
_SERVER_FAILURES = 500


def status_error(response: Response) -> APIStatusError:
    """The exception for an answer with an error's status, whose body has been read."""
    location = response.headers.get("location")
    status = response.status_code
    if location and HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return _misdirected(response, location)
    has_file = response.wire_request.has_body and not response.wire_request.content
    # A server may repeat the key that it refuses.
    error = read_error(response.blot_out_secrets())
    kind = kind_of(error, status)
    is_empty = not error.message and not response.content.strip()
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and is_empty and not has_file:
        kind = Kind.CONTEXT  # a 413 without a word, as of Cerebras, is about the prompt
    answered = f"was answered with {status} {_phrase(status)}"
    return _made(response, error, kind, status, answered)


def error_within(response: Response, error: ErrorBody, *, where: str = "it") -> APIStatusError:
    """The exception for an answer with the status of success, and an error in it.

    `where` is "it" or "the stream", for the message.
    """
    status = status_in(error)
    kind = kind_of(error, status or response.status_code)
    answered = (
        f"was answered with {response.status_code} {_phrase(response.status_code)}, but with an"
        f" error in {where}"
    )
    return _made(response, error, kind, status or response.status_code, answered)


def _made(
    response: Response, error: ErrorBody, kind: Kind | None, status: int, answered: str
) -> APIStatusError:
    said = error.message or _shown(response.text if response.is_read else json.dumps(error.body))
    end = "" if said.endswith((".", "!", "?", "…")) else "."
    remedy = _BY_KIND[kind] if kind else _remedy(status, error)
    message = f"{response.wire_request.endpoint} {answered}: {said}{end} {remedy}"
    if response.request_id:
        message += f" (Request {response.request_id}.)"
    made = error_class(kind, status)(message, response=response, body=error.body)
    made.status_code = status
    made.is_permanent = kind is not None or is_lasting(status)
    made.code, made.param, made.type = error.code, error.param, error.type
    if isinstance(made, ContextLengthError):
        made.limit, made.used = context_numbers(error)
    elif isinstance(made, ContentFilterError):
        made.result = _filter_result(error.body)
    return made


def _filter_result(body: object) -> Mapping[str, object] | None:
    """What Azure says beside the error, and gateways in their metadata."""
    found = _field(_field(body, "innererror"), "content_filter_result")
    found = found or _field(body, "content_filter_result") or _field(body, "metadata")
    return cast("Mapping[str, object]", found) if isinstance(found, dict) else None


def _field(value: object, name: str) -> object:
    return cast("dict[str, object]", value).get(name) if isinstance(value, dict) else None


def _shown(body: str) -> str:
    """What there is of a body that says nothing known."""
    text = " ".join(body[: SHOWN + 1].split())
    if not text:
        return "it gave no reason."
    return f"{text[: SHOWN - 1]}…" if len(body) > SHOWN else text


def _misdirected(response: Response, location: str) -> APIStatusError:
    request = response.wire_request
    try:
        target = without_credentials(urljoin(request.url, location))
    except ValueError:
        target = "a malformed URL"
    target = blot_out(target, request.headers, request.url)
    response.forget_secrets()
    message = (
        f"{request.endpoint} is redirected to {target}, and not followed: it leads to another"
        " server, which nobody said may have the request, or nowhere, or in a circle. Set base_url"
        " to the right place."
    )
    return status_error_class(response.status_code)(message, response=response, body=response.text)


def _remedy(status: int, error: ErrorBody) -> str:
    if status == HTTPStatus.BAD_REQUEST and not error.body:
        return _WITHOUT_A_WORD
    if status in _SUCCESSES:
        return _SAID_INSIDE
    return _REMEDIES.get(status, _SERVER_FAILED if status >= _SERVER_FAILURES else _UNEXPECTED)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "(a status that HTTP does not know)"
