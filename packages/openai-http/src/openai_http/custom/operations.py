"""Operations that the API's description does not have: of a method, a path and a type.

Decides what `client.post("/path", cast_to=..., body=...)` sends and how its answer is read. A
described operation checks its parameters; here, what is given is sent as it is.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Iterable, Mapping
from typing import IO, TYPE_CHECKING, Any, TypeAlias, TypedDict, TypeVar, cast

from openai_types.configuration import is_secret
from openai_types.errors import InvalidArgumentError, InvalidTypeError

from openai_http.attempts.redirects import is_sendable, same_server
from openai_http.bodies.casting import is_response
from openai_http.bodies.encoding import encoded
from openai_http.bodies.streamed import Source, StreamedBody
from openai_http.bodies.uploads import Form, is_file, parts_of, read_file
from openai_http.messages import Request
from openai_http.operations import Operation
from openai_http.requests import CallOptions, form_fields, merged, url_of, with_call_options
from openai_http.sentinels import NOT_GIVEN, is_given
from openai_http.settings import dict_in

if TYPE_CHECKING:
    from openai_stream import EventReader
    from openai_types import Decoder

    from openai_http.sentinels import Omit
    from openai_http.settings import Settings
    from openai_http.timing.timeout import TimeoutTypes

T = TypeVar("T")
E = TypeVar("E")

_AS_IT_IS: tuple[object, ...] = (None, type(None), str, bytes)  # types of answers that are no JSON

Content: TypeAlias = bytes | bytearray | str | os.PathLike[str] | IO[bytes] | Iterable[bytes]
"""Bytes, text, a path, an open file, or pieces of bytes."""

AsyncContent: TypeAlias = Content | AsyncIterable[bytes]
"""The same for `AsyncOpenAI`, which awaits pieces if they have to be."""
Files: TypeAlias = Mapping[str, object] | Iterable[tuple[str, object]]
"""Files by the names of their fields: what parameters for files take."""


class RequestOptions(TypedDict, total=False):
    """What a request of your own may be given besides its body.

    Attributes:
        headers: added to those of the client; `omit` as a value removes one.
        params: the query, besides what the path has of it.
        extra_json: added to a body that is an object.
        timeout: instead of the client's.
        max_retries: instead of the client's.
        idempotency_key: sent with every attempt, so that a server that knows it acts once.
    """

    headers: Mapping[str, str | Omit]
    params: Mapping[str, object]
    extra_json: Mapping[str, object]
    timeout: TimeoutTypes
    max_retries: int
    idempotency_key: str


def call_options(options: RequestOptions) -> CallOptions:
    """The options of a request as those of a call.

    Raises:
        InvalidTypeError: one of them is not the dict that it should be.
    """
    return CallOptions(
        extra_headers=dict_in("headers", options.get("headers")),
        extra_body=dict_in("extra_json", options.get("extra_json")),
        timeout=options.get("timeout", NOT_GIVEN),
        retry=options.get("max_retries"),
        idempotency_key=options.get("idempotency_key"),
    )


class CustomOperation(Operation[T, E]):
    """An operation that nobody described. Its parameters are its query.

    Args:
        method: the HTTP method, in capitals.
        path: below the base URL, also with a query; or a whole URL, whose server gets no secret of
            the client's if it is another one.
        result_type: what the answer is read as; an item of it where there is a `page_class`.
        event_type: what an event of the stream is read as.
        page_class: the kind of page, which may name its items or not.
        body: anything that is JSON; an object is the fields of the form where there are files.
        content: what is sent as it is, instead of a body.
        files: by the names of their fields.
    """

    is_described = False

    def __init__(
        self,
        method: str,
        path: str,
        *,
        result_type: object = None,
        event_type: object = None,
        page_class: type[object] | None = None,
        body: object = None,
        content: AsyncContent | None = None,
        files: Files | None = None,
    ) -> None:
        super().__init__(f"{method} {path.partition('?')[0]}", method, path)
        self._types = result_type, event_type, page_class
        self._body_given = body if is_given(body) else None
        self._content = content
        self._files_given = files

    def request(
        self, settings: Settings, params: Mapping[str, object], options: CallOptions
    ) -> Request:
        """Make the request of a call.

        Raises:
            InvalidArgumentError: something cannot be written into the URL, the form or the JSON.
            InvalidTypeError: nothing can be decoded into the type of its answer.
            OpenAIError: a header cannot be sent, or there is no key.
        """
        event_type = self._types[1]
        if event_type not in _AS_IT_IS and not is_response(event_type):
            _decoder(event_type, strict=settings.strict).prepare()
        url = url_of(settings, self, self.path, {**params, **(options.extra_query or {})})
        if not is_sendable(url):
            raise InvalidArgumentError(
                f"No request can be sent to the path that {self.method} was given. Pass what comes"
                " after base_url, or a whole URL of http or https, on one line."
            )
        headers = self._headers(settings, url, options)
        if self._files_given is not None:
            del headers["content-type"]  # the transport adds one that names the boundary
            return Request(self.method, url, headers, form=self._form(options))
        content = self._encoded(options)
        if content is None:
            headers.pop("content-type", None)
        if not isinstance(content, StreamedBody):
            return Request(self.method, url, headers, content or b"")
        if content.length is not None:
            headers["content-length"] = str(content.length)
        return Request(self.method, url, headers, streamed=content)

    def result_for(self, params: Mapping[str, object]) -> str:
        """Where the type of the answer is: nowhere, but text and nothing are no JSON."""
        del params
        result_type = self._types[0]
        if result_type is str:
            return "str"
        return "" if result_type in {None, type(None)} else "custom"

    def result_decoder(self, place: str, *, strict: bool) -> Decoder[T]:
        """Decodes the answer."""
        del place
        return cast("Decoder[T]", _decoder(self._types[0], strict=strict))

    def page_decoder(self, kind: str, *, strict: bool) -> Decoder[object]:
        """Decodes a page of answers."""
        del kind
        result_type, _, page_class = self._types
        page: Any = page_class  # Any: a generic model, with the type of its items or without
        is_generic = bool(page.__pydantic_generic_metadata__["parameters"])
        return _decoder(page[result_type] if is_generic else page, strict=strict)

    def reader(self, *, strict: bool, is_over: bool = False) -> EventReader[E]:
        """A new reader of its stream, of which nobody knows how it ends."""
        del is_over
        from openai_stream import EventReader, terminal

        decode = cast("Decoder[E]", _decoder(self._types[1], strict=strict))
        return EventReader(decode, terminal.any_end())

    def _headers(self, settings: Settings, url: str, options: CallOptions) -> dict[str, str]:
        headers = dict(settings.headers_for(admin=False))
        if not same_server(settings.base_url, url):
            headers = {name: value for name, value in headers.items() if not is_secret(name)}
        return with_call_options(settings, self.method, headers, options)

    def _form(self, options: CallOptions) -> Form:
        files = _named(self.name, self._files_given)
        parts = tuple(part for name, value in files for part in parts_of(name, value))
        body = self._body_given
        if body is not None and not isinstance(body, Mapping):
            raise InvalidArgumentError(
                f"The body of {self.name} is of type {type(body).__name__}, which cannot be sent"
                " beside files. Pass a dict, whose items become the fields of the form."
            )
        fields = merged(cast("Mapping[str, object]", body or {}), options.extra_body)
        return Form(form_fields(self, fields), parts)

    def _encoded(self, options: CallOptions) -> bytes | StreamedBody | None:
        """The body, if there is one."""
        content, body, more = self._content, self._body_given, options.extra_body
        if isinstance(body, bytes | bytearray) and not more:
            content = body
        if content is not None:
            return _as_it_is(self.name, content)
        if body is None and not more:
            return None
        if isinstance(body, Mapping | None):
            return encoded(self.name, merged(cast("Mapping[str, object]", body or {}), more))
        if more:
            raise InvalidArgumentError(
                f"The body of {self.name} is of type {type(body).__name__}, to which extra_json"
                " cannot be added. Pass a dict, or leave extra_json out."
            )
        return encoded(self.name, body)


def _named(name: str, files: object) -> list[tuple[str, object]]:
    """Files with the names of their fields."""
    given = cast("Iterable[object]", files.items() if isinstance(files, Mapping) else files)
    try:
        pairs = [(field, value) for field, value in cast("Iterable[tuple[object, object]]", given)]
    except (TypeError, ValueError):
        pairs = [(None, None)]
    if not all(isinstance(field, str) for field, _ in pairs):
        raise InvalidTypeError(
            f'The files of {name} are no files with names. Pass {{"field": file}}, or'
            ' [("field", file)].'
        )
    return cast("list[tuple[str, object]]", pairs)


def _as_it_is(name: str, content: object) -> bytes | StreamedBody:
    if isinstance(content, str):
        try:
            return content.encode()
        except UnicodeEncodeError as error:
            raise InvalidArgumentError(
                f"The content of {name} cannot be encoded: {error}."
            ) from error
    given = content
    if is_file(given) and not isinstance(given, tuple):
        _, given = read_file("content", given)
    if isinstance(given, bytes):
        return given
    is_source = isinstance(given, Iterable | AsyncIterable) or hasattr(given, "read")
    if is_source and not isinstance(given, Mapping):
        return StreamedBody(name, cast("Source", given))
    raise InvalidTypeError(
        f"The content of {name} is of type {type(content).__name__}. Pass bytes or text, a path, a"
        ' file opened with "rb", or an iterable of bytes.'
    )


def _decoder(type_: object, *, strict: bool) -> Decoder[object]:
    from openai_types import Decoder

    return Decoder(type_, strict=strict)
