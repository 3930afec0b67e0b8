"""The search in vector stores: for their own operation, and for the tool that responses call.

Decides which pieces of which files are found, and that the most similar come first. How texts are
compared is in `retrieval`; what is answered around the results, in the handlers.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from openai_mock.files.retrieval import passes, similarity
from openai_mock.files.stored_files import FILES
from openai_mock.files.vector_files import STORES, pieces, touch
from openai_mock.state.items import Item

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from openai_mock.state.store import Document
    from openai_mock.world import World

# Any: filters, which are JSON.

_USUAL_RESULTS_OF_TOOL = 20
_EXPIRED = "expired"


def search(
    world: World,
    store: Item,
    queries: Sequence[str],
    *,
    condition: Mapping[str, Any] | None = None,
    ranking: Mapping[str, Any] | None = None,
) -> list[Document]:
    """The pieces of the files in a store, the most similar to a query first; the store was used.

    Args:
        world: Keeps them.
        store: The store.
        queries: What is searched for.
        condition: What the attributes of the files have to pass.
        ranking: The ranking options of the API; pieces below their threshold are left out.

    Raises:
        Refusal: The condition is none.
    """
    threshold: float = (ranking or {}).get("score_threshold") or 0
    found = [
        result
        for result in _results(world, store, queries, condition)
        if result["score"] >= threshold
    ]
    found.sort(key=itemgetter("score"), reverse=True)
    touch(world, store)
    return found


def search_of_tool(world: World, tool: Mapping[str, Any], queries: Sequence[str]) -> list[Document]:
    """What the tool `file_search` finds in its stores; those that are not there have nothing.

    Raises:
        Refusal: The filter of the tool is none.
    """
    found: list[Document] = []
    for key in cast("list[str]", tool.get("vector_store_ids") or []):
        document = world.store.get(STORES, key)
        if document is not None and document["status"] != _EXPIRED:
            found += search(
                world,
                Item(STORES, key, document),
                queries,
                condition=tool.get("filters"),
                ranking=tool.get("ranking_options"),
            )
    found.sort(key=itemgetter("score"), reverse=True)
    return [
        _as_of_tool(each) for each in found[: tool.get("max_num_results") or _USUAL_RESULTS_OF_TOOL]
    ]


def _as_of_tool(result: Document) -> Document:
    """A result in the shape that the call of the tool has for it: its text is not in parts."""
    content: list[Document] = result["content"]
    told = {name: value for name, value in result.items() if name != "content"}
    return {**told, "text": "\n".join(part["text"] for part in content)}


def _results(
    world: World, store: Item, queries: Sequence[str], condition: Mapping[str, Any] | None
) -> Iterator[Document]:
    collection = store.inside("files")
    for document in world.store.list(collection, where={"status": "completed"}).documents:
        attributes = cast("dict[str, object]", document.get("attributes") or {})
        source = world.store.get(FILES, document["id"])
        if source is None or (condition and not passes(condition, attributes)):
            continue
        for piece in pieces(world, Item(collection, document["id"], document)):
            yield {
                "file_id": document["id"],
                "filename": source["filename"],
                "attributes": attributes,
                "score": max((similarity(each, piece) for each in queries), default=0.0),
                "content": [{"type": "text", "text": piece}],
            }
