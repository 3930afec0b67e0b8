"""Whether an answer with the status of success is what the operation returns, or what it is.

Models take any object, because servers leave out and add fields. So it is decided here which
objects cannot be the result: those that report an error, and those that have nothing that makes
the result. Knows how errors look; not how a body is received or decoded.
"""

from __future__ import annotations

import json
from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar, cast

from openai_stream.decoders.ndjson import is_ndjson
from openai_stream.errors import NotAStreamError, StreamDecodeError
from openai_types.configuration import blot_out
from openai_types.error_body import find_message, read_error, read_json
from openai_types.errors import APIError, DecodeError
from openai_types.model import BaseModel

from openai_http.errors import APIResponseValidationError
from openai_http.failures.statuses import error_within

if TYPE_CHECKING:
    from collections.abc import Collection

    from openai_stream import EventReader
    from openai_types import Decoder

    from openai_http.messages import Response
    from openai_http.operations import Operation

T = TypeVar("T")
E = TypeVar("E")

# Fields that errors have, too, and those that say nothing of what an object is.
_OF_ERRORS = {"object", "message", "code", "type", "param", "status", "error", "detail"}
_WEAK = {"id", "model", "created", "created_at"}
_MESSAGES = ("error", "errors", "error_description", "message", "detail", "msg", "status_msg")
_ERROR_KEYS = {*_OF_ERRORS, *_MESSAGES, "request_id", "statusCode", "success", "user_id"}
_NONE: frozenset[str] = frozenset()
_PAGES = ("<!doctype html", "<html")


def decoded_answer(response: Response, decode: Decoder[T]) -> T:
    """The body of a response as what a decoder makes of it.

    Raises:
        APIStatusError: it reports an error.
        APIResponseValidationError: it is not that.
    """
    result, failure = _judged(response, decode)
    if failure is not None:
        raise failure
    return cast("T", result)


def _judged(response: Response, decode: Decoder[T]) -> tuple[T | None, APIError | None]:
    """The result, or why it is none.

    Nothing is raised here: what is decoded may hold a secret, which a traceback would show in the
    variables of this frame, or an error that is raised while another is handled in its context.
    """
    try:
        result = decode(response.content)
    except DecodeError as error:
        problem = error
    else:
        failure = _failure_of_model(response, result) if isinstance(result, BaseModel) else None
        return (result, None) if failure is None else (None, failure)
    return None, _told(response, known=_NONE) or _unexpected(response, str(problem), problem)


def check_text(operation: Operation[T, E], response: Response) -> None:
    """Refuse an answer that should be text, or nothing at all, and is an error or a page.

    Raises:
        APIStatusError: it reports an error.
        APIResponseValidationError: it is a page.
    """
    failure = _told(response)
    if failure is None and _is_page(response) and not _is_file(operation):
        failure = _unexpected(response, "It is a page for browsers.")
    if failure is not None:
        raise failure


def check_bytes(operation: Operation[T, E], response: Response) -> None:
    """Refuse an answer that should be a file or a medium, and is an error, a page or nothing.

    Raises:
        APIStatusError: it reports an error.
        APIResponseValidationError: it is something else.
    """
    failure = _told(response) if is_suspicious(response) else None
    if failure is None and not _is_file(operation):
        if not response.content:
            failure = _unexpected(response, "It is empty.")
        elif is_suspicious(response):
            failure = _unexpected(response, "It is text.")
    if failure is not None:
        raise failure


def is_suspicious(response: Response) -> bool:
    """Whether an answer that should be a file says that it is JSON or a page."""
    kind = response.headers.get("content-type", "").lower()
    return kind.startswith(("application/json", "text/html"))


def introduce(reader: EventReader[E], response: Response) -> None:
    """Tell a reader what it is about to read.

    The head says whether the events are lines of JSON, as some servers stream that were asked for
    server-sent events. Errors say which call they are of, and have the classes of statuses.
    """
    reader.ndjson = is_ndjson(response.headers.get("content-type", ""))
    reader.explain = partial(_explained, response)


def _explained(response: Response, error: APIError) -> APIError:
    if isinstance(error, NotAStreamError):
        response.content = error.data
        return _told(response, known=_NONE) or _unexpected(
            response,
            "It is a whole answer instead of a stream of events: the server does not stream, so"
            " call without stream=True.",
        )
    request = response.wire_request
    clean = partial(blot_out, headers=request.headers, url=request.url)
    response.forget_secrets()
    if type(error) is APIError:  # that the server reported in the stream
        return error_within(response, read_error(clean(json.dumps(error.body))), where="the stream")
    if isinstance(error, StreamDecodeError):
        data = clean(error.data.decode(errors="surrogateescape")).encode(errors="surrogateescape")
        if data != error.data:  # the causes show it, too, so they are left out
            return StreamDecodeError(clean(error.message), data=data)
    return error


def _failure_of_model(response: Response, result: BaseModel) -> APIError | None:
    required, strong = _discriminating(type(result))
    present = result.model_fields_set
    is_whole = not strong or not strong.isdisjoint(present)
    more = result.model_extra or {}
    if is_whole and not ("error" in more or "base_resp" in more):
        return None
    known = None if is_whole else type(result).model_fields.keys()
    failure = _told(response, known=known)
    if failure is None and not is_whole and required.isdisjoint(present):
        names = ", ".join(sorted(required))
        failure = _unexpected(response, f"It has none of {names}.")
    return failure


@cache
def _discriminating(model: type[BaseModel]) -> tuple[frozenset[str], frozenset[str]]:
    """The fields that only the result has: all of those, and those that no other object has."""
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    return frozenset(required - _OF_ERRORS), frozenset(required - _OF_ERRORS - _WEAK)


def _told(response: Response, *, known: Collection[str] | None = None) -> APIError | None:
    """The error that a body reports; None if it reports none.

    Args:
        response: with the body.
        known: for a body that is no result, so that any message in it is that of an error: the
            fields that the result may have. None for a body that may be one.
    """
    parsed = _parsed(response)
    if isinstance(parsed, list) and parsed:
        parsed = cast("list[object]", parsed)[0]
    if not isinstance(parsed, dict):
        return None
    fields = cast("dict[str, object]", parsed)
    if not (_is_error(fields) or (known is not None and _says_something(fields, known))):
        return None
    failure = error_within(response, read_error(response.blot_out_secrets()), where="it")
    failure.attempts = response.attempts
    return failure


def _parsed(response: Response) -> object:
    text = response.text.removeprefix("\ufeff")
    return read_json(text) if text.lstrip().startswith(("{", "[")) else None


def _is_error(fields: dict[str, object]) -> bool:
    """Whether an object reports an error, whatever else is in it."""
    error, base = fields.get("error"), fields.get("base_resp")
    if isinstance(base, dict) and cast("dict[str, object]", base).get("status_code"):
        return True
    if find_message(error) or _code(error):
        return True
    return fields.keys() <= _ERROR_KEYS and _is_flat(fields)


def _is_flat(fields: dict[str, object]) -> bool:
    is_named = fields.get("object") == "error" or bool(fields.get("detail"))
    return is_named or bool(fields.get("message") and ("code" in fields or "statusCode" in fields))


def _says_something(fields: dict[str, object], known: Collection[str]) -> bool:
    """Whether an object that is no result has a message for people."""
    told = {key: fields[key] for key in _MESSAGES if key in fields and key not in known}
    return find_message(told) is not None


def _code(error: object) -> bool:
    return isinstance(error, dict) and bool(cast("dict[str, object]", error).get("code"))


def _is_page(response: Response) -> bool:
    kind = response.headers.get("content-type", "").lower()
    return kind.startswith("text/html") or response.text.lstrip().lower().startswith(_PAGES)


def _is_file(operation: Operation[T, E]) -> bool:
    """Whether an operation gives what a user or a tool stored, which may be anything."""
    return operation.path.endswith("/content")


def _unexpected(
    response: Response, reason: str, cause: DecodeError | None = None
) -> APIResponseValidationError:
    # A server may repeat the key that it was sent.
    received, request = response.content, response.wire_request
    reason = blot_out(reason, request.headers, request.url)
    text = response.blot_out_secrets()
    kind = response.headers.get("content-type", "no content type")
    failure = APIResponseValidationError(
        response,
        text,
        message=f"{request.endpoint} was answered with {response.status_code} and {kind}, but not"
        f" with what the API describes. {reason.rstrip('.')}. Check that base_url is that of the"
        " API (it normally ends in /v1) and what a proxy on the way answers; the whole body is in"
        " .body.",
    )
    failure.attempts = response.attempts
    if response.content is received:  # otherwise the cause shows the secret that was in it
        failure.__cause__ = cause
    return failure
