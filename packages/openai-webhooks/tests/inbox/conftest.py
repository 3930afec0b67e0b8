"""Stores for the tests: SQLite always, Redis and PostgreSQL where a server is to be had."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from openai_webhooks import Webhook
from openai_webhooks.inbox import Inbox, Store, open_store
from psycopg.sql import SQL, Identifier

from .deliveries import AT_ONCE, NOW, SECRET, Counts, NewInbox
from .servers import postgresql_server, redis_server

NewUrl = Callable[[], str]
NewStore = Callable[[], Store]


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    with postgresql_server() as url:
        yield url


_numbers = count()


@pytest.fixture(params=["sqlite", "redis", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> NewUrl:
    """Gives the URL of an empty store, another one at each call."""
    kind = request.param
    server = "" if kind == "sqlite" else str(request.getfixturevalue(f"{kind}_url"))

    def new() -> str:
        number = next(_numbers)
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/{number}.db"
        if kind == "redis":
            return f"{server}?prefix=test{number}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(f"test{number}")))
        return f"{server}&options={quote(f'-csearch_path=test{number}')}"

    return new


@pytest.fixture
def new_store(new_url: NewUrl) -> Iterator[NewStore]:
    """Gives an empty store, another one at each call."""
    stores: list[Store] = []

    def new() -> Store:
        stores.append(open_store(new_url()))
        return stores[-1]

    yield new
    for store in stores:
        store.close()


@pytest.fixture
def store(new_store: NewStore) -> Store:
    return new_store()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/inbox.db"


@pytest.fixture
def counts() -> Counts:
    return Counts()


@pytest.fixture
def new_inbox(new_url: Callable[[], str], counts: Counts) -> NewInbox:
    url = new_url()

    def new(**settings: Any) -> Inbox:
        webhook = Webhook(SECRET, clock=lambda: NOW)
        # Workers wake each other within a process; looking into the store is for other processes.
        given: dict[str, Any] = {"retries": AT_ONCE, "poll": 0.01, "metrics": counts, **settings}
        return Inbox(url, webhook=webhook, **given)

    return new
