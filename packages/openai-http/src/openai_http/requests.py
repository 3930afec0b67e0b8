"""From a call of an operation to the request: URL, headers, body. Nothing is sent here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar, cast
from urllib.parse import quote

from openai_types.errors import OpenAIError

from openai_http.messages import Request
from openai_http.sentinels import NOT_GIVEN, Omit, is_given
from openai_http.settings import merge_headers

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
        OpenAIError: the parameters cannot be written as JSON, or a header cannot be sent.
    """
    given = {name: value for name, value in params.items() if is_given(value)}
    operation.check(given)
    if options.extra_body:
        given.update(options.extra_body)
        given = {name: value for name, value in given.items() if is_given(value)}
    headers = settings.headers
    if options.extra_headers:
        headers = merge_headers(headers, options.extra_headers)
    query = {**settings.default_query, **(options.extra_query or {})}
    try:
        url = _url(settings.base_url, operation.path, query)
    except (TypeError, ValueError, RecursionError) as error:
        raise OpenAIError(
            f"The query of {operation.name}() cannot be written as text: {error}. Correct"
            " default_query or extra_query."
        ) from error
    return Request(
        operation.method,
        url,
        headers,
        _encoded(operation.name, given),
    )


def _encoded(name: str, body: Mapping[str, object]) -> bytes:
    try:
        return _ENCODER.encode(body).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise OpenAIError(
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


def _url(base_url: str, path: str, query: Mapping[str, object]) -> str:
    base, mark, base_query = base_url.partition("?")
    encoded = "&".join(f"{quote(name)}={quote(value)}" for name, value in _pairs(query))
    joined = "&".join(part for part in (base_query, encoded) if part)
    url = base + path.lstrip("/")
    return f"{url}?{joined}" if joined or mark else url


def _pairs(query: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The pairs of a query; lists and objects are written with brackets, as the API reads them."""
    for name, value in query.items():
        if not is_given(value):
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
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
