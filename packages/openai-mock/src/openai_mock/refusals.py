"""What a client is told when its request is refused: a status and the API's error object.

Decides the statuses, codes and messages. Does not decide when a request is refused, and knows
neither HTTP libraries nor WebSockets: both carry the same error object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.errors import MockServerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHOWN_OF_A_KEY = 4  # characters at each end of a long key; of a short one, none
LONG_KEY = 16


class Refusal(Exception):  # noqa: N818 - to the server it is an answer, not an error
    """A request that is refused.

    Args:
        message: what is wrong and what to do.
        code: the API's name for it.
        param: the parameter it is about, such as `messages[0].role`.
        status: the HTTP status.
        kind: the API's `type` of the error.
        headers: more headers of the answer.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
        kind: str = "invalid_request_error",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.param = param
        self.status = status
        self.kind = kind
        self.headers = headers or {}

    @property
    def error(self) -> dict[str, str | None]:
        """The error object, as the API writes it."""
        return {
            "message": self.message,
            "type": self.kind,
            "param": self.param,
            "code": self.code,
        }


# The type and the code of errors, by their statuses.
_KINDS: dict[int, tuple[str, str | None]] = {
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", "unsupported_country_region_territory"),
    404: ("invalid_request_error", None),
    429: ("requests", "rate_limit_exceeded"),
    503: ("server_error", "service_unavailable"),
}
_FIRST_OF_THE_SERVER = 500


def error_kind(status: int) -> tuple[str, str | None]:
    """The type and the code that errors of a status usually have."""
    server = status >= _FIRST_OF_THE_SERVER
    return _KINDS.get(status, ("server_error" if server else "invalid_request_error", None))


def missing_key() -> Refusal:
    """No usable `Authorization` header came."""
    return _unauthorized(
        "No API key was sent. Send the header 'Authorization: Bearer KEY', with the key that the "
        "mock server was started with."
    )


def wrong_key(key: str) -> Refusal:
    """A key came, but another one is expected; it is not repeated in full."""
    return _unauthorized(
        f"Incorrect API key provided: {_masked(key)}. Use the key that the mock server was "
        "started with."
    )


def key_of_others() -> Refusal:
    """The key is good, but for other operations."""
    return _unauthorized(
        "This key is not for this operation. Administration (/v1/organization, /v1/projects) takes "
        "the admin API key, everything else the API key; send the other one."
    )


def _unauthorized(message: str) -> Refusal:
    challenge = {"www-authenticate": "Bearer"}
    return Refusal(message, code="invalid_api_key", status=401, headers=challenge)


def _masked(key: str) -> str:
    if len(key) < LONG_KEY:
        return "*" * len(key)
    return f"{key[:SHOWN_OF_A_KEY]}{'*' * 8}{key[-SHOWN_OF_A_KEY:]}"


def unknown_route(method: str, path: str) -> Refusal:
    """No operation has this path."""
    return Refusal(
        f"Invalid URL ({method} {path}). Check the path, and that the base URL ends in /v1; the "
        "mock server has the operations of the description and the WebSockets of Realtime, "
        "Responses and Live.",
        status=404,
    )


def wrong_method(method: str, path: str, headers: Mapping[str, str] | None) -> Refusal:
    """The path exists, with another method."""
    return Refusal(
        f"Not allowed to {method} on {path}. Use the method that this operation has.",
        code="method_not_supported",
        status=405,
        headers=headers,
    )


def unsupported_content_type(sent: str, taken: Sequence[str]) -> Refusal:
    """The body is of a kind that the operation does not take.

    Args:
        sent: The media type of the body; empty if none was sent.
        taken: Those that would do.
    """
    shown = f"'{sent}'" if sent else "no content type"
    return Refusal(
        f"Unsupported content type: {shown} was sent. Send the header 'Content-Type: "
        f"{' or '.join(taken)}' and a body of this type.",
        code="unsupported_content_type",
    )


def unknown_model(model: str) -> Refusal:
    """No model of this name answers here."""
    return Refusal(
        f"The model '{model}' does not exist or you do not have access to it. Use a model that "
        "this operation has, such as gpt-5.5, or gpt-realtime for a Realtime session; "
        "GET /v1/models names all.",
        code="model_not_found",
        param="model",
        status=404,
    )


def not_found(kind: str, identifier: str, param: str | None = None) -> Refusal:
    """Nothing is stored under this id.

    Args:
        kind: What was looked for, such as `file`.
        identifier: The id.
        param: The parameter that named it, if it is none of the path.
    """
    return Refusal(f"No {kind} found with id '{identifier}'.", param=param, status=404)


def wrong_state(kind: str, identifier: str, state: object, remedy: str) -> Refusal:
    """What is asked for cannot be done to an object as it is.

    Args:
        kind: What it is, such as `upload`.
        identifier: Its id.
        state: Its status.
        remedy: What to do; a sentence.
    """
    message = f"The {kind} '{identifier}' has the status '{state}'. {remedy}"
    return Refusal(message, code="invalid_state")


def missing_beta(header: str, value: str) -> Refusal:
    """An operation that is in beta was called without saying so."""
    return Refusal(
        f"You must provide the '{header}' header to access this API. Set the header '{header}: "
        f"{value}'.",
        code="invalid_beta",
    )


def missing_parameter(param: str) -> Refusal:
    """A parameter that has to be there is not."""
    return Refusal(
        f"Missing required parameter: '{param}'.", code="missing_required_parameter", param=param
    )


def too_long(param: str, kind: str, length: int, longest: int) -> Refusal:
    """A text has more characters than it may have.

    Args:
        param: The parameter that it is, or is in.
        kind: What it is, `string` or `key`.
        length: How many it has.
        longest: How many it may have.
    """
    return Refusal(
        f"Invalid '{param}': {kind} too long. Expected a {kind} with maximum length {longest}, but "
        f"got a {kind} with length {length} instead.",
        code="string_above_max_length",
        param=param,
    )


def server_failed(error: Exception) -> Refusal:
    """The mock server cannot run as it should, which is told, or has a bug."""
    if isinstance(error, MockServerError):
        return Refusal(str(error), status=500, kind="server_error")
    return Refusal(
        f"The mock server failed with {type(error).__name__}. This is a bug in openai-mock; please "
        "report it with the request that caused it and the traceback in the log 'openai_mock'.",
        status=500,
        kind="server_error",
    )
