"""The items of a Realtime conversation, in their order.

Decides where an item goes and what is refused about it. Knows no events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openai_mock.checking.body import JsonObject

AT_THE_BEGINNING = "root"  # the API's name for the place before the first item


class Conversation:
    """An ordered set of items, found by their ids."""

    def __init__(self) -> None:
        self._items: list[JsonObject] = []

    def __iter__(self) -> Iterator[JsonObject]:
        return iter(self._items)

    def add(self, item: JsonObject, after: str | None) -> str | None:
        """Put an item in its place; returns the id of the item before it.

        Args:
            item: The item, with its id.
            after: The id of the item before it, `root` for none, or None to put it at the end.

        Raises:
            Refusal: There is an item with this id, or none with that of the one before.
        """
        if any(item["id"] == other["id"] for other in self._items):
            message = f"The conversation already has an item '{item['id']}'. Use another id."
            raise Refusal(message, code="invalid_value", param="item.id")
        if after is None:
            place = len(self._items)
        elif after == AT_THE_BEGINNING:
            place = 0
        else:
            place = self._place(after, "previous_item_id") + 1
        self._items.insert(place, item)
        return self._items[place - 1]["id"] if place else None

    def find(self, item_id: str, param: str = "item_id") -> JsonObject:
        """The item with this id.

        Args:
            item_id: The id.
            param: What names it, for messages.

        Raises:
            Refusal: There is none.
        """
        return self._items[self._place(item_id, param)]

    def replace(self, item: JsonObject) -> None:
        """Put an item in the place of that with its id, if that has not been removed."""
        self._items = [item if each["id"] == item["id"] else each for each in self._items]

    def before(self, item_id: str) -> str | None:
        """The id of the item before the one with this id; None if there is none."""
        ids: list[str] = [each["id"] for each in self._items]
        place = ids.index(item_id) if item_id in ids else 0
        return ids[place - 1] if place else None

    def last(self) -> str | None:
        """The id of the last item; None if there is none."""
        return self._items[-1]["id"] if self._items else None

    def remove(self, item_id: str) -> None:
        """Take the item with this id out.

        Raises:
            Refusal: There is none.
        """
        del self._items[self._place(item_id, "item_id")]

    def _place(self, item_id: str, param: str) -> int:
        ids: Iterable[str] = (item["id"] for item in self._items)
        for place, known in enumerate(ids):
            if known == item_id:
                return place
        message = f"The conversation has no item '{item_id}'. Use the id of an item that it has."
        raise Refusal(message, code="item_not_found", param=param)
