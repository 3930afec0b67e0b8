"""Vector stores, and the search in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_mock.checking.limits import check_range
from openai_mock.described.instances import overlaid
from openai_mock.described.resources import made
from openai_mock.files import vector_search
from openai_mock.files.stored_files import file_for
from openai_mock.files.vector_files import (
    STORES,
    Wanted,
    attach,
    counts,
    index_later,
    recount,
    touch,
    usable,
)
from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles
from openai_mock.state.items import Item, add, changed, item_of
from openai_mock.state.pages import page
from openai_mock.work.jobs import step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.world import World

MOST_RESULTS, USUAL_RESULTS = 50, 10
LONGEST_LIFE = 365  # days


@handles("vector_stores.create")
def create(call: Call, world: World) -> Reply:
    """Make a store, with the files that are named."""
    _check_expiry(call.body)
    file_ids: list[str] = call.body.get("file_ids") or []
    for file_id in file_ids:
        file_for(world, file_id, "file_ids")
    values = {
        "name": "",
        "metadata": {},
        **call.body,
        "status": "completed",
        "file_counts": counts(()),
        "usage_bytes": 0,
    }
    store = touch(world, add(world, STORES, made(call, world, values)))
    chunking = call.body.get("chunking_strategy")
    wanted = [Wanted(each, None, chunking) for each in file_ids]
    for item in attach(world, store, wanted, "file_ids"):
        index_later(world, item, "vector_stores.files.index")
    return JsonReply(recount(world, store).document)


@handles("vector_stores.update")
def update(call: Call, world: World) -> Reply:
    """Change a store; with another policy it expires at another time."""
    _check_expiry(call.body)
    store = item_of(call, world)
    document = overlaid(_type_of(call), store.document, call.body)
    return JsonReply(touch(world, changed(world, store, **document)).document)


@handles("vector_stores.search")
def search(call: Call, world: World) -> Reply:
    """The pieces of the files in a store that are most similar to a query."""
    body = call.body
    asked: int | None = body.get("max_num_results")
    limit = USUAL_RESULTS if asked is None else asked
    check_range("max_num_results", limit, 1, MOST_RESULTS)
    store = usable(item_of(call, world))
    queries: list[str] = [body["query"]] if isinstance(body["query"], str) else body["query"]
    found = vector_search.search(
        world,
        store,
        queries,
        condition=body.get("filters"),
        ranking=body.get("ranking_options"),
    )
    shown = found[:limit]
    keys = [each["file_id"] for each in shown]
    return JsonReply(
        {
            **page(call.operation, shown, keys, has_more=len(found) > limit),
            "object": "vector_store.search_results.page",
            "search_query": queries,
            "next_page": None,
        }
    )


def _check_expiry(body: Mapping[str, Any]) -> None:
    policy = body.get("expires_after")
    if policy:
        check_range("expires_after.days", policy["days"], 1, LONGEST_LIFE)


def _type_of(call: Call) -> object:
    from openai_types.catalogue import resolve

    return resolve(call.operation.returns)


@step("vector_stores.expire")
def _expire(world: World, store: Item, at: float) -> None:
    del at
    changed(world, store, status="expired")
