"""What a request is about: the operation that it calls, its model and its text.

Reads the catalogue of operations. Decides nothing about how a request is answered.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from typing import NamedTuple, cast
from urllib.parse import quote

from openai_types.catalogue import operations

from openai_mock.errors import MockServerError
from openai_mock.refusals import Refusal
from openai_mock.routing.routes import ROOT, choose, find

# The catalogue has no WebSockets; these are the methods with which clients open them.
_SOCKETS = {
    "/realtime": "realtime.connect",
    "/realtime/translations": "realtime.translations.connect",
    "/responses": "responses.connect",
    "/live/sessions": "live.connect",
    "/live/sessions/{session_id}/attach": "live.sideband.connect",
    "/live/sessions/{session_id}/fork": "live.forks.connect",
}
_TEXTS = ("input", "messages", "prompt")  # where a request has its text
_PARTS = ("content", "text", "output")  # where a message or a part of one has it
EXCERPT = 200  # characters
_MODEL_OF_FORM = re.compile(rb'name="?model"?\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]{1,200})\r\n')


def operation_of(
    method: str, path: str, query: Mapping[str, str] | None = None, accept: str = ""
) -> str | None:
    """The name of the operation that a request calls, such as `responses.create`.

    Args:
        method: In capitals; `WEBSOCKET` for a WebSocket.
        path: Decoded, with the version that base URLs end in, or without.
        query: What tells operations of one path apart.
        accept: The same, by the type that is asked for.
    """
    inner = _without_version(path)
    if method == "WEBSOCKET":
        steps = tuple(inner.split("/"))
        found = (name for path, name in _SOCKETS.items() if _fits(tuple(path.split("/")), steps))
        return next(found, None)
    try:
        return choose(find(method, ROOT + quote(inner)), query or {}, accept).name
    except Refusal:
        return None


def _without_version(path: str) -> str:
    _, version, rest = path.partition(f"{ROOT}/")
    return f"/{rest}" if version else path


def _fits(template: tuple[str, ...], steps: tuple[str, ...]) -> bool:
    return len(template) == len(steps) and all(
        step != "" if part.startswith("{") else part == step
        for part, step in zip(template, steps, strict=True)
    )


class Target:
    """What `Requests.to` was asked for: an operation, or a path with or without its method.

    Args:
        text: `responses.create`, `/v1/responses`, `POST /v1/responses`; a step of a path like
            `{response_id}` stands for any.

    Raises:
        MockServerError: There is no operation of this name.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._query = ""
        if "/" in text:
            method, _, path = text.rpartition(" ")
            self._method = method.strip().upper()
        else:
            self._method, path = _route_of(text)
        path, _, self._query = path.partition("?")
        self._steps = tuple(path.split("/"))

    def accepts(self, method: str, path: str, query_string: bytes) -> bool:
        """Whether a request goes there."""
        return (
            self._method in ("", method)
            and _fits(self._steps, tuple(path.split("/")))
            and (not self._query or self._query in query_string.decode("latin-1").split("&"))
        )

    def __str__(self) -> str:
        return self._text


def _route_of(name: str) -> tuple[str, str]:
    """The method and the path of an operation."""
    sockets = {name: path for path, name in _SOCKETS.items()}
    if name in sockets:
        return "WEBSOCKET", ROOT + sockets[name]
    operation = operations().get(name)
    if operation is None:
        similar = difflib.get_close_matches(name, [*operations(), *sockets], n=3) or ["none"]
        raise MockServerError(
            f"There is no operation '{name}' (similar names: {', '.join(similar)}). Name one as "
            "clients call it, such as responses.create, or give a path such as /v1/responses."
        )
    return operation.method, ROOT + operation.path


class About(NamedTuple):
    """What a request is about, as far as it says.

    Attributes:
        operation: The operation that it calls.
        model: The model that it names.
        excerpt: The beginning of the last text in it.
    """

    operation: str | None = None
    model: str | None = None
    excerpt: str | None = None


def about(operation: str | None, query: Mapping[str, str], content_type: str, body: bytes) -> About:
    """What a request is about, whose operation is known."""
    if content_type.startswith("multipart/"):
        found = _MODEL_OF_FORM.search(body)
        return About(operation, found and found[1].decode(errors="replace"))
    fields = _object(body)
    model = fields.get("model", query.get("model"))
    texts = (_last_text(fields.get(name)) for name in _TEXTS)
    excerpt = next(filter(None, texts), None)
    return About(
        operation, model if isinstance(model, str) else None, excerpt and excerpt[:EXCERPT]
    )


def _object(body: bytes) -> Mapping[str, object]:
    """The JSON object in a body, or an empty one."""
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast("Mapping[str, object]", parsed) if isinstance(parsed, Mapping) else {}


def _last_text(value: object) -> str | None:
    """The last text in what the API takes as input: a text, parts, or messages of either."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        items = reversed(cast("list[object]", value))
        return next(filter(None, map(_last_text, items)), None)
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, object]", value)
        return next(filter(None, (_last_text(fields.get(name)) for name in _PARTS)), None)
    return None
