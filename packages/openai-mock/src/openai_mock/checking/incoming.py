"""From a request as it was sent to a checked call of an operation.

Decides what each part of a request has to look like before its parameters are checked: which
content types an operation takes, how a query, a form and a header become values. Knows no HTTP
library, so that a request need not come from a socket.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl

from openai_types.catalogue import operations
from typing_extensions import is_typeddict

from openai_mock.calls import Call, Upload
from openai_mock.checking.body import SHOWN, media_type_of, parse_object
from openai_mock.checking.conversion import members, typed
from openai_mock.checking.pairs import tree
from openai_mock.checking.schemas import kinds, required
from openai_mock.checking.validation import check_part, check_values
from openai_mock.refusals import Refusal, missing_beta, unsupported_content_type
from openai_mock.routing.access import check_key
from openai_mock.routing.routes import choose, find, fixed_query, parameters_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openai_types.catalogue import Operation

    from openai_mock.checking.body import JsonObject
    from openai_mock.checking.pairs import Leaf
    from openai_mock.checking.schemas import Part
    from openai_mock.settings import Settings

JSON, FORM, SDP = "application/json", "multipart/form-data", "application/sdp"
# The API insists on the header here only.
_NEED_BETA = ("beta.agents.", "beta.assistants.", "beta.chatkit.", "beta.threads.")


@dataclass(frozen=True)
class Sent:
    """A request as it was sent.

    Attributes:
        method: The method, in capitals.
        path: The path, still percent-encoded.
        query: What is behind the question mark.
        headers: The headers, in lower case.
        body: The bytes of the body.
        form: The pairs of the body, where it is a form.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    body: bytes = field(default=b"", repr=False)
    form: tuple[tuple[str, Leaf], ...] | None = field(default=None, repr=False)


def read_call(sent: Sent, settings: Settings) -> Call:
    """Find out what is called, and check all of it.

    Raises:
        Refusal: There is no such operation, the key is wrong, or a parameter is.
    """
    match = find(sent.method, sent.path)
    pairs = _query(sent.query)
    operation = choose(match, dict(pairs), sent.headers.get("accept", ""))
    _authorize(operation, sent.headers, settings)
    fixed = fixed_query(operation)
    query = _converted(operation, "query", tree(pair for pair in pairs if pair[0] not in fixed))
    _check_headers(operation, sent.headers)
    values = check_part(operation, "body", _body(operation, sent))
    body, files = _separated(values)
    check_values(operation, body)
    path = dict(zip(parameters_of(operation), match.values, strict=True))
    return Call(operation, path, query, body, files, sent.headers)


def _authorize(operation: Operation, headers: Mapping[str, str], settings: Settings) -> None:
    expected, other = settings.api_key, settings.admin_api_key
    if operation.auth == "admin":
        expected, other = other, expected
    check_key(headers.get("authorization"), expected=expected, other=other)


def _query(query: str) -> list[tuple[str, str]]:
    if not query:
        return []
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict")
    except ValueError as error:
        message = f"We could not read the query: {error}. Percent-encode it in UTF-8."
        raise Refusal(message, code="invalid_value") from error


def _converted(operation: Operation, part: Part, values: Mapping[str, object]) -> JsonObject:
    """Text as values of the described types, checked."""
    known = kinds(operation.name, part)
    converted = {
        name: typed(value, known[name]) if name in known else value
        for name, value in values.items()
    }
    return check_part(operation, part, converted)


def needed_headers(operation: Operation) -> Mapping[str, str]:
    """The headers without which an operation is refused, with what they have to say."""
    beta = operation.headers.get("OpenAI-Beta")
    return {"OpenAI-Beta": beta} if beta and operation.name.startswith(_NEED_BETA) else {}


def _check_headers(operation: Operation, headers: Mapping[str, str]) -> None:
    for name, wanted in needed_headers(operation).items():
        sent = (each.strip() for each in headers.get(name.lower(), "").split(","))
        if wanted not in sent:
            raise missing_beta(name, wanted)
    given: dict[str, object] = {}
    for wire in _headers_of(operation.name):
        value = headers.get(wire.lower())
        if value is not None:
            parts = [part.strip() for part in value.split(",")]
            given[wire] = parts if len(parts) > 1 else parts[0]
    if given:
        _converted(operation, "header", given)


@cache
def _headers_of(name: str) -> tuple[str, ...]:
    """The headers that are parameters of an operation."""
    return tuple(each.wire for each in operations()[name].parameters if each.place == "header")


def _body(operation: Operation, sent: Sent) -> JsonObject:
    """The parameters in a body, not yet checked."""
    sent_type = media_type_of(sent.headers.get("content-type"))
    known = kinds(operation.name)
    is_empty = not sent.body and sent.form is None
    if is_empty and not (known and sent_type) and not required(operation.name):
        return {}  # clients name a type even where they send nothing
    taken = content_types(operation.name)
    if sent_type not in taken:
        raise unsupported_content_type(sent_type, taken)
    if sent_type == SDP:
        return {"sdp": _text(sent.body)}
    if sent_type == JSON:
        return parse_object(sent.body)
    return {
        name: typed(value, known[name]) if name in known else value
        for name, value in tree(sent.form or ()).items()
    }


@cache
def content_types(name: str) -> tuple[str, ...]:
    """The content types that an operation takes, the usual one first."""
    operation = operations()[name]
    if operation.raw_content:
        return SDP, FORM
    files = [each.wire for each in operation.parameters if each.place == "file"]
    if not files:
        return (JSON,)
    known = kinds(name)
    by_reference = any(is_typeddict(kind) for each in files for kind in members(known[each]))
    return (FORM, JSON) if operation.json_without_files or by_reference else (FORM,)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Refusal(
            f"We could not read the body as text: it begins with {body[:SHOWN]!r}. Send UTF-8.",
            code="invalid_value",
        ) from error


def _separated(values: JsonObject) -> tuple[JsonObject, dict[str, tuple[Upload, ...]]]:
    """The fields and the files of a body."""
    body: JsonObject = {}
    files: dict[str, tuple[Upload, ...]] = {}
    for name, value in values.items():
        if isinstance(value, Upload):
            files[name] = (value,)
        elif _are_uploads(value):
            files[name] = tuple(cast("Iterable[Upload]", value))
        else:
            body[name] = value
    return body, files


def _are_uploads(value: object) -> bool:
    return isinstance(value, list) and any(
        isinstance(each, Upload) for each in cast("list[object]", value)
    )
