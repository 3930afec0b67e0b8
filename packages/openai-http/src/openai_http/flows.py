"""What a call does, step by step, without doing any of it.

A flow is a generator: it yields what it wants done (send this, read that, wait) and is sent the
outcome, or thrown the error. `drivers` run flows, with a sync or an async transport; so a
behaviour is written here once, and tested with a script instead of a network and a clock.
"""

from __future__ import annotations

import random
import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, cast
from urllib.parse import urljoin, urlsplit

from openai_types.configuration import blot_out, is_secret
from openai_types.errors import DecodeError
from openai_types.model import set_request_id

from openai_http.errors import APIConnectionError, APIResponseValidationError
from openai_http.requests import build_request
from openai_http.retries import MAX_RETRY_AFTER, backoff, may_retry, retry_after
from openai_http.sentinels import is_given
from openai_http.status_errors import status_error
from openai_http.timeout import Timeout

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openai_types import Decoder

    from openai_http.messages import Request, Response
    from openai_http.operations import Operation
    from openai_http.requests import CallOptions
    from openai_http.settings import Settings
    from openai_http.transport import AsyncExchange, Exchange

T = TypeVar("T")
E = TypeVar("E")
R = TypeVar("R")

MAX_REDIRECTS = 20

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SAME_METHOD = frozenset({307, 308})
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Send:
    """Send a request; the outcome is the exchange whose response has begun."""

    request: Request
    timeout: Timeout | None


@dataclass(frozen=True, slots=True)
class Read:
    """Read the body of an exchange into its response and release the connection."""

    exchange: Exchange | AsyncExchange


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait some seconds."""

    seconds: float


Step: TypeAlias = Send | Read | Sleep
# Any: what is sent into a flow is the outcome of the step that it has just yielded.
Flow: TypeAlias = Generator[Step, Any, T]


def call(
    settings: Settings,
    operation: Operation[T, E],
    params: Mapping[str, object],
    options: CallOptions,
) -> Flow[T]:
    """Call an operation; gives its result.

    Raises:
        TypeError: a parameter is unknown, or a required one is missing.
        OpenAIError: the request cannot be made of the parameters.
        APIStatusError: the last answer had an error's status.
        APIConnectionError: the last attempt had no answer.
        APIResponseValidationError: the answer is not what the API describes.
    """
    response = yield from call_for_body(settings, operation, params, options)
    place = operation.result_for(params)
    if place in {"", "str"}:
        return cast("T", response.text if place else None)
    return _decoded(response, operation.result_decoder(place, strict=settings.strict))


def call_for_body(
    settings: Settings,
    operation: Operation[T, E],
    params: Mapping[str, object],
    options: CallOptions,
) -> Flow[Response]:
    """Call an operation; gives the response with its body. Raises what `call` raises."""
    request = build_request(settings, operation, params, options)
    timeout = _timeout(settings, options)
    exchange = yield from _send(request, timeout, settings.max_retries, whole=True)
    return exchange.response


def call_for_page(
    settings: Settings,
    operation: Operation[T, E],
    params: Mapping[str, object],
    options: CallOptions,
    *,
    kind: Literal["Sync", "Async"],
    fetch: Callable[[Mapping[str, object], CallOptions], object],
) -> Flow[object]:
    """Call an operation that lists something; gives a page, which asks `fetch` for the next."""
    from openai_http.pagination import BasePage, Origin

    response = yield from call_for_body(settings, operation, params, options)
    page = _decoded(response, operation.page_decoder(kind, strict=settings.strict))
    cast("BasePage[object]", page).set_origin(Origin(fetch, params, options))
    return page


def open_stream(
    settings: Settings,
    operation: Operation[T, E],
    params: Mapping[str, object],
    options: CallOptions,
) -> Flow[Exchange | AsyncExchange]:
    """Call an operation; gives the exchange, whose body is not read yet.

    Raises:
        TypeError: a parameter is unknown, or a required one is missing.
        OpenAIError: the request cannot be made of the parameters.
        APIStatusError: the last answer had an error's status.
        APIConnectionError: the last attempt had no answer.
    """
    request = build_request(settings, operation, params, options)
    timeout = _timeout(settings, options)
    return (yield from _send(request, timeout, settings.max_retries, whole=False))


def _timeout(settings: Settings, options: CallOptions) -> Timeout | None:
    return Timeout(options.timeout) if is_given(options.timeout) else settings.timeout


def _send(
    request: Request, timeout: Timeout | None, max_retries: int, *, whole: bool
) -> Flow[Exchange | AsyncExchange]:
    """Send a request until it succeeds or is not worth another attempt.

    `whole` says that the body is a part of the success: one that breaks off is sent for again.
    """
    attempts = count()
    while True:
        attempt = next(attempts)
        try:
            exchange: Exchange | AsyncExchange = yield from _follow_redirects(request, timeout)
            success = exchange.response.is_success
            if whole or not success:
                yield Read(exchange)
            if success:
                return exchange
        except APIConnectionError:
            if attempt >= max_retries:
                raise
            yield Sleep(backoff(attempt, random=random.random()))  # noqa: S311 - jitter
            continue
        yield from _wait_or_give_up(exchange.response, attempt, max_retries)


def _decoded(response: Response, decode: Decoder[R]) -> R:
    try:
        result = decode(response.content)
    except DecodeError as error:
        received = response.content
        failure = _unexpected(response, error)
        # The cause shows what was received, which may hold a secret.
        raise failure from (error if response.content is received else None)
    set_request_id(result, response.request_id)
    return result


def _wait_or_give_up(response: Response, attempt: int, max_retries: int) -> Flow[None]:
    if attempt >= max_retries or not may_retry(response.status_code, response.headers):
        raise status_error(response)
    asked = retry_after(response.headers, now=time.time())
    if asked is not None and asked > MAX_RETRY_AFTER:
        raise status_error(response)
    yield Sleep(backoff(attempt, random=random.random()) if asked is None else asked)  # noqa: S311


def _follow_redirects(request: Request, timeout: Timeout | None) -> Flow[Exchange | AsyncExchange]:
    """Send a request, and again where it is redirected to, or give what it may not follow."""
    for _ in range(MAX_REDIRECTS):
        exchange: Exchange | AsyncExchange = yield Send(request, timeout)
        following = _redirected(request, exchange.response)
        if following is None:
            return exchange
        yield Read(exchange)
        request = following
    return (yield Send(request, timeout))


def _redirected(request: Request, response: Response) -> Request | None:
    """The request to send instead, by section 15.4 of RFC 9110."""
    location = response.headers.get("location")
    if response.status_code not in _REDIRECTS or not location:
        return None
    url = _target(request.url, location)
    if url is None:
        return None
    keeps_method = response.status_code in _SAME_METHOD
    headers = dict(request.headers)
    if not _same_server(request.url, url):
        if keeps_method and request.has_body:
            return None  # nobody configured that place, so it gets neither key nor content
        headers = {name: value for name, value in headers.items() if not is_secret(name)}
    if keeps_method:
        return replace(request, url=url, headers=headers)
    headers.pop("content-type", None)
    return replace(request, method="GET", url=url, headers=headers, content=b"", form=None)


def _target(base: str, location: str) -> str | None:
    """The URL that a redirect leads to; None if no request can be sent there."""
    try:
        url = urljoin(base, location)
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # a malformed port is noticed when it is read
    except ValueError:
        return None
    return url if host and parts.scheme in _PORTS and url.isprintable() else None


def _same_server(old_url: str, new_url: str) -> bool:
    """Whether two URLs have one origin, or the new one is the encrypted form of the old one."""
    old, new = _origin(old_url), _origin(new_url)
    encrypted = ("https", old[1], _PORTS["https"] if old[2] == _PORTS["http"] else old[2])
    return new in {old, encrypted}


def _origin(url: str) -> tuple[str, str | None, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]


def _unexpected(response: Response, error: DecodeError) -> APIResponseValidationError:
    # A server may repeat the key that it was sent.
    text = response.blot_out_secrets()
    request = response.wire_request
    kind = response.headers.get("content-type", "no content type")
    return APIResponseValidationError(
        response,
        text,
        message=f"{request.endpoint} was answered with {response.status_code} and {kind}, but not"
        f" with what the API describes. {blot_out(str(error), request.headers)}. Check that"
        " base_url is that of the API (it normally ends in /v1) and what a proxy on the way"
        " answers; the whole body is in .body.",
    )
