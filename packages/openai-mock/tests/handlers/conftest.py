"""The API without a socket, on a clock that moves only when a test says so."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from openai_mock.api import perform
from openai_mock.calls import Upload
from openai_mock.checking.incoming import Sent
from openai_mock.refusals import Refusal
from openai_mock.replies import BytesReply, JsonReply, Reply
from openai_mock.settings import Settings
from openai_mock.state.clock import Clock
from openai_mock.state.store import Store
from openai_mock.world import World

NOW = 1_800_000_000


class Api:
    """Calls operations; gives JSON, bytes or None, and lets refusals through."""

    def __init__(self, world: World) -> None:
        self.world = world

    def get(self, path: str, **query: Any) -> Any:  # Any: JSON
        return self._performed("GET", path, query=urlencode(query))

    def post(self, path: str, body: Any = None, *, form: Any = None) -> Any:
        kind = "application/json" if form is None else "multipart/form-data"
        content = b"" if body is None else json.dumps(body).encode()
        pairs = None if form is None else tuple(form)
        return self._performed("POST", path, kind=kind, body=content, form=pairs)

    def delete(self, path: str) -> Any:
        return self._performed("DELETE", path)

    def refused(self, method: str, path: str, *args: Any, **options: Any) -> Refusal:
        """Why a call is refused; fails if it is not."""
        with pytest.raises(Refusal) as refused:
            getattr(self, method)(path, *args, **options)
        return refused.value

    def upload(self, content: bytes, purpose: str = "assistants", name: str = "a.jsonl") -> str:
        """Upload a file; gives its id."""
        form = (("file", Upload(name, "text/plain", content)), ("purpose", purpose))
        return self.post("/files", form=form)["id"]

    def pass_time(self, seconds: float = 1) -> None:
        self.world.clock.advance(seconds)

    def _performed(
        self,
        method: str,
        path: str,
        *,
        kind: str = "",
        query: str = "",
        body: bytes = b"",
        form: Any = None,
    ) -> Any:
        headers = {"authorization": f"Bearer {self.world.settings.api_key}"}
        if kind:
            headers["content-type"] = kind
        return given(perform(Sent(method, f"/v1{path}", query, headers, body, form), self.world))


def given(reply: Reply) -> Any:
    if isinstance(reply, JsonReply):
        return json.loads(json.dumps(reply.body))  # so that nobody shares what is stored
    return reply.content if isinstance(reply, BytesReply) else None


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def api(settings: Settings) -> Iterator[Api]:
    clock = Clock()
    clock.freeze(NOW)
    world = World(settings, Store(), clock)
    yield Api(world)
    world.store.close()
