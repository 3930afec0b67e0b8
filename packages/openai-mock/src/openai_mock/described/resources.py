"""What operations without a handler of their own answer, by their shape.

Decides from the method, the path and the described result whether an operation makes, gives,
lists, changes, removes or acts on something stored, or gives something that is made up. Handlers
that know better may use the parts of it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast, get_args, get_origin

from openai_types.catalogue import operations, resolve

from openai_mock.checking.conversion import members
from openai_mock.described.instances import Maker, fits, kind_of, models_of, overlaid
from openai_mock.described.streams import described_frames
from openai_mock.replies import BytesReply, EventsReply, JsonReply, Reply
from openai_mock.routing.routes import template
from openai_mock.state.addresses import (
    check_parents,
    collection_of,
    collections,
    is_singleton,
    located,
    owner_of,
    stored,
)
from openai_mock.state.pages import CURSORS, asked_for, page
from openai_mock.state.store import below

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_types.catalogue import Operation

    from openai_mock.calls import Call
    from openai_mock.state.addresses import Collection
    from openai_mock.state.store import Document
    from openai_mock.world import World

Shape: TypeAlias = Literal[
    "act", "change", "create", "describe", "list", "remove", "retrieve", "singleton"
]
DESCRIBED_BYTES = b"openai-mock\n"
UNKNOWN_TYPE = "application/octet-stream"

# What the word at the end of a path makes of a status; types have one of the spellings.
_OUTCOMES = {
    "archive": ("archived",),
    "cancel": ("cancelled", "canceled", "cancelling"),
    "complete": ("completed",),
    "pause": ("paused",),
    "resume": ("active", "running", "in_progress"),
}


def answer(call: Call, world: World) -> Reply:
    """Answer a call by the shape of its operation.

    Raises:
        Refusal: What it is about, or what that is part of, is not there.
    """
    check_parents(call, world)
    if returned(call) in ("bytes", "str") and not streams(call):
        return _content(call, world)
    body = _ANSWERS[shape_of(call.operation.name)](call, world)
    if streams(call):
        return EventsReply(described_frames(call.operation, Maker(world.clock, world.ids)))
    return Reply() if call.operation.returns == "None" else JsonReply(body)


def streams(call: Call) -> bool:
    """Whether a call asks for a stream."""
    operation = call.operation
    asked = {**call.query, **call.body}.get("stream") is True
    return operation.always_streams or (bool(operation.streams) and asked)


def returned(call: Call) -> str:
    """The type of what a call gives if it does not stream, as the catalogue names it."""
    for name, by_value in call.operation.returns_by.items():
        value = str({**call.query, **call.body}.get(name))
        return by_value.get(value) or next(iter(by_value.values()))
    return call.operation.returns


@cache
def shape_of(name: str) -> Shape:
    """What an operation does with what is stored."""
    operation = operations()[name]
    path, method = template(operation), operation.method
    if method == "DELETE":
        return "remove"
    if path.endswith("}"):
        return "retrieve" if method == "GET" else "change"
    if operation.always_streams or operation.returns == "None":
        return "describe"
    return "list" if method == "GET" and operation.page else _shape_at_a_word(operation)


def _shape_at_a_word(operation: Operation) -> Shape:
    """The shape of an operation whose path ends in a word."""
    if operation.method == "GET":
        return "singleton"
    if collection_of(operation):
        return "create"
    if is_singleton(template(operation)):
        return "singleton"
    return "act" if _is_about_its_owner(operation) else "describe"


def made(call: Call, world: World, values: Mapping[str, object] | None = None) -> Document:
    """A new object of the type that a call gives, with what was asked for where it fits.

    Args:
        call: The call.
        world: Dates and identifies it.
        values: More of what it has; what was sent if None.
    """
    wanted = _sent(call) if values is None else values
    return Maker(world.clock, world.ids).of(resolve(returned(call)), wanted)


def create(call: Call, world: World) -> Document:
    """Make what a call describes and keep it, or each of several; gives what is answered."""
    collection = cast("Collection", collection_of(call.operation))
    item_type = _type_of_elements(call.operation)
    if item_type is None:
        return _kept(call, world, collection, resolve(returned(call)), _sent(call))
    items = [
        _kept(call, world, collection, item_type, each) for each in _each_sent(call, item_type)
    ]
    keys = [str(each.get("id", "")) for each in items]
    body = page(call.operation, items, keys)
    return {**body, "first_id": keys[0], "last_id": keys[-1]} if keys else body


def retrieve(call: Call, world: World) -> Document:
    """What is stored under the path of a call."""
    collection = _collection(call)
    document = stored(call, world, collection)
    key = call.path[collection.parameter]
    return shaped(call.operation.returns, document, world, key, collection)


def change(call: Call, world: World) -> Document:
    """Lay what was sent over what is stored under the path of a call."""
    collection = _collection(call)
    changed = overlaid(resolve(collection.type), stored(call, world, collection), call.body)
    key = call.path[collection.parameter]
    world.store.put(located(collection.path, call.path), key, changed)
    return shaped(call.operation.returns, changed, world, key, collection)


def remove(call: Call, world: World) -> Document:
    """Remove what is under the path of a call; gives what tells so."""
    collection = collection_of(call.operation)
    if collection is None or not template(call.operation).endswith("}"):
        name, key = _place_of_singleton(call)
        world.store.delete(name, key)
        return described(call, world)
    document, key = stored(call, world, collection), call.path[collection.parameter]
    world.store.delete(located(collection.path, call.path), key)
    returns = call.operation.returns
    if returns == "None":
        return {}
    if returns == collection.type:
        return document
    around = _around(call, world, returns)
    if around is not None:
        return around
    told = {"object": f"{document.get('object', collection.noun)}.deleted", "deleted": True}
    return made(call, world, {**call.path, "id": key, **told})


def list_(call: Call, world: World) -> Document:
    """The part of the collection at the path of a call that its query asks for."""
    operation, item_type = call.operation, resolve(call.operation.returns)
    fields = {name for each in models_of(item_type) for name in each.model_fields}
    where = {
        name: value
        for name, value in call.query.items()
        if name in fields - CURSORS and (isinstance(value, str | int | float) or name == "metadata")
    }
    found = asked_for(call, world.store, located(template(operation), call.path), where)
    items, collection = found.documents, collection_of(operation)
    if collection is None or collection.type != operation.returns:
        items = [
            shaped(operation.returns, document, world, key, collection)
            for key, document in zip(found.keys, items, strict=True)
        ]
    return page(operation, items, found.keys, has_more=found.has_more)


def act(call: Call, world: World) -> Document:
    """Do to the item before the last word of the path what that word says: its status changes."""
    owner = cast("Collection", owner_of(call.operation))
    document, key = stored(call, world, owner), call.path[owner.parameter]
    word = template(call.operation).rpartition("/")[2]
    status = _outcome(word, resolve(owner.type))
    if status:
        moment = {f"{status}_at": world.clock.seconds()}
        document = overlaid(resolve(owner.type), {**document, "status": status}, moment)
        world.store.put(located(owner.path, call.path), key, document)
    return shaped(call.operation.returns, document, world, key, owner)


def singleton(call: Call, world: World) -> Document:
    """The one object at a path, made up when it is first asked for, and changed by what is sent."""
    collection, key = _place_of_singleton(call)
    document = world.store.get(collection, key)
    if document is None:
        document = described(call, world)
    if call.operation.method == "POST":
        document = overlaid(resolve(call.operation.returns), document, call.body)
        world.store.put(collection, key, document)
    return document


def shaped(
    type_: str, document: Document, world: World, key: str, collection: Collection | None
) -> Document:
    """A stored object as a type that it may not have been made for.

    Args:
        type_: The type, as the catalogue names it.
        document: The object.
        world: Dates and identifies what is missing.
        key: What it is stored under.
        collection: Where it is from.
    """
    described = resolve(type_)
    if fits(described, document):
        return document
    noun = collection.parameter.removesuffix("_id") if collection else ""
    inner: object = document.get(noun)
    nested = cast("Document", inner) if isinstance(inner, dict) else {}
    values = {**nested, **document}
    return Maker(world.clock, world.ids).of(described, {**values, "id": values.get("id", key)})


def _content(call: Call, world: World) -> Reply:
    """The bytes that were uploaded for an item; some of the asked kind if there are none."""
    owner = owner_of(call.operation)
    found = None
    if owner:
        stored(call, world, owner)
        found = world.store.get_blob(_blob(owner, call.path, call.path[owner.parameter]))
    asked = call.operation.accept
    if returned(call) == "str":
        asked = "text/plain; charset=utf-8"
    elif not asked or "*" in asked or asked == "application/binary":
        asked = UNKNOWN_TYPE
    return BytesReply(DESCRIBED_BYTES if found is None else found, asked)


def _kept(
    call: Call, world: World, collection: Collection, type_: object, sent: Mapping[str, object]
) -> Document:
    """Make one object and keep it under its key."""
    document = Maker(world.clock, world.ids).of(type_, sent)
    key = _key(call, collection, document)
    if collection.parameter in call.body and "id" in document:
        document["id"] = key
    world.store.put(located(collection.path, call.path), key, document)
    for uploads in call.files.values():
        world.store.put_blob(_blob(collection, call.path, key), uploads[0].content)
    return document


def _key(call: Call, collection: Collection, document: Document) -> str:
    """What an item is found by: what the client named it, its id, or the id of what is in it."""
    parameter = collection.parameter
    inner: object = document.get(parameter.removesuffix("_id"))
    nested = cast("Document", inner) if isinstance(inner, dict) else {}
    for value in (
        call.body.get(parameter),
        document.get(parameter),
        document.get("id"),
        nested.get("id"),
    ):
        if isinstance(value, str):
            return value
    return f"{collection.noun}-{collection.path}"


def _sent(call: Call) -> dict[str, object]:
    """What was sent that an object may have, with what is known of its file."""
    values: dict[str, object] = {**call.path, **call.body}
    for uploads in call.files.values():
        values |= {"filename": uploads[0].filename, "bytes": len(uploads[0].content)}
    return values


def _each_sent(call: Call, type_: object) -> list[dict[str, object]]:
    """What was sent for each of several objects: as objects, or as a list of a field's values."""
    around: dict[str, object] = {**call.path}
    fields = {name for each in models_of(type_) for name in each.model_fields}
    for name, value in call.body.items():
        for each in cast("list[object]", value) if isinstance(value, list) else ():
            if isinstance(each, dict):
                return [{**around, **cast("Document", one)} for one in cast("list[object]", value)]
            if name.removesuffix("s") in fields:
                return [
                    {**around, name.removesuffix("s"): one} for one in cast("list[object]", value)
                ]
    return [{**around, **call.body}]


def _type_of_elements(operation: Operation) -> object | None:
    """The type of the objects that an operation makes, if it makes several."""
    described = resolve(operation.returns)
    if operation.page:
        return described
    for model in models_of(described):
        data = model.model_fields.get("data")
        if data and get_origin(data.annotation) is list and not kind_of(model):
            return get_args(data.annotation)[0]
    return None


def _collection(call: Call) -> Collection:
    found = collection_of(call.operation)
    if found is None:
        raise LookupError(f"{call.operation.name} is about no collection")
    return found


def described(call: Call, world: World) -> Document:
    """What a call gives, made up."""
    if call.operation.returns == "None":
        return {}
    document = made(call, world, {**call.path, **call.body})
    return page(call.operation, [document], [""]) if call.operation.page else document


def _around(call: Call, world: World, type_: str) -> Document | None:
    """The object that the path of a call leads through, if it is of a type."""
    collection = collection_of(call.operation)
    path = (collection.path if collection else "").rpartition("/")[0]
    outer = collections().get(path.rpartition("/")[0])
    return stored(call, world, outer) if outer and outer.type == type_ else None


def _is_about_its_owner(operation: Operation) -> bool:
    owner = owner_of(operation)
    if owner is None or operation.page or "." not in operation.returns:
        return False
    if owner.type == operation.returns:
        return True
    kinds = [
        {kind_of(each) for each in models_of(resolve(name))}
        for name in (owner.type, operation.returns)
    ]
    return bool(kinds[0] & kinds[1] - {""})


def _outcome(word: str, type_: object) -> str | None:
    """The status that the word at the end of a path gives to a type, if it has such a status."""
    infos = (each.model_fields.get("status") for each in models_of(type_))
    kinds = [each for info in infos if info for each in members(info.annotation)]
    named = {value for each in kinds if get_origin(each) is Literal for value in get_args(each)}
    takes_any = str in kinds and not named
    return next((each for each in _OUTCOMES.get(word, ()) if takes_any or each in named), None)


def _place_of_singleton(call: Call) -> tuple[str, str]:
    collection, _, key = located(template(call.operation), call.path).rpartition("/")
    return collection, key


def _blob(collection: Collection, path: Mapping[str, str], key: str) -> str:
    return below(located(collection.path, path), key)


_ANSWERS: dict[Shape, Any] = {
    "act": act,
    "change": change,
    "create": create,
    "describe": described,
    "list": list_,
    "remove": remove,
    "retrieve": retrieve,
    "singleton": singleton,
}
