"""The files of a vector store, one by one and in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_mock.described.resources import made
from openai_mock.files.vector_files import (
    Wanted,
    attach,
    counts,
    index,
    index_later,
    pieces,
    recount,
    store_of,
    touch,
    usable,
)
from openai_mock.refusals import Refusal, missing_parameter, wrong_state
from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles
from openai_mock.state.items import Item, add, changed, item_of
from openai_mock.state.pages import asked_for, page
from openai_mock.work.jobs import forget, step

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.state.store import Document
    from openai_mock.world import World

MOST_FILES = 2000  # of one batch


@handles("vector_stores.files.create")
def create(call: Call, world: World) -> Reply:
    """Attach a file."""
    store = usable(item_of(call, world))
    (item,) = attach(world, store, [_wanted(call.body)], "file_id")
    index_later(world, item, "vector_stores.files.index")
    recount(world, touch(world, store))
    return JsonReply(item.document)


@handles("vector_stores.files.delete")
def delete(call: Call, world: World) -> Reply:
    """Take a file out of a store; the file itself stays."""
    item = item_of(call, world)
    world.store.delete(item.collection, item.key)
    store = store_of(world, {"vector_store_id": call.path["vector_store_id"]})
    if store:
        recount(world, store)
    return JsonReply({"id": item.key, "object": "vector_store.file.deleted", "deleted": True})


@handles("vector_stores.files.content")
def content(call: Call, world: World) -> Reply:
    """The text of a file, in its pieces."""
    found = [{"type": "text", "text": each} for each in pieces(world, item_of(call, world))]
    body = page(call.operation, found, [""] * len(found))
    return JsonReply({**body, "object": "vector_store.file_content.page", "next_page": None})


@handles("vector_stores.files.list", "vector_stores.file_batches.list_files")
def list_files(call: Call, world: World) -> Reply:
    """The files of a store, or of a batch, in any state or in one."""
    collection = item_of(call, world).inside("files")
    wanted = call.query.get("filter")
    where = {"status": wanted} if wanted else {}
    found = asked_for(call, world.store, collection, where)
    body = page(call.operation, found.documents, found.keys, has_more=found.has_more)
    return JsonReply(body)


@handles("vector_stores.file_batches.create")
def create_batch(call: Call, world: World) -> Reply:
    """Attach several files."""
    store = usable(item_of(call, world))
    wanted = _all_wanted(call.body)
    items = attach(world, store, wanted, "file_ids")
    numbers = counts(each.document for each in items)
    values = {"status": "in_progress", "file_counts": numbers, "vector_store_id": store.key}
    batch = add(world, store.inside("file_batches"), made(call, world, values))
    for item in items:
        add(world, batch.inside("files"), item.document)
    index_later(world, batch, "vector_stores.file_batches.index")
    recount(world, touch(world, store))
    return JsonReply(batch.document)


@handles("vector_stores.file_batches.cancel")
def cancel_batch(call: Call, world: World) -> Reply:
    """Stop a batch; the files that are not ready are cancelled."""
    batch = item_of(call, world)
    status = batch.document["status"]
    if status != "in_progress":
        raise wrong_state("file batch", batch.key, status, "Only one in progress can be cancelled.")
    forget(world, batch)
    for item in _files_of(world, batch):
        _settle(world, batch, changed(world, item, status="cancelled"))
    return JsonReply(_finished(world, batch, "cancelled").document)


@step("vector_stores.file_batches.index")
def _index(world: World, batch: Item, at: float) -> None:
    del at
    for item in _files_of(world, batch):
        _settle(world, batch, index(world, item))
    _finished(world, batch, "completed")


def _files_of(world: World, batch: Item) -> list[Item]:
    """The files of a batch that are still in the store, and not ready."""
    store = store_of(world, batch.document)
    found: list[Item] = []
    for key in world.store.list(batch.inside("files")).keys:
        collection = store.inside("files") if store else ""
        document = world.store.get(collection, key)
        if document is None:
            world.store.delete(batch.inside("files"), key)
        elif document["status"] == "in_progress":
            found.append(Item(collection, key, document))
    return found


def _settle(world: World, batch: Item, item: Item) -> None:
    """Let a batch show a file as it is."""
    world.store.put(batch.inside("files"), item.key, item.document)


def _finished(world: World, batch: Item, status: str) -> Item:
    numbers = counts(world.store.list(batch.inside("files")).documents)
    if store := store_of(world, batch.document):
        recount(world, store)
    return changed(world, batch, status=status, file_counts=numbers)


def _wanted(body: Document, around: Document | None = None) -> Wanted:
    """What a body says about a file; what it does not say is said by the one around it."""
    both: dict[str, Any] = {**(around or {}), **body}
    return Wanted(body["file_id"], both.get("attributes"), both.get("chunking_strategy"))


def _all_wanted(body: Document) -> list[Wanted]:
    ids: list[str] = body.get("file_ids") or []
    files: list[Document] = body.get("files") or []
    wanted = [_wanted(each, body) for each in (*({"file_id": each} for each in ids), *files)]
    if not wanted:
        raise missing_parameter("file_ids")
    if len(wanted) > MOST_FILES:
        message = f"{len(wanted)} files were sent. Attach at most {MOST_FILES} in one batch."
        raise Refusal(message, code="array_above_max_length", param="file_ids")
    return wanted
