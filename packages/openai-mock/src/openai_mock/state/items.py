"""Stored objects together with where they are, as handlers use them.

Decides how an object is found by a path or by an id that was sent. Knows no operation by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from openai_mock.refusals import not_found
from openai_mock.routing.routes import template
from openai_mock.state.addresses import check_parents, collections, located, stored
from openai_mock.state.store import below

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.state.store import Document
    from openai_mock.world import World


class Item(NamedTuple):
    """A stored object.

    Attributes:
        collection: The collection that it is in.
        key: Its key there.
        document: What is stored.
    """

    collection: str
    key: str
    document: Document

    @property
    def blob(self) -> str:
        """The name of its bytes."""
        return below(self.collection, self.key)

    def inside(self, word: str) -> str:
        """The name of a collection in it."""
        return f"{below(self.collection, self.key)}/{word}"


def item_of(call: Call, world: World) -> Item:
    """The innermost object that the path of a call leads through.

    Raises:
        Refusal: It is not there, or what is around it, with the status 404.
    """
    check_parents(call, world)
    path, _, _ = template(call.operation).rpartition("}")
    collection = collections()[path.rpartition("/")[0]]
    document = stored(call, world, collection)
    return Item(located(collection.path, call.path), call.path[collection.parameter], document)


def named(world: World, collection: str, key: str, noun: str, param: str) -> Item:
    """The object that a parameter names.

    Args:
        world: Keeps it.
        collection: The name of the collection.
        key: The id that was sent.
        noun: What an object there is called.
        param: The parameter.

    Raises:
        Refusal: There is none, with the status 404.
    """
    document = world.store.get(collection, key)
    if document is None:
        raise not_found(noun, key, param)
    return Item(collection, key, document)


def add(world: World, collection: str, document: Document, key: str | None = None) -> Item:
    """Keep a new object, under its id if nothing else is said."""
    item = Item(collection, str(document["id"]) if key is None else key, document)
    world.store.put(item.collection, item.key, document)
    return item


def changed(world: World, item: Item, **changes: object) -> Item:
    """Keep an object with other values in some of its fields."""
    document = {**item.document, **changes}
    world.store.put(item.collection, item.key, document)
    return item._replace(document=document)
