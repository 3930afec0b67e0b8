"""Where things are kept, by the paths of the operations.

A path that ends in a parameter is an item; without its last segment it is the item's collection.
Decides from the catalogue what is a collection, what its items are, and whether an item has to be
there before anything can be asked of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from openai_types.catalogue import operations

from openai_mock.refusals import not_found
from openai_mock.routing.routes import fixed_query, template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openai_types.catalogue import Operation

    from openai_mock.calls import Call
    from openai_mock.state.store import Document
    from openai_mock.world import World

# Collections that have a second path, below which only some of what is in them is reached.
_SAME = {"/projects": "/organization/projects"}

# Collections whose items cannot be retrieved. Those of calls and live sessions are none of these:
# they begin elsewhere, too.
_KNOWN_BY_THEIR_CREATION = {"/chatkit/sessions", "/uploads"}


@dataclass(frozen=True)
class Collection:
    """A collection of the catalogue.

    Attributes:
        path: Its path, with the parameters of what is around it.
        parameter: The name of the parameter that names an item.
        type: The type of the items, as the catalogue names it; empty if it describes none.
    """

    path: str
    parameter: str
    type: str

    @property
    def noun(self) -> str:
        """What one item is called."""
        if self.parameter == "id":
            return self.path.rpartition("/")[2].removesuffix("s")
        return self.parameter.removesuffix("_id").replace("_", " ")


@cache
def collections() -> Mapping[str, Collection]:
    """The collections of which the server knows every item, by their paths."""
    found: dict[str, Collection] = {}
    for operation in operations().values():
        for path, parameter in _items_in(template(operation)):
            if path not in found:
                found[path] = Collection(path, parameter, _type_of_items(path, parameter))
    return {path: each for path, each in found.items() if each.type}


def collection_of(operation: Operation) -> Collection | None:
    """The collection that an operation is about: its own path, or that of its item."""
    path = template(operation)
    if path.endswith("}"):
        path = path.rpartition("/")[0]
    return collections().get(path)


def owner_of(operation: Operation) -> Collection | None:
    """The collection of the item that an operation's path ends in, but for its last word."""
    parent = template(operation).rpartition("/")[0]
    return collections().get(parent.rpartition("/")[0]) if parent.endswith("}") else None


def is_singleton(path: str) -> bool:
    """Whether there is one object at a path that ends in a word, such as the data retention."""
    return ("GET", path) in _types()


def located(path: str, values: Mapping[str, str]) -> str:
    """The name in the store of a collection, with what stands for the parameters."""
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    return path.strip("/")


def check_parents(call: Call, world: World) -> None:
    """Return if everything that the path leads through is there.

    Raises:
        Refusal: Something is not, with the status 404.
    """
    path = template(call.operation)
    inside = path.rpartition("/")[0] if path.endswith("}") else path
    for parent, parameter in _items_in(inside):
        collection = collections().get(parent) or collections().get(_real(parent))
        if collection:
            key = call.path[parameter]
            if not world.store.has(located(collection.path, call.path), key):
                raise not_found(collection.noun, key)


def stored(call: Call, world: World, collection: Collection) -> Document:
    """The item of a collection that the path of a call names.

    Raises:
        Refusal: There is none, with the status 404.
    """
    key = call.path[collection.parameter]
    document = world.store.get(located(collection.path, call.path), key)
    if document is None:
        raise not_found(collection.noun, key)
    return document


def _items_in(path: str) -> Iterator[tuple[str, str]]:
    """The collections that a path leads through, each with the parameter of its item."""
    before = ""
    for segment in path.strip("/").split("/"):
        if segment.startswith("{"):
            yield before, segment[1:-1]
        before = f"{before}/{segment}"


def _real(path: str) -> str:
    first = next((each for each in _SAME if path == each or path.startswith(f"{each}/")), None)
    return path if first is None else _SAME[first] + path.removeprefix(first)


@cache
def _types() -> Mapping[tuple[str, str], str]:
    """What operations give whose result is an object, by their method and path."""
    found: dict[tuple[str, str], str] = {}
    for each in operations().values():
        if "." in each.returns and "|" not in each.returns and not fixed_query(each):
            place = (f"{each.method} page" if each.page else each.method, template(each))
            found.setdefault(place, each.returns)
    return found


def _type_of_items(path: str, parameter: str) -> str:
    """The type of the items of a collection; empty if the API gives no way to know them."""
    types, item = _types(), f"{path}/{{{parameter}}}"
    known = types.get(("GET", item)) or types.get(("POST", item))
    if not known and (("DELETE", item) in types or path in _KNOWN_BY_THEIR_CREATION):
        known = types.get(("POST", path)) or types.get(("GET page", path))
    return known or ""
