"""Pages of what is stored: which part of a collection a query asks for, and how it is written.

Decides the ranges of `limit` and the keys of each class of page. Does not decide what the items
look like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from openai_mock.checking.limits import check_range
from openai_mock.refusals import not_found
from openai_mock.state.store import Slice, UnknownCursorError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from openai_types.catalogue import Operation

    from openai_mock.calls import Call
    from openai_mock.state.store import Document, Order, Store

CURSORS = frozenset({"after", "before", "limit", "order", "page"})


class Sizes(NamedTuple):
    """How many items a page may have, and has if nobody says."""

    least: int
    greatest: int
    default: int


_USUAL = Sizes(1, 100, 20)
_OF_CLASS = {"NextCursorPage": Sizes(0, 1000, 1000)}
_OF_OPERATION = {
    "files.list": Sizes(1, 10_000, 10_000),
    "fine_tuning.checkpoints.permissions.list": Sizes(1, 100, 10),
    "fine_tuning.jobs.checkpoints.list": Sizes(1, 100, 10),
}
# Lists that begin with the oldest if nobody says.
_OLDEST_FIRST = {
    "chat.completions.list",
    "chat.completions.messages.list",
    "evals.list",
    "evals.runs.list",
    "evals.runs.output_items.list",
}


def asked_for(
    call: Call,
    store: Store,
    collection: str,
    where: Mapping[str, object],
    keep: Callable[[Document], bool] | None = None,
) -> Slice:
    """The part of a collection that a call asks for; usually the newest first.

    Args:
        call: The call of a list operation.
        store: Where the collection is.
        collection: Its name there.
        where: Values that fields of the items must have.
        keep: Tells whether an item is one of those that are listed; all are if None.

    Raises:
        Refusal: The limit is out of range, or a cursor is of no item.
    """
    operation, query = call.operation, call.query
    sizes = _OF_OPERATION.get(operation.name) or _OF_CLASS.get(operation.page, _USUAL)
    limit = query.get("limit")
    if limit is None:
        limit = sizes.default
    check_range("limit", limit, sizes.least, sizes.greatest)
    after = query.get("page" if operation.page == "TokenPage" else "after")
    try:
        found = store.list(
            collection,
            after=after,
            before=query.get("before"),
            limit=limit if keep is None else None,
            order=_order(operation, query.get("order")),
            where=where,
        )
    except UnknownCursorError as error:
        cursor = str(error)
        name = "before" if cursor == query.get("before") else "after"
        raise not_found("item", cursor, name) from error
    return found if keep is None else _kept(found, keep, limit)


def _kept(found: Slice, keep: Callable[[Document], bool], limit: int) -> Slice:
    """The first of the items that are kept."""
    pairs = zip(found.keys, found.documents, strict=True)
    kept = [(key, document) for key, document in pairs if keep(document)]
    first = kept[:limit]
    keys, documents = (key for key, _ in first), (document for _, document in first)
    return Slice(tuple(keys), tuple(documents), len(kept) > limit)


def page(
    operation: Operation, items: Sequence[Any], keys: Sequence[str], *, has_more: bool = False
) -> dict[str, object]:
    """The body of a page.

    Args:
        operation: What lists them.
        items: The items.
        keys: What they are found by, for those that have no id.
        has_more: Whether others follow.
    """
    written: dict[str, object] = {"object": "list", "data": list(items), "has_more": has_more}
    if operation.page in ("NextCursorPage", "TokenPage"):
        return {**written, "next": keys[-1] if keys and has_more else None}
    if operation.page == "Page":
        return written
    names = [_id_of(item, key) for item, key in zip(items, keys, strict=True)]
    first, last = (names[0], names[-1]) if names else (None, None)
    return {**written, "first_id": first, "last_id": last}


def _order(operation: Operation, asked: str | None) -> Order:
    if asked is None:
        return "asc" if operation.name in _OLDEST_FIRST else "desc"
    return "asc" if asked.startswith("asc") else "desc"  # some lists want it spelled out


def _id_of(item: object, key: str) -> str:
    fields = cast("Mapping[str, object]", item if isinstance(item, dict) else {})
    identifier = fields.get("id")
    return identifier if isinstance(identifier, str) else key
