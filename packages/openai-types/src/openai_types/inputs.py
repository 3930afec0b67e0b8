"""What came as output, as input of the next turn: `response.to_input()`, `item.to_input()`.

Which keys input refuses is generated from the description (`shared.input_rules`); here is how an
object is walked. The types of the results are on the generated models, for type checkers.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

from openai_types.model import BaseModel
from openai_types.unknown import UnknownMember

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Keys of what this client made of the wire's values; no server sends them.
PARSED = frozenset({"parsed", "parsed_arguments"})
# Lists that input refuses if they are empty, as vLLM sends them with each message.
NEVER_EMPTY = frozenset({"tool_calls"})


class InputItem:
    """For models that may be sent back: an item of a response's output, a message of a chat."""

    def to_input(self, *, vendor: bool = True) -> Mapping[str, object]:
        """The dict to send back for this in the next turn.

        It has what was sent and nothing else, without the keys, nulls and values that are for
        output only. An item of a type that is newer than this version is given as it came.

        Args:
            vendor: keep fields that the API does not describe, such as `reasoning_content`: they
                go back to the server that sent them. False for another server.
        """
        return cast("dict[str, object]", _sendable(self, vendor=vendor))


class InputItems:
    """For models that hold such items: a response, a page of items."""

    def to_input(self, *, vendor: bool = True) -> Sequence[Mapping[str, object]]:
        """The items to send back for this in the next turn, all of them in their order.

        A reasoning item stays before what it led to; what is no object is no item. Each is as its
        own `to_input` gives it.

        Args:
            vendor: keep fields that the API does not describe: they go back to the server that
                sent them. False for another server.
        """
        fields = cast("type[BaseModel]", type(self)).model_fields
        items: object = getattr(self, "output" if "output" in fields else "data")
        found = _sendable(items, vendor=vendor) if isinstance(items, list) else []
        listed = cast("list[object]", found)
        return [cast("dict[str, object]", each) for each in listed if isinstance(each, dict)]


def _sendable(value: object, *, vendor: bool) -> object:
    """A copy of a value without what input refuses; objects become dicts."""
    if isinstance(value, BaseModel):
        return dict(_entries(value, vendor=vendor))
    if isinstance(value, list):
        return [_sendable(each, vendor=vendor) for each in cast("list[object]", value)]
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value).items()
        return {key: _sendable(each, vendor=vendor) for key, each in entries}
    return value


def _entries(model: BaseModel, *, vendor: bool) -> Iterator[tuple[str, object]]:
    cls = type(model)
    vendor = vendor or isinstance(model, UnknownMember)  # of which hardly a field is described
    role: object = getattr(model, "role", None)
    refused = _refused(cls, role if isinstance(role, str) else "")
    fields = model.__dict__
    for name, field in cls.model_fields.items():
        if name not in model.model_fields_set or name in PARSED:
            continue
        key, value = field.alias or name, cast("object", fields[name])
        if key in NEVER_EMPTY and value == []:
            continue
        values = refused.get(key)
        if values is None or (values and not _is_one_of(value, values)):
            yield key, _sendable(value, vendor=vendor)
    if vendor:
        for key, value in (model.model_extra or {}).items():
            if key not in PARSED:
                yield key, _sendable(value, vendor=vendor)


def _is_one_of(value: object, values: frozenset[str | None]) -> bool:
    return (value is None or isinstance(value, str)) and value in values


@lru_cache(maxsize=1024)
def _refused(cls: type[BaseModel], role: str) -> Mapping[str, frozenset[str | None]]:
    """The keys of a model that input refuses with some values; with none if with any."""
    from openai_types.shared.input_rules import REFUSED

    for base in cls.__mro__:
        namespace = base.__module__.partition(".")[2].rpartition(".")[0]
        name = f"{namespace}.{base.__name__}"
        words = REFUSED.get(f"{name}:{role}") or REFUSED.get(name)
        if words is not None:
            return _rules(words)
    return {}


def _rules(words: str) -> Mapping[str, frozenset[str | None]]:
    found: dict[str, frozenset[str | None]] = {}
    for word in words.split():
        key, equals, value = word.partition("=")
        one = {None if value == "null" else value} if equals else set[str | None]()
        found[key] = found.get(key, frozenset()) | one
    return found
