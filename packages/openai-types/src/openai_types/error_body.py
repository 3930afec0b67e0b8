"""What a server says went wrong, from the body with which it answers an error.

Knows the shapes in which the API, the servers that speak it and what stands before them put an
error; not where the body came from, nor what becomes of it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import cast

NESTING = 6  # levels of lists, objects and JSON inside text that servers are known to use, and more
DEEPEST = 100  # levels of JSON that are kept as such: deeper ones could not be pickled or shown
LONGEST = 500  # characters of a message made from text that may be anything
LONGEST_SAID = 10_000  # characters of a message that is one
LISTED = 10  # complaints of a list that a message names
OBJECTS = 50  # objects of a body in which fields are looked for
PAGE = 10_000  # characters of a page in which its text is looked for
# Where messages are, the best place first; `error` beside `error_description` is a code.
KEYS = (
    *("message", "error_description", "error", "errors", "detail", "msg", "title"),
    *("error_message", "error_msg", "status_msg", "base_resp"),
)
# Where an error is inside another, which says less; and where more is said of it.
_INSIDE = ("error", "errors", "base_resp")
_BESIDE = ("detail", "message", "innererror", "metadata", "raw")

# The brackets of JSON, and its strings, in which they do not count.
_NESTING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_UNSEEN = re.compile(
    r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """A body that was read.

    Attributes:
        message: what it says to people, or None if it says nothing.
        body: the error object if there is one, otherwise the JSON or the text as it came.
        code, param, type: what the error object calls so, or other servers otherwise, as text.
        signs: every code and type in it, in lower case: gateways put one error into another.
    """

    message: str | None
    body: object
    code: str | None = None
    param: str | None = None
    type: str | None = None
    signs: frozenset[str] = frozenset()


def read_error(body: bytes | str) -> ErrorBody:
    """Read any body with which a server may answer an error; it never fails."""
    text = body if isinstance(body, str) else body.decode(errors="replace")
    text = text.removeprefix("\ufeff")
    parsed = read_json(text)
    if isinstance(parsed, str) and parsed is not text:
        parsed = read_json(parsed)  # a JSON text with JSON in it
    message = find_message(parsed)
    if message is not None and isinstance(parsed, str):
        message = _line(message)
    return _with_fields(message, parsed)


def find_message(value: object) -> str | None:
    """The message in an error that was parsed already, whatever shape it has."""
    message = _message(value, NESTING)
    # Half a surrogate pair could neither be printed nor sent on.
    return None if message is None else _cut(message.encode(errors="replace").decode())


def read_json(text: str) -> object:
    """The text as JSON if it is, and not too deep to be handed around; otherwise as it is."""
    # Not left to Python's limit: whatever else runs when that is reached would fail as well.
    if _is_deep(text):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _is_deep(text: str) -> bool:
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    depth = 0
    for mark in _NESTING.finditer(text):
        if mark[0] in "[{":
            depth += 1
        elif mark[0] in "]}":
            depth -= 1
        if depth > DEEPEST:
            return True
    return False


def _with_fields(message: str | None, parsed: object) -> ErrorBody:
    objects = [*islice(_objects(parsed, NESTING), OBJECTS)]
    codes = [text for each in objects for text in _codes(each)]
    types = [text for each in objects for text in _types(each)]
    params = [text for each in objects for text in _params(each)]
    return ErrorBody(
        message,
        _error_object(parsed),
        code=next(iter(codes), None),
        param=next(iter(params), None),
        type=next(iter(types), None),
        signs=frozenset(text.lower() for text in (*codes, *types)),
    )


def _objects(value: object, levels: int) -> Iterator[Mapping[str, object]]:
    """The objects of an error, the one that says most first."""
    if not levels:
        return
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        value = read_json(value)
    if isinstance(value, list):
        for item in islice(cast("list[object]", value), LISTED):
            yield from _objects(item, levels - 1)
    if not isinstance(value, Mapping):
        return
    fields = cast("Mapping[str, object]", value)
    for key in _INSIDE:
        yield from _objects(fields.get(key), levels - 1)
    yield fields
    for key in _BESIDE:
        yield from _objects(fields.get(key), levels - 1)


def _codes(fields: Mapping[str, object]) -> Iterator[str]:
    yield from _texts(fields, "code", "error_code", "statusCode", "status_code")
    if "error_description" in fields:  # of OAuth, where the error is its code
        yield from _texts(fields, "error")


def _types(fields: Mapping[str, object]) -> Iterator[str]:
    yield from _texts(fields, "type", "error_type")
    status = fields.get("status")  # Google's name of the type, elsewhere the status of HTTP
    if isinstance(status, str) and not status.isdigit():
        yield status


def _params(fields: Mapping[str, object]) -> Iterator[str]:
    yield from _texts(fields, "param")
    place = _place(fields).removesuffix(": ").removeprefix("body.")
    if place:
        yield place


def _texts(fields: Mapping[str, object], *names: str) -> Iterator[str]:
    """The values of some fields as text: third-party servers send numeric codes."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            yield str(value)


def _error_object(parsed: object) -> object:
    """What is said of the error, out of the list or the object around it."""
    outer = _only(parsed)
    if not isinstance(outer, Mapping):
        return parsed
    fields = cast("Mapping[str, object]", outer)
    inner = _only(fields.get("error"))
    is_all = isinstance(inner, str) and len(fields) == 1
    return cast("object", inner) if inner and (is_all or isinstance(inner, Mapping)) else fields


def _only(value: object) -> object:
    """The item of a list of one, as some servers send it."""
    if not isinstance(value, list):
        return value
    items = cast("list[object]", value)
    return items[0] if len(items) == 1 else items


def _message(value: object, levels: int) -> str | None:
    """The text for people, which some servers wrap: in lists, in objects, in JSON inside text."""
    if isinstance(value, str):
        return _from_text(value, levels)
    if not levels:
        return None
    if isinstance(value, list):
        items = islice(cast("list[object]", value), LISTED)
        return "; ".join(filter(None, (_message(item, levels - 1) for item in items))) or None
    if not isinstance(value, Mapping):
        return None
    fields = cast("Mapping[str, object]", value)
    for key in KEYS:
        text = _message(fields.get(key), levels - 1)
        if text is not None:
            return _place(fields) + text + _upstream(fields, text, levels)
    return None


def _upstream(fields: Mapping[str, object], text: str, levels: int) -> str:
    """What the server behind a gateway said: `{"message": "…", "metadata": {"raw": "…"}}`."""
    metadata = fields.get("metadata")
    if not isinstance(metadata, Mapping):
        return ""
    raw = _message(cast("Mapping[str, object]", metadata).get("raw"), levels - 1)
    return f": {_line(raw)}" if raw and raw != text else ""


def _place(fields: Mapping[str, object]) -> str:
    """Where a complaint of FastAPI belongs: `{"loc": ["body", "store"], "msg": "…"}`."""
    steps = fields.get("loc")
    if not isinstance(steps, list):
        return ""
    some = islice(cast("list[object]", steps), LISTED)
    named = [str(step) for step in some if isinstance(step, str | int)]
    return ".".join(named) + ": " if named else ""


def _from_text(text: str, levels: int) -> str | None:
    text = text.strip()
    if levels and text.startswith(("{", "[")):
        parsed = read_json(text)
        inside = None if isinstance(parsed, str) else _message(parsed, levels - 1)
        return inside or text
    if text.startswith("<") and text.endswith(">"):
        return _line(_seen(text)) or _line(text)
    return text or None


def _seen(page: str) -> str:
    """The title of a page, or what one sees of it."""
    page = page[:PAGE]
    title = _TITLE.search(page)
    return html.unescape(title[1] if title and title[1].strip() else _UNSEEN.sub(" ", page))


def _line(text: str) -> str:
    return _cut(" ".join(text[:PAGE].split()), LONGEST)


def _cut(text: str, longest: int = LONGEST_SAID) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
