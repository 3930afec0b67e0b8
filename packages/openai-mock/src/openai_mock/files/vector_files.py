"""Files in vector stores: how they get there, what they are cut into, and what is counted.

Decides when a file is ready: when the time that the settings name has passed. Files that are no
text are found by their names only. Which request attaches a file is in the handlers.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from openai_types.vector_stores import VectorStoreFile

from openai_mock.checking.limits import check_range
from openai_mock.described.instances import Maker
from openai_mock.files.retrieval import pieces_of
from openai_mock.files.stored_files import DAY, FILES, content_of, file_for
from openai_mock.refusals import Refusal, wrong_state
from openai_mock.state.items import Item, add, changed
from openai_mock.work.jobs import forget, later, step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openai_mock.state.store import Document
    from openai_mock.world import World

STORES = "vector_stores"
_STATES = ("in_progress", "completed", "failed", "cancelled")
_SIZE, _OVERLAP = 800, 400  # tokens, if nobody says
_SIZES = (100, 4096)
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Wanted(NamedTuple):
    """A file that is to be attached.

    Attributes:
        file_id: Its id.
        attributes: Its attributes.
        chunking: How it is cut, as the API writes it.
    """

    file_id: str
    attributes: Mapping[str, object] | None
    chunking: Mapping[str, Any] | None


def attach(world: World, store: Item, wanted: Iterable[Wanted], param: str) -> list[Item]:
    """Put files into a store, all or none; they are ready once they are indexed.

    Args:
        world: Keeps them.
        store: The store.
        wanted: The files.
        param: The parameter that named them.

    Raises:
        Refusal: A file does not exist, or cannot be cut so.
    """
    new: list[Document] = []
    for each in wanted:
        file_for(world, each.file_id, param)
        values: dict[str, object] = {
            "id": each.file_id,
            "status": "in_progress",
            "vector_store_id": store.key,
            "usage_bytes": 0,
            "attributes": dict(each.attributes or {}),
            "chunking_strategy": _strategy(each.chunking),
            "last_error": None,
        }
        new.append(Maker(world.clock, world.ids).of(VectorStoreFile, values))
    return [add(world, store.inside("files"), document) for document in new]


def index_later(world: World, item: Item, name: str) -> None:
    """Note the step that makes a file or a batch of them ready."""
    later(world, name, item, seconds=world.settings.indexing_seconds)


def index(world: World, item: Item) -> Item:
    """Cut a file that is being attached into pieces; it is ready then."""
    source = world.store.get(FILES, item.key)
    if source is None or item.document["status"] != "in_progress":
        return item
    content = content_of(world, Item(FILES, item.key, source))
    strategy = item.document["chunking_strategy"]["static"]
    size, overlap = strategy["max_chunk_size_tokens"], strategy["chunk_overlap_tokens"]
    pieces = pieces_of(_text_of(content, str(source["filename"])), size, overlap)
    for number, piece in enumerate(pieces):
        add(world, item.inside("pieces"), {"text": piece}, key=str(number))
    return changed(world, item, status="completed", usage_bytes=len(content))


def pieces(world: World, item: Item) -> list[str]:
    """The pieces of a file that is ready."""
    return [each["text"] for each in world.store.list(item.inside("pieces")).documents]


def counts(documents: Iterable[Document]) -> dict[str, int]:
    """How many files are in which state."""
    found = Counter(str(each["status"]) for each in documents)
    by_state = {state: found[state] for state in _STATES}
    return {**by_state, "total": found.total()}


def recount(world: World, store: Item) -> Item:
    """Bring what a store says of its files up to date."""
    documents = world.store.list(store.inside("files")).documents
    numbers = counts(documents)
    status = store.document["status"]
    if status != "expired":
        status = "in_progress" if numbers["in_progress"] else "completed"
    size = sum(each["usage_bytes"] for each in documents)
    return changed(world, store, file_counts=numbers, status=status, usage_bytes=size)


def touch(world: World, store: Item) -> Item:
    """Note that a store was used: it expires so many days after that.

    Only the expiry of a store is ever noted for it.
    """
    now = world.clock.seconds()
    forget(world, store)
    policy: Mapping[str, Any] = store.document.get("expires_after") or {}
    expires_at = None
    if policy:
        expires_at = now + policy["days"] * DAY
        later(world, "vector_stores.expire", store, since=expires_at, seconds=0)
    return changed(world, store, last_active_at=now, expires_at=expires_at)


def detach_everywhere(world: World, file_id: str) -> None:
    """Remove a file from all stores."""
    for key, document in _all(world, STORES):
        store = Item(STORES, key, document)
        if world.store.delete(store.inside("files"), file_id):
            recount(world, store)


def usable(store: Item) -> Item:
    """A store that is not expired.

    Raises:
        Refusal: It is.
    """
    if store.document["status"] == "expired":
        raise wrong_state("vector store", store.key, "expired", "Create another vector store.")
    return store


def store_of(world: World, document: Document) -> Item | None:
    """The store that a file or a batch is in; None if it is gone."""
    key = str(document["vector_store_id"])
    found = world.store.get(STORES, key)
    return None if found is None else Item(STORES, key, found)


def _all(world: World, collection: str) -> Iterable[tuple[str, Document]]:
    found = world.store.list(collection)
    return zip(found.keys, found.documents, strict=True)


def _strategy(chunking: Mapping[str, Any] | None) -> dict[str, object]:
    """How a file is cut, as the API tells it."""
    given: Mapping[str, int] = (chunking or {}).get("static") or {}
    size = given.get("max_chunk_size_tokens", _SIZE)
    overlap = given.get("chunk_overlap_tokens", _OVERLAP)
    name = "chunking_strategy.static"
    check_range(f"{name}.max_chunk_size_tokens", size, *_SIZES)
    if not 0 <= overlap <= size // 2:
        raise Refusal(
            f"Invalid '{name}.chunk_overlap_tokens': it is {overlap}. Send at most half of "
            f"max_chunk_size_tokens, which is {size}.",
            code="invalid_value",
            param=f"{name}.chunk_overlap_tokens",
        )
    static = {"max_chunk_size_tokens": size, "chunk_overlap_tokens": overlap}
    return {"type": "static", "static": static}


def _text_of(content: bytes, filename: str) -> str:
    """The text of a file; of one that is no text, its name."""
    try:
        text = content.decode(_BOMS.get(content[:2], "utf-8-sig"))
    except UnicodeDecodeError:
        return filename
    return filename if "\0" in text else text


@step("vector_stores.files.index")
def _index(world: World, item: Item, at: float) -> None:
    del at
    done = index(world, item)
    if store := store_of(world, done.document):
        recount(world, store)
