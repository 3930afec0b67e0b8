"""The routes of the page: what browsers load, and what the page asks for.

Decides the headers that keep a page with untrusted content harmless. Knows nothing of the API.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic_core import to_json
from starlette.applications import Starlette
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from openai_mock.page.feed import Feed
from openai_mock.page.views import details, summary
from openai_mock.settings import DEFAULT_API_KEY
from openai_mock.version import __version__

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from openai_mock.journal import Journal

STATIC = Path(__file__).parent / "static"
ROOT = "/__mock__"
PREFIXES = (f"{ROOT}/page.", f"{ROOT}/events", f"{ROOT}/requests")
JSON = "application/json"
_COUNT = re.compile(r"[0-9]{1,9}")
# Nothing but the page's own files is loaded or run, whatever requests have in them.
HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def page_app(journal: Journal, *, api_key: str) -> Starlette:
    """Make the application that answers what is asked of the page."""
    pages = _Pages(journal, api_key)
    routes = (
        ("/", _static("index.html", "text/html"), ["GET", "HEAD"]),
        (f"{ROOT}/page.css", _static("page.css", "text/css"), ["GET"]),
        (f"{ROOT}/page.js", _static("page.js", "text/javascript"), ["GET"]),
        (f"{ROOT}/events", pages.events, ["GET"]),
        (f"{ROOT}/requests", pages.requests, ["GET"]),
        (f"{ROOT}/requests", pages.clear, ["DELETE"]),
        (f"{ROOT}/requests/{{number:int}}", pages.request, ["GET"]),
        (f"{ROOT}/requests/{{number:int}}/{{part}}", pages.raw, ["GET"]),
    )
    app = Starlette(routes=[Route(path, made, methods=methods) for path, made, methods in routes])
    app.router.redirect_slashes = False
    return app


class _Pages:
    """What the page asks for."""

    def __init__(self, journal: Journal, api_key: str) -> None:
        self._journal = journal
        shown = api_key if api_key == DEFAULT_API_KEY else None
        self._server = {"version": __version__, "api_key": shown}
        self._feed = Feed(journal, self._server)

    async def events(self, request: Request) -> Response:
        frames = self._feed.frames(request.headers.get("last-event-id"))
        return StreamingResponse(frames, headers=HEADERS, media_type="text/event-stream")

    async def requests(self, request: Request) -> Response:
        del request
        changes = self._journal.changes()
        exchanges = [summary(each) for each in changes.recordings]
        dropped = changes.dropped
        return _json({"server": self._server, "exchanges": exchanges, "dropped": dropped})

    # Another site can have a browser send a POST, but a DELETE only if it is let.
    async def clear(self, request: Request) -> Response:
        del request
        self._journal.clear()
        return _json({})

    async def request(self, request: Request) -> Response:
        number: int = request.path_params["number"]
        start = request.query_params.get("start", "0")
        if not _COUNT.fullmatch(start):
            return _json({"error": f"'start' is {start!r}. Send the number of a frame."}, 400)
        recording = self._journal.recording(number)
        return _forgotten(number) if recording is None else _json(details(recording, int(start)))

    async def raw(self, request: Request) -> Response:
        number: int = request.path_params["number"]
        part: str = request.path_params["part"]
        recording = self._journal.recording(number)
        if recording is None or part not in ("request", "response"):
            return _forgotten(number)
        reading = recording.reading
        content = reading.request() if part == "request" else reading.response()
        body = content.body if content else b""
        return Response(body, headers=HEADERS, media_type="text/plain")


def _json(value: object, status: int = 200) -> Response:
    return Response(to_json(value), status_code=status, headers=HEADERS, media_type=JSON)


def _forgotten(number: int) -> Response:
    return _json({"error": f"Request {number} is not in the journal, or not any more."}, 404)


def _static(name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        del request
        return Response(_file(name), headers=HEADERS, media_type=media_type)

    return endpoint


@cache
def _file(name: str) -> bytes:
    return (STATIC / name).read_bytes()
