"""Objects that grow by deltas: what a stream has said of one so far.

Decides how a delta changes an object, for APIs that send deltas of the object's own shape. Text is
kept in pieces that are joined when somebody reads it, so that a delta costs what it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

from openai_types.model import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterable

M = TypeVar("M", bound=BaseModel)

INDEX = "index"
MOST_WAITING = 2000  # deltas, so that a long stream takes no more memory than its objects
# Texts that name something: a later one takes the place of an earlier. All others go on.
NAMES = frozenset(
    {"type", "object", "role", "status", "id", "model", "detail", "url", "finish_reason"}
)


class GrowingFields:
    """The fields of an object that is not whole yet.

    Text grows, objects are merged, list items are merged by their `index` (which is not kept) or
    appended where they have none, and everything else is replaced. Null changes nothing.
    """

    __slots__ = ("_fields",)

    def __init__(self) -> None:
        self._fields: dict[str, object] = {}

    def add(self, delta: object) -> None:
        """Apply a delta: a model or a mapping; anything else says nothing."""
        _merge(self._fields, sent_fields(delta) or {})

    def update(self, document: object) -> None:
        """Take what a whole object says, but for what deltas have said more of."""
        for key, value in (sent_fields(document) or {}).items():
            if not isinstance(self._fields.get(key), dict | _Items | _Text):
                self._fields.pop(key, None)
                _merge(self._fields, {key: value})

    def part(self, path: Iterable[str | int]) -> object:
        """What is at a path of names and indexes; None if nothing was said of it."""
        value: object = self._fields
        for step in path:
            if isinstance(value, _Items):
                value = value.places.get(step) if isinstance(step, int) else None
            elif isinstance(value, dict):
                value = cast("dict[str | int, object]", value).get(step)
            else:
                return None
        return _plain(value)

    def joined(self) -> dict[str, object]:
        """The fields as they are now."""
        return cast("dict[str, object]", _plain(self._fields))


class Growing(Generic[M]):
    """An object of a type that is not whole yet; it grows as `GrowingFields` do.

    Deltas wait until somebody looks. Mostly the whole object comes before, and they are not needed.
    """

    __slots__ = ("_fields", "_model", "_type", "_waiting")

    def __init__(self, type_: type[M]) -> None:
        self._type = type_
        self._fields = GrowingFields()
        self._waiting: list[object] = []
        self._model: M | None = None

    def add(self, delta: object) -> None:
        """Apply a delta."""
        self._model = None
        self._waiting.append(delta)
        if len(self._waiting) == MOST_WAITING:
            self._apply()

    def update(self, document: object) -> None:
        """Take what a whole object says."""
        self._model = None
        self._apply()
        self._fields.update(document)

    def snapshot(self) -> M:
        """The object as it is now; the same one until something is added."""
        if self._model is None:
            self._apply()
            self._model = self._type.model_validate(self._fields.joined())
        return self._model

    def part(self, *path: str | int) -> object:
        """What is at a path, which costs less than all of it; None if nothing was said of it."""
        self._apply()
        return self._fields.part(path)

    def _apply(self) -> None:
        for delta in self._waiting:
            self._fields.add(delta)
        self._waiting.clear()


class _Text:
    """Text in the pieces in which it came."""

    __slots__ = ("pieces",)

    def __init__(self, piece: str) -> None:
        self.pieces = [piece]

    def joined(self) -> str:
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0]


class _Items:
    """A list whose items have places."""

    __slots__ = ("_free", "places")

    def __init__(self) -> None:
        self.places: dict[int, object] = {}
        self._free = 0  # the place behind all others

    def extend(self, items: Iterable[object]) -> None:
        for item in items:
            fields = sent_fields(item)
            if fields is None:
                self._put(self._free, item)
            else:
                self._merge(fields)

    def _merge(self, item: dict[str, object]) -> None:
        index = item.get(INDEX)
        place = index if isinstance(index, int) else self._free
        known = self.places.get(place)
        fields = cast("dict[str, object]", known if isinstance(known, dict) else {})
        self._put(place, fields)
        _merge(fields, item)
        if isinstance(index, int):
            del fields[INDEX]

    def _put(self, place: int, item: object) -> None:
        self.places[place] = item
        self._free = max(self._free, place + 1)


def sent_fields(value: object) -> dict[str, object] | None:
    """The fields of an object that were sent; what is in them stays as it is. None of other values.

    To dump a model would take several times as long, and would dump what is in it, too.
    """
    if isinstance(value, dict):
        return cast("dict[str, object]", value)
    sent: set[str] | None = getattr(value, "__pydantic_fields_set__", None)
    if sent is None:
        return None
    fields = {name: field for name, field in vars(value).items() if name in sent}
    extra: dict[str, object] | None = getattr(value, "__pydantic_extra__", None)
    return fields | extra if extra else fields


def dumped(value: object) -> object:
    """A model as a dict, all the way down; any other value as it is."""
    return value.to_dict(warnings=False) if isinstance(value, BaseModel) else value


def _merge(fields: dict[str, object], delta: dict[str, object]) -> None:
    for key, value in delta.items():
        if value is None:
            fields.setdefault(key, None)
        elif isinstance(value, str):
            _merge_text(fields, key, value)
        elif isinstance(value, list):
            items = fields.get(key)
            if not isinstance(items, _Items):
                items = fields[key] = _Items()
            items.extend(cast("list[object]", value))
        elif (inner := sent_fields(value)) is not None:
            known = fields.get(key)
            if not isinstance(known, dict):
                known = fields[key] = {}
            _merge(cast("dict[str, object]", known), inner)
        else:
            fields[key] = value


def _merge_text(fields: dict[str, object], key: str, value: str) -> None:
    known = fields.get(key)
    if key in NAMES or key.endswith("_id"):
        fields[key] = value
    elif isinstance(known, _Text):
        known.pieces.append(value)
    else:
        fields[key] = _Text(value)


def _plain(value: object) -> object:
    if isinstance(value, _Text):
        return value.joined()
    if isinstance(value, _Items):
        return [_plain(value.places[place]) for place in sorted(value.places)]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in cast("dict[str, object]", value).items()}
    return value
