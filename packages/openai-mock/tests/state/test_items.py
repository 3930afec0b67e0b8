from collections.abc import Iterator

import pytest
from openai_mock.calls import Call
from openai_mock.refusals import Refusal
from openai_mock.state.items import add, changed, item_of, named
from openai_mock.world import World
from openai_types.catalogue import operations


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.store.close()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("vector_stores.retrieve", "vs/1"),
        ("vector_stores.search", "vs/1"),
        ("vector_stores.files.create", "vs/1"),
        ("vector_stores.files.retrieve", "file-1"),
        ("vector_stores.files.content", "file-1"),
    ],
)
def test_item_is_the_innermost_of_the_path(world: World, name: str, key: str):
    path = {"vector_store_id": "vs/1", "file_id": "file-1"}
    call = Call(operations()[name], path)
    with pytest.raises(Refusal, match="vs/1"):
        item_of(call, world)
    store = add(world, "vector_stores", {"id": "vs/1"})
    if key != store.key:
        with pytest.raises(Refusal, match=key):
            item_of(call, world)
    add(world, store.inside("files"), {"id": "file-1"})
    assert item_of(call, world).document == {"id": key}


def test_named_item(world: World):
    made = add(world, "files", {"id": "a", "n": 1})
    assert named(world, "files", "a", "file", "file_id") == made
    with pytest.raises(Refusal) as refused:
        named(world, "files", "b", "file", "file_id")
    assert (refused.value.status, refused.value.param) == (404, "file_id")


def test_changes_are_kept_beside_what_stays(world: World):
    made = add(world, "files", {"id": "a", "n": 1, "m": 2})
    assert changed(world, made, n=3).document == world.store.get("files", "a")
    assert world.store.get("files", "a") == {"id": "a", "n": 3, "m": 2}
