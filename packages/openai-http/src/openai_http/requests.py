"""From a call of an operation to the request: URL, headers, body. Nothing is sent here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar, cast
from urllib.parse import quote

from openai_http.errors import InvalidArgumentError
from openai_http.messages import Request
from openai_http.sentinels import NOT_GIVEN, Omit, is_given
from openai_http.settings import merge_headers
from openai_http.uploads import Form, Part, parts_of

if TYPE_CHECKING:
    from openai_http.operations import Operation
    from openai_http.settings import Settings
    from openai_http.timeout import TimeoutTypes

ExtraHeaders: TypeAlias = Mapping[str, str | Omit]
ExtraQuery: TypeAlias = Mapping[str, object]
ExtraBody: TypeAlias = Mapping[str, object]


T = TypeVar("T")
E = TypeVar("E")


class CallOptions(NamedTuple):
    """What every operation takes besides its parameters.

    Attributes:
        extra_headers: added to the request; `omit` as a value removes one.
        extra_query: added to the query.
        extra_body: added to the body, above the parameters.
        timeout: instead of the client's.
    """

    extra_headers: ExtraHeaders | None = None
    extra_query: ExtraQuery | None = None
    extra_body: ExtraBody | None = None
    timeout: TimeoutTypes = NOT_GIVEN


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
    url = _url(
        settings, operation, _path(operation, given), {**query, **(options.extra_query or {})}
    )
    headers = _headers(settings, operation, given, options)
    if operation.sdp:
        return _offer(Request(operation.method, url, headers), operation.name, given)
    form = _form(operation, given, options)
    if form is not None:
        headers.pop("content-type", None)  # the transport adds one that names the boundary
        return Request(operation.method, url, headers, form=form)
    body = _merged(given, options.extra_body)
    if not body and not operation.body and not operation.files:
        headers.pop("content-type", None)
        return Request(operation.method, url, headers)
    return Request(operation.method, url, headers, _encoded(operation.name, body))


def _path(operation: Operation[T, E], given: dict[str, object]) -> str:
    """The path with its parameters, each of them one segment whatever is in it."""
    path = operation.path
    for name in operation.path_parameters:
        text = str(given.pop(name))
        if text in {"", ".", ".."}:
            raise InvalidArgumentError(f"{operation.name}() takes an id for {name}, not {text!r}.")
        path = path.replace(f"{{{name}}}", quote(text, safe=""))
    return path


def _headers(
    settings: Settings, operation: Operation[T, E], given: dict[str, object], options: CallOptions
) -> dict[str, str]:
    headers = {**settings.headers_for(admin=operation.admin), **operation.sends}
    for name in operation.headers.keys() & given.keys():
        value = given.pop(name)
        parts = cast("list[object]", value) if isinstance(value, list) else [value]
        text = ",".join(str(part) for part in parts)
        headers = merge_headers(headers, {operation.headers[name]: text})
    return merge_headers(headers, options.extra_headers) if options.extra_headers else headers


def _form(
    operation: Operation[T, E], given: Mapping[str, object], options: CallOptions
) -> Form | None:
    """The multipart form of an operation that takes files and was given some; else None."""
    fields = _merged(given, options.extra_body)
    files = {
        name: fields.pop(name)
        for name, value in [*fields.items()]
        if name in operation.files and value is not None and not isinstance(value, Mapping)
    }
    if not files:
        return None
    parts = (part for name, value in files.items() for part in parts_of(name, value))
    return Form(tuple(_pairs(fields)), tuple(parts))


def _encoded(name: str, body: object) -> bytes:
    try:
        return _ENCODER.encode(body).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidArgumentError(
            f"The parameters of {name}() cannot be written as JSON: {error}. Pass only what JSON"
            " knows: dicts, lists, text, numbers, booleans, None, and models of this package."
        ) from error


def _plain(value: object) -> object:
    """What the encoder does not know: models, of which only what is set is sent, and iterables."""
    from pydantic import BaseModel

    kind = type(value).__name__
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, Mapping):
        return dict(cast("Mapping[object, object]", value))
    if isinstance(value, Iterable) and not isinstance(value, _BINARY):
        return list(cast("Iterable[object]", value))
    raise TypeError(f"a value of type {kind} is not JSON")


# Iterables of numbers, which nobody means to send.
_BINARY = (bytes, bytearray, memoryview)

# The standard library's encoder, because that of pydantic-core would write the unset fields of
# models as null, which the API refuses.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
)


def _offer(request: Request, name: str, given: Mapping[str, object]) -> Request:
    """The request that offers a session: the description alone, or beside settings in a form."""
    offer, session = str(given["sdp"]).encode(), given.get("session")
    headers = {**request.headers, "content-type": "application/sdp"}
    if session is None:
        return replace(request, headers=headers, content=offer)
    del headers["content-type"]
    parts = (
        Part("sdp", None, offer, "application/sdp"),
        Part("session", None, _encoded(name, session), "application/json"),
    )
    return replace(request, headers=headers, form=Form((), parts))


def _merged(given: Mapping[str, object], more: ExtraBody | None) -> dict[str, object]:
    """The parameters of the body; `omit` in `extra_body` takes one out."""
    both = {**given, **(more or {})}
    return {name: value for name, value in both.items() if is_given(value)} if more else both


def _url(
    settings: Settings, operation: Operation[T, E], path: str, query: Mapping[str, object]
) -> str:
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
    url = base + path.lstrip("/")
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
        else:
            yield name, _text(value)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
