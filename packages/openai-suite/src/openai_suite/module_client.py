"""The client behind `openai_suite.responses.create(...)`, made when a call is first made.

Decides which settings it has: those that were set on the package, as `openai_suite.api_key = ...`,
and for the others what a client has that is given nothing. They may be set again at any time; then
the next call is made by another client, which shares the connections. A group that was kept, as by
`from openai_suite import responses`, goes by the settings at the time of each call, too.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from openai_http.resource import Keeping, groups_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai_http import OpenAI

    _typed = OpenAI()  # never made: editors take the types of the groups from it
    admin = _typed.admin
    audio = _typed.audio
    batches = _typed.batches
    beta = _typed.beta
    chat = _typed.chat
    completions = _typed.completions
    containers = _typed.containers
    content_provenance_checks = _typed.content_provenance_checks
    conversations = _typed.conversations
    decisions = _typed.decisions
    embeddings = _typed.embeddings
    evals = _typed.evals
    files = _typed.files
    fine_tuning = _typed.fine_tuning
    images = _typed.images
    live = _typed.live
    models = _typed.models
    moderations = _typed.moderations
    realtime = _typed.realtime
    responses = _typed.responses
    safety = _typed.safety
    skills = _typed.skills
    uploads = _typed.uploads
    vector_stores = _typed.vector_stores
    videos = _typed.videos
    webhooks = _typed.webhooks

PACKAGE = "openai_suite"
SETTINGS = (
    *("api_key", "admin_api_key", "organization", "project", "webhook_secret", "base_url"),
    *("timeout", "max_retries", "default_headers", "default_query", "http_client"),
)
TIMEOUT = "timeout"
# Where a copy of a client would add to what is there, it is told to replace it.
_REPLACED = {"default_headers": "set_default_headers", "default_query": "set_default_query"}


def fetch(name: str) -> object:
    """What the package has under the name of a setting or of a group of operations.

    Raises:
        AttributeError: it is neither.
    """
    if name in SETTINGS:
        return _default(name)
    made = _groups().get(name)
    if made is not None:
        return made(_current)
    message = f"module {PACKAGE!r} has no attribute {name!r}"
    raise AttributeError(message)


def groups() -> frozenset[str]:
    """The names of the groups of operations."""
    return frozenset(_groups())


def _groups() -> dict[str, Callable[[object], object]]:
    """What makes each group of operations of a client."""
    from openai_http.resources.groups import Groups

    return groups_of(Groups)


def _default(name: str) -> object:
    """What a setting is that was not set."""
    import openai_http

    defaults = {
        "timeout": openai_http.DEFAULT_TIMEOUT,
        "max_retries": openai_http.DEFAULT_MAX_RETRIES,
    }
    return defaults.get(name)


def _now(value: object) -> object:
    """A setting as it is now, if it is one that may change without being set again."""
    return dict(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else value


class _ModuleClient:
    """The client, and the settings that it was made of."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._client: OpenAI | None = None
        self._settings: dict[str, Any] = {}  # Any: each has a type of its own

    def load(self) -> OpenAI:
        """The client for the settings as they are now."""
        namespace = vars(sys.modules[PACKAGE])
        given = {name: _now(namespace[name]) for name in SETTINGS if name in namespace}
        # Nothing is as if it had not been set; only as a timeout it means something.
        settings = {
            name: each for name, each in given.items() if each is not None or name == TIMEOUT
        }
        with self._changing:
            if self._client is None or settings != self._settings:
                self._client = self._made(settings)
                self._settings = settings
            return self._client

    def _made(self, settings: dict[str, Any]) -> OpenAI:
        from openai_http import OpenAI

        old, same_http = self._client, self._settings.get("http_client")
        shares = old is not None and settings.get("http_client") is same_http
        if old is None or not shares or not self._settings.keys() <= settings.keys():
            return OpenAI(**settings)
        return old.copy(**{_REPLACED.get(name, name): each for name, each in settings.items()})


_client = _ModuleClient()


class _CurrentClient(Keeping):
    """The client as it is whenever it is used: a group can be had before there is a key."""

    def __getattr__(self, name: str) -> object:
        return getattr(_client.load(), name)


_current = _CurrentClient()
