"""The ASGI application: the API over HTTP, its sessions over WebSockets, and what is neither.

Decides nothing about parameters or answers; those are in the modules of each API.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from openai_mock.control import Control, Faults, as_faults
from openai_mock.faults.sockets import ClosingSockets
from openai_mock.journal import Journal, Journaling
from openai_mock.page import Page
from openai_mock.refusals import unknown_route
from openai_mock.routing.registry import handlers
from openai_mock.routing.routes import ROOT
from openai_mock.scripts.script import Script
from openai_mock.serving.answering import Answering, refused
from openai_mock.serving.http import Serving
from openai_mock.serving.sockets import socket_routes
from openai_mock.settings import (
    DEFAULT_ADMIN_API_KEY,
    DEFAULT_API_KEY,
    DEFAULT_JOB_STEP_SECONDS,
    DEFAULT_WEBHOOK_SECRET,
    Settings,
)
from openai_mock.state.clock import Clock
from openai_mock.state.ids import Identifiers
from openai_mock.state.store import IN_MEMORY, Store
from openai_mock.world import World

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator
    from os import PathLike

    from fastapi import FastAPI
    from starlette.requests import Request

    from openai_mock.personalities import Personality
    from openai_mock.serving.answering import App, Message, Receive, Send


def create_app(
    *,
    api_key: str = DEFAULT_API_KEY,
    admin_api_key: str = DEFAULT_ADMIN_API_KEY,
    webhook_secret: str = DEFAULT_WEBHOOK_SECRET,
    webhook_url: str | None = None,
    path: str | PathLike[str] = IN_MEMORY,
    clock: Clock | None = None,
    journal: Journal | None = None,
    script: Script | None = None,
    personality: str | None = None,
    fault: Faults | None = None,
    job_step_seconds: float = DEFAULT_JOB_STEP_SECONDS,
    indexing_seconds: float = 0.0,
) -> FastAPI:
    """Make the application.

    Args:
        api_key: The key that clients have to send.
        admin_api_key: The key for the operations of administrators.
        webhook_secret: The secret to sign webhooks with.
        webhook_url: Where all events are posted.
        path: The file that keeps what is created; it is kept in memory by default.
        clock: What dates everything; real time by default.
        journal: Keeps what comes in and goes out; by default one that only the page shows.
        script: What is expected of clients; call its `check()` at the end.
        personality: The provider to answer like, such as `deepseek`.
        fault: What is wrong with every answer.
        job_step_seconds: How many seconds of the clock each step of a job takes; with 0, jobs are
            ready at the first poll.
        indexing_seconds: How many seconds of the clock it takes until files are in a vector store.

    Raises:
        MockServerError: No client could send such a key, the file cannot be used, there is no such
            provider or fault, or a number of seconds is negative.
    """
    control = control_of(script, personality, fault)
    settings = Settings(
        api_key, admin_api_key, webhook_secret, webhook_url, job_step_seconds, indexing_seconds
    )
    store = Store(path)
    world = World(settings, store, clock or Clock(), Identifiers(store.run), control)
    return app_of(world, Journal() if journal is None else journal)


def control_of(script: Script | None, personality: str | None, fault: Faults | None) -> Control:
    """What a server does otherwise.

    Raises:
        MockServerError: There is no such provider or fault.
    """
    from openai_mock.personalities import named

    provider = named(personality) if personality is not None else None
    return Control(script or Script(), provider, as_faults(fault))


def app_of(world: World, journal: Journal) -> FastAPI:
    """The application of a world, whose traffic a journal keeps."""
    from fastapi import FastAPI  # takes longer to import than all else

    handlers()  # so that a handler that cannot be loaded is told now
    app = FastAPI(
        title="OpenAI API (mock)",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_middleware(_Directly, api=Serving(world))
    app.add_middleware(ClosingSockets, control=world.control)
    app.add_middleware(Answering, ids=world.ids)
    app.add_middleware(Journaling, journal=journal)
    app.add_middleware(Page, journal=journal, api_key=world.settings.api_key)
    app.add_middleware(_Mounted)
    app.router.routes.append(Route("/openapi.json", _description))
    if world.control.personality:
        app.router.routes.extend(_routes_of(world.control.personality, world))
    others = world.control.personality.roots if world.control.personality else ()
    app.router.routes.extend(socket_routes(world, dict.fromkeys((ROOT, *others))))
    app.add_exception_handler(404, _no_such_route)
    return app


class _Mounted:
    """Takes off the path below which another application has mounted this one."""

    def __init__(self, app: App) -> None:
        self._app = app

    def __call__(self, scope: Message, receive: Receive, send: Send) -> Awaitable[None]:
        prefix: str = scope.get("root_path", "")
        if prefix and scope["path"].startswith(f"{prefix}/"):
            raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
            inside = {
                "path": scope["path"].removeprefix(prefix),
                "raw_path": raw.removeprefix(quote(prefix).encode()),
                "root_path": "",
            }
            scope = {**scope, **inside}
        return self._app(scope, receive, send)


class _Directly:
    """Leads to the API what is below its root, past the layers that only the rest needs.

    All operations are one route: they are found by a tree, and checked by the description.
    """

    def __init__(self, app: App, api: App) -> None:
        self._app = app
        self._api = api

    def __call__(self, scope: Message, receive: Receive, send: Send) -> Awaitable[None]:
        is_api = scope["type"] == "http" and scope["path"].startswith(f"{ROOT}/")
        return (self._api if is_api else self._app)(scope, receive, send)


def _routes_of(personality: Personality, world: World) -> Iterator[Route]:
    """Where else a provider has its operations, and what it has besides."""
    for path, page in personality.pages.items():
        yield Route(path, JSONResponse(page))
    for root in personality.roots:
        if root != ROOT:
            yield Route(f"{root}/{{path:path}}", Serving(world, root))


async def _description(request: Request) -> Response:
    from openai_mock.described import openapi  # what it needs takes long, and few ask for it

    del request
    content = await asyncio.to_thread(openapi.document)  # others are answered while it is made
    return Response(content, media_type="application/json")


async def _no_such_route(request: Request, error: Exception) -> Response:
    del error
    return refused(unknown_route(request.method, request.url.path))
