"""Raw values that grow: objects, lists and texts to which deltas add.

Decides how fields are merged that no type describes, such as a provider's thoughts: texts are
joined, objects merged field by field, items of lists found by their index or id, and anything else
is replaced. Nothing here raises, whatever the values are. Knows no API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from openai_stream.parsing.text_buffer import TextBuffer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import BaseModel

Node: TypeAlias = dict[str, object]

# Texts that come whole: a second one takes the place of the first, and an empty one none.
WHOLE = frozenset({"format", "id", "name", "object", "role", "status", "type"})
# In which fields of items text streams.
_STREAMED = ("summary", "text", "thinking")
# Of a text that begins with all of the last one, which had this length, nobody doubts that it is
# the last one grown.
_SURELY_GROWN = 8


class GrowingText(TextBuffer):
    """A text of which some servers send pieces and others, each time, all that there is so far.

    They can be told apart once a longer piece begins with all of the one before it.
    """

    __slots__ = ("_grows", "_last")

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self._last = text
        self._grows = True

    def append(self, piece: str) -> None:
        """Take the next piece, or all that there is."""
        self._grows = self._grows and piece.startswith(self._last)
        if self._grows and len(self._last) >= _SURELY_GROWN:
            super().__init__(piece)
        else:
            super().append(piece)
        self._last = piece


class Items:
    """A list whose items grow: those of the same index, or else of the same id, are one.

    Some servers give thoughts of several kinds the same index: each kind begins another item then.
    """

    __slots__ = ("_places", "_values")

    def __init__(self) -> None:
        self._values: list[object] = []
        self._places: dict[object, Node] = {}

    def add(self, values: Iterable[object], text: type[TextBuffer] = TextBuffer) -> None:
        """Add what a delta has of the list."""
        for value in values:
            fields = fields_of(value)
            if fields is None:
                self._values.append(value)
            else:
                add_fields(self._place(fields), fields, text)

    def _place(self, fields: Mapping[str, object]) -> Node:
        key = _key(fields)
        found = self._continued(fields) if key is None else self._places.get(key)
        if found is None or (key is not None and _is_another(found, fields)):
            found = Node()
            self._values.append(found)
            if key is not None:
                self._places[key] = found
        return found

    def _continued(self, fields: Mapping[str, object]) -> Node | None:
        """The last item, if an item without a key goes on with its text."""
        last = self._values[-1] if self._values else None
        if not isinstance(last, dict):
            return None
        node = cast("Node", last)
        same = node.get("type") == fields.get("type") and _key(node) is None
        return node if same and any(n in node and n in fields for n in _STREAMED) else None

    def plain(self) -> list[object]:
        """The list as JSON has it."""
        return [plain(each) for each in self._values]


def _is_another(item: Node, fields: Mapping[str, object]) -> bool:
    """Whether a delta with the key of an item is of another one all the same."""
    type_, id, known = fields.get("type"), fields.get("id"), item.get("id")
    if type_ and item.get("type") not in (None, type_):
        return True
    is_text = any(name in item and name in fields for name in _STREAMED)  # ids may be made up anew
    return bool(id and known and id != known) and not is_text


def _key(fields: Mapping[str, object]) -> object:
    index, id = fields.get("index"), fields.get("id")
    if isinstance(index, int):
        return index
    return id if isinstance(id, str) and id else None


def fields_of(value: object) -> Mapping[str, object] | None:
    """The fields of an object that were sent; None if the value is no object."""
    if isinstance(value, dict):
        return cast("Node", value)
    # Asked for each model of each chunk: isinstance would take far longer, and so does pydantic's
    # own way to what is looked up here.
    sent: set[str] | None = getattr(value, "__pydantic_fields_set__", None)
    if sent is None:
        return None
    values, extra = value.__dict__, cast("BaseModel", value).__pydantic_extra__
    if not extra:
        if len(sent) == len(values):
            return values
        if len(sent) == 1:
            return {name: values[name] for name in sent}
    fields = {name: each for name, each in values.items() if name in sent}
    return fields | extra if extra else fields


def list_of(value: object) -> list[object]:
    """The items of a list; none if the value is no list."""
    return cast("list[object]", value) if isinstance(value, list) else []


def add_fields(
    into: Node, fields: Mapping[str, object], text: type[TextBuffer] = TextBuffer
) -> None:
    """Add the fields of a delta to an object."""
    for name, value in fields.items():
        into[name] = _added(into.get(name), value, text, whole=name in WHOLE)


def _added(old: object, new: object, text: type[TextBuffer], *, whole: bool) -> object:
    if new is None or (whole and new == "" and old):
        return old
    if isinstance(new, str) and not whole:
        if not isinstance(old, TextBuffer):
            return text(new)
        old.append(new)
        return old
    if isinstance(new, list):
        items = old if isinstance(old, Items) else Items()
        items.add(cast("list[object]", new), text)
        return items
    fields = fields_of(new)
    if fields is None:
        return new
    node = cast("Node", old) if isinstance(old, dict) else {}
    add_fields(node, fields, text)
    return node


def replace_fields(into: Node, fields: Mapping[str, object]) -> None:
    """Set fields that come whole each time; what is empty takes the place of nothing."""
    for name, value in fields.items():
        if value or name not in into:
            into[name] = value
        elif value is not None and not isinstance(value, str | list | dict):
            into[name] = value  # zero and false say something


def plain(value: object) -> object:
    """A value as JSON has it, with models left as they are."""
    if isinstance(value, TextBuffer):
        return value.text()
    if isinstance(value, Items):
        return value.plain()
    if isinstance(value, dict):
        return {name: plain(each) for name, each in cast("Node", value).items()}
    if isinstance(value, list):
        return [plain(each) for each in cast("list[object]", value)]
    return value
