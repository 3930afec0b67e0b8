"""From a call of an operation to the request: URL, headers, body. Nothing is sent here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypedDict, TypeVar, cast
from urllib.parse import quote
from uuid import uuid4

from openai_types.errors import InvalidArgumentError

from openai_http.bodies.encoding import encoded, in_wire_names, plain
from openai_http.bodies.uploads import Form, Part, parts_of
from openai_http.messages import Request
from openai_http.sentinels import NOT_GIVEN, Omit, is_given
from openai_http.settings import dict_in, merge_headers

if TYPE_CHECKING:
    from openai_http.attempts.retries import RetryPolicy
    from openai_http.operations import Operation
    from openai_http.settings import Settings
    from openai_http.timing.timeout import TimeoutTypes

ExtraHeaders: TypeAlias = Mapping[str, str | Omit]
ExtraQuery: TypeAlias = Mapping[str, object]
ExtraBody: TypeAlias = Mapping[str, object]

_IDEMPOTENCY_KEY = "idempotency-key"

T = TypeVar("T")
E = TypeVar("E")


class CallOptions(NamedTuple):
    """What every operation takes besides its parameters.

    Attributes:
        extra_headers: added to the request; `omit` as a value removes one.
        extra_query: added to the query.
        extra_body: added to the body, above the parameters.
        timeout: instead of the client's.
        deadline: seconds for all that the call does, instead of the client's; None for no limit.
        retry: a policy, or how many times a failed request is sent again, instead of the client's.
        idempotency_key: sent with every attempt, so that a server that knows such keys does what
            the call asks for only once.
        first_event_timeout: seconds to the first event of a stream; None for no limit.
        idle_timeout: seconds between two events of a stream; None for no limit.
    """

    extra_headers: ExtraHeaders | None = None
    extra_query: ExtraQuery | None = None
    extra_body: ExtraBody | None = None
    timeout: TimeoutTypes = NOT_GIVEN
    deadline: float | None = NOT_GIVEN
    retry: RetryPolicy | int | None = None
    idempotency_key: str | None = None
    first_event_timeout: float | None = NOT_GIVEN
    idle_timeout: float | None = NOT_GIVEN


class CallOptionsParams(TypedDict, total=False):
    """The same as keywords."""

    extra_headers: ExtraHeaders | None
    extra_query: ExtraQuery | None
    extra_body: ExtraBody | None
    timeout: TimeoutTypes
    deadline: float | None
    retry: RetryPolicy | int | None
    idempotency_key: str | None


class StreamOptionsParams(CallOptionsParams, total=False):
    """What operations take that can stream."""

    first_event_timeout: float | None
    idle_timeout: float | None


def build_request(
    settings: Settings,
    operation: Operation[T, E],
    params: Mapping[str, object],
    options: CallOptions,
) -> Request:
    """Make the request of a call.

    Raises:
        TypeError: a parameter is unknown, or a required one is missing.
        InvalidArgumentError: one cannot be written into the URL, the form or the JSON.
        OpenAIError: a header cannot be sent, or the key is missing that the operation takes.
    """
    given = {name: value for name, value in params.items() if is_given(value)}
    operation.check(given)
    query = {name: given.pop(name) for name in [*given] if name in operation.query}
    path = _path(operation, given)
    headers = _headers(settings, operation, given, options)
    if operation.wire_names:
        query = in_wire_names(operation.name, query, operation.wire_names)
        given = in_wire_names(operation.name, given, operation.wire_names)
    url = url_of(
        settings, operation, path, {**query, **dict_in("extra_query", options.extra_query)}
    )
    body = merged(given, dict_in("extra_body", options.extra_body))
    if operation.sdp:
        return _offer(Request(operation.method, url, headers), operation, body)
    form = _form(operation, body)
    if form is not None:
        headers.pop("content-type", None)  # the transport adds one that names the boundary
        return Request(operation.method, url, headers, form=form)
    if not body and not operation.body and not operation.files:
        headers.pop("content-type", None)
        return Request(operation.method, url, headers)
    return Request(operation.method, url, headers, encoded(operation.name, body))


def _path(operation: Operation[T, E], given: dict[str, object]) -> str:
    """The path with its parameters, each of them one segment whatever is in it."""
    path = operation.path
    for name in operation.path_parameters:
        value = given.pop(name)
        text = "" if value is None else _text(value)
        if not text:
            raise InvalidArgumentError(
                f"Expected a non-empty value for `{name}` but received {value!r}."
                f" {operation.name}() takes an id there."
            )
        if text in {".", ".."}:
            raise InvalidArgumentError(f"{operation.name}() takes an id for {name}, not {value!r}.")
        try:
            path = path.replace(f"{{{name}}}", quote(text, safe=""))
        except UnicodeEncodeError as error:
            raise InvalidArgumentError(
                f"{operation.name}() takes an id for {name}, not {value!r}."
            ) from error
    return path


def _headers(
    settings: Settings, operation: Operation[T, E], given: dict[str, object], options: CallOptions
) -> dict[str, str]:
    headers = {**settings.headers_for(admin=operation.admin), **operation.sends}
    for name in operation.headers.keys() & given.keys():
        value = given.pop(name)
        is_one = isinstance(value, str) or not isinstance(value, Iterable)
        parts = cast("Iterable[object]", [value] if is_one else value)
        text = ",".join(_text(part) for part in parts)
        headers = merge_headers(headers, {operation.headers[name]: text})
    return with_call_options(settings, operation.method, headers, options)


def with_call_options(
    settings: Settings, method: str, headers: dict[str, str], options: CallOptions
) -> dict[str, str]:
    """The headers of a request, with those that its call was given.

    Raises:
        OpenAIError: one has a character that a header cannot have.
    """
    key = options.idempotency_key
    if key is None and settings.idempotency_keys and method == "POST":
        key = str(uuid4())
    if key is not None:
        headers = merge_headers(headers, {_IDEMPOTENCY_KEY: key})
    more = dict_in("extra_headers", options.extra_headers)
    return merge_headers(headers, more) if more else headers


def _form(operation: Operation[T, E], body: Mapping[str, object]) -> Form | None:
    """The multipart form of an operation that takes files; None where it sends JSON instead."""
    if not operation.files:
        return None
    names = operation.file_fields
    files = {
        field: value
        for field, value in body.items()
        if field in names and (value is not None or names[field] in operation.required)
    }
    if any(names[field] in operation.references and _is_object(files[field]) for field in files):
        return None
    parts = tuple(part for name, value in files.items() for part in parts_of(name, value))
    if not parts and operation.json_without_files:
        return None
    fields = {name: value for name, value in body.items() if name not in files}
    return Form(form_fields(operation, fields), parts)


def _is_object(value: object) -> bool:
    from pydantic import BaseModel

    return isinstance(value, Mapping | BaseModel)


def _offer(request: Request, operation: Operation[T, E], body: Mapping[str, object]) -> Request:
    """The request that offers a session: the description alone, or beside settings in a form."""
    fields = dict(body)
    offer, session = str(fields.pop("sdp", "")).encode(), fields.pop("session", None)
    headers = {**request.headers, "content-type": "application/sdp"}
    if session is None and not fields:
        return replace(request, headers=headers, content=offer)
    del headers["content-type"]
    parts = [Part("sdp", None, offer, "application/sdp")]
    if session is not None:
        parts.append(Part("session", None, encoded(operation.name, session), "application/json"))
    form = Form(form_fields(operation, fields), tuple(parts))
    return replace(request, headers=headers, form=form)


def form_fields(
    operation: Operation[T, E], body: Mapping[str, object]
) -> tuple[tuple[str, str], ...]:
    """The fields of a form that are no files."""
    try:
        fields = tuple(_pairs(body))
        for pair in fields:
            "".join(pair).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidArgumentError(
            f"The form of {operation.name}() cannot be written as text: {error}. Correct its"
            " parameters or extra_body."
        ) from error
    return fields


def merged(given: Mapping[str, object], more: ExtraBody | None) -> dict[str, object]:
    """The parameters of the body; `omit` in `extra_body` takes one out."""
    both = {**given, **(more or {})}
    return {name: value for name, value in both.items() if is_given(value)} if more else both


def url_of(
    settings: Settings, operation: Operation[T, E], path: str, query: Mapping[str, object]
) -> str:
    """The whole URL of a path, with the query of the base URL, the client and the call.

    Raises:
        InvalidArgumentError: the query cannot be written as text.
    """
    base, mark, base_query = settings.base_url.partition("?")
    try:
        pairs = _pairs({**settings.default_query, **query})
        encoded = "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidArgumentError(
            f"The query of {operation.name}() cannot be written as text: {error}. Correct its"
            " parameters, default_query or extra_query."
        ) from error
    path, _, own_query = path.partition("?")
    joined = "&".join(part for part in (base_query, own_query, encoded) if part)
    url = path if "://" in path else base + path.lstrip("/")  # ids have no bare colon in them
    return f"{url}?{joined}" if joined or mark else url


def _pairs(query: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The pairs of a query or a form; lists and objects are written with brackets."""
    for name, value in query.items():
        if value is None or not is_given(value):
            continue
        if isinstance(value, Mapping):
            inner = cast("Mapping[str, object]", value)
            yield from _pairs({f"{name}[{key}]": each for key, each in inner.items()})
        elif isinstance(value, list | tuple):
            for each in cast("Iterable[object]", value):
                yield from _pairs({f"{name}[]": each})
        elif isinstance(value, Iterable) and not isinstance(value, str):
            yield from _pairs({name: plain(cast("Iterable[object]", value))})
        else:
            yield name, _text(value)


def _text(value: object) -> str:
    if isinstance(value, Enum):
        value = value.value
    return str(value).lower() if isinstance(value, bool) else str(value)
