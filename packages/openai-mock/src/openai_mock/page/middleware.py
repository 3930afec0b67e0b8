"""Keeps the page's routes apart from the API: they are neither its routes nor in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.page.routes import PREFIXES, page_app

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from openai_mock.journal import Journal
    from openai_mock.serving.answering import App, Message, Receive, Send


class Page:
    """Wraps an application.

    Args:
        app: The application.
        journal: What the page shows.
        api_key: The key that clients have to send; shown only if it is the default.
    """

    def __init__(self, app: App, journal: Journal, api_key: str) -> None:
        self._app = app
        self._page = page_app(journal, api_key=api_key)

    def __call__(self, scope: Message, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer what is asked of the page, and let the application answer the rest."""
        app = self._page if _is_ours(scope) else self._app
        return app(scope, receive, send)


def _is_ours(scope: Message) -> bool:
    if scope["type"] != "http":
        return False
    if scope["path"] == "/":
        return scope["method"] in ("GET", "HEAD")
    return scope["path"].startswith(PREFIXES)
