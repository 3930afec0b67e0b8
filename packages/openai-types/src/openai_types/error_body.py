"""What a server says went wrong, from the body with which it answers an error.

Knows the shapes in which the API, the servers that speak it and what stands before them put an
error; not where the body came from, nor what becomes of it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import cast

NESTING = 6  # levels of lists, objects and JSON inside text that servers are known to use, and more
LONGEST = 500  # characters of a message made from text that may be anything
LISTED = 10  # complaints of a list that a message names
PAGE = 10_000  # characters of a page in which its text is looked for
# Where messages are, the best place first; `error` beside `error_description` is a code.
KEYS = ("message", "error_description", "error", "errors", "detail", "msg", "title")

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
    """

    message: str | None
    body: object


def read_error(body: bytes | str) -> ErrorBody:
    """Read any body with which a server may answer an error; it never fails."""
    text = body if isinstance(body, str) else body.decode(errors="replace")
    text = text.removeprefix("\ufeff")
    parsed = _parsed(text)
    if isinstance(parsed, str) and parsed is not text:
        parsed = _parsed(parsed)  # a JSON text with JSON in it
    message = find_message(parsed)
    if message is not None and isinstance(parsed, str):
        message = _line(message)
    return ErrorBody(message, _error_object(parsed))


def find_message(value: object) -> str | None:
    """The message in an error that was parsed already, whatever shape it has."""
    message = _message(value, NESTING)
    # Half a surrogate pair could neither be printed nor sent on.
    return None if message is None else message.encode(errors="replace").decode()


def _parsed(text: str) -> object:
    """The text as JSON if it is, otherwise as it is."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


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
            return _place(fields) + text
    return None


def _place(fields: Mapping[str, object]) -> str:
    """Where a complaint of FastAPI belongs: `{"loc": ["body", "store"], "msg": "…"}`."""
    steps = fields.get("loc")
    if not isinstance(steps, list):
        return ""
    named = [str(step) for step in cast("list[object]", steps) if isinstance(step, str | int)]
    return ".".join(named) + ": " if named else ""


def _from_text(text: str, levels: int) -> str | None:
    text = text.strip()
    if levels and text.startswith(("{", "[")):
        parsed = _parsed(text)
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
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
