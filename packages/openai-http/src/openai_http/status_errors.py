"""From an answer with an error's status to the exception that tells it.

Decides the message: which call, which status, what the server said, and what helps. Which shapes
the bodies of errors have is in `openai_types.error_body`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from openai_types.configuration import without_credentials
from openai_types.error_body import read_error

from openai_http.errors import APIStatusError, status_error_class

if TYPE_CHECKING:
    from openai_http.messages import Response

_REMEDIES = {
    400: "Correct the request; .param and .code say what the server objects to.",
    401: "Check the API key in OPENAI_API_KEY or api_key=...: it is wrong, was revoked, or belongs"
    " to another server.",
    403: "Check the permissions, project and region of the API key.",
    404: "Check the name of the model or the id, and that base_url is right; it normally ends in"
    " /v1.",
    408: "Send the request again.",
    409: "Fetch the object anew and try again.",
    413: "Send less: shorten the input or split it.",
    422: "Correct the request; .body says what the server objects to.",
    429: "Wait and send fewer requests, or raise the limits and the credit of the project.",
}
_SERVER_FAILED = "The server failed: try again in a moment."
_UNEXPECTED = "Check base_url and what is between you and the server."
_SERVER_FAILURES = 500


def status_error(response: Response) -> APIStatusError:
    """The exception for an answer whose body has been read."""
    # A server may repeat the key that it refuses.
    error = read_error(response.blot_out_secrets())
    status = response.status_code
    location = response.headers.get("location")
    if location and HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return _misdirected(response, location)
    said = error.message or "it gave no reason."
    message = (
        f"{response.wire_request.endpoint} was answered with {status} {_phrase(status)}: {said}"
        f"{'' if said.endswith(('.', '!', '?')) else '.'} {_remedy(status)}"
    )
    if response.request_id:
        message += f" (Request {response.request_id}.)"
    return status_error_class(status)(message, response=response, body=error.body)


def _misdirected(response: Response, location: str) -> APIStatusError:
    request = response.wire_request
    try:
        target = without_credentials(urljoin(request.url, location))
    except ValueError:
        target = "a malformed URL"
    message = (
        f"{request.endpoint} is redirected to {target}, and not followed: it leads to another"
        " server, which nobody said may have the request, or nowhere, or in a circle. Set base_url"
        " to the right place."
    )
    return status_error_class(response.status_code)(message, response=response, body=response.text)


def _remedy(status: int) -> str:
    return _REMEDIES.get(status, _SERVER_FAILED if status >= _SERVER_FAILURES else _UNEXPECTED)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "(a status that HTTP does not know)"
