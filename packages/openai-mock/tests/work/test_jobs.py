from collections.abc import Iterator

import pytest
from openai_mock import MockServerError
from openai_mock.settings import Settings
from openai_mock.state.clock import Clock
from openai_mock.state.items import Item, add, changed
from openai_mock.state.store import Store
from openai_mock.work.jobs import catch_up, forget, later, step
from openai_mock.world import World

NOW = 1000.0


@pytest.fixture
def world() -> Iterator[World]:
    clock = Clock()
    clock.freeze(NOW)
    made = World(Settings(job_step_seconds=2), Store(), clock)
    yield made
    made.store.close()


@step("test_jobs.count")
def count(world: World, item: Item, at: float) -> None:
    """Count to three, one step after another."""
    times = [*item.document["times"], at - NOW]
    item = changed(world, item, times=times)
    if len(times) < 3:
        later(world, "test_jobs.count", item, since=at)


def counter(world: World, key: str = "a") -> Item:
    return add(world, "counters", {"id": key, "times": []})


def times(world: World, key: str = "a") -> list[float]:
    catch_up(world)
    document = world.store.get("counters", key)
    return document["times"] if document else []


def test_steps_are_done_when_the_clock_is_there(world: World):
    later(world, "test_jobs.count", counter(world))
    assert times(world) == []
    world.clock.advance(1.9)
    assert times(world) == []
    world.clock.advance(0.1)
    assert times(world) == [2]
    assert times(world) == [2]


def test_what_happened_does_not_depend_on_who_looked(world: World):
    later(world, "test_jobs.count", counter(world))
    world.clock.advance(100)
    assert times(world) == [2, 4, 6]


def test_step_may_be_sooner_or_later(world: World):
    later(world, "test_jobs.count", counter(world), seconds=0)
    assert times(world) == [0]


def test_what_is_forgotten_or_gone_does_not_happen(world: World):
    first, second = counter(world, "a"), counter(world, "b")
    later(world, "test_jobs.count", first)
    later(world, "test_jobs.count", second)
    forget(world, first)
    world.store.delete(second.collection, second.key)
    counter(world, "b")
    world.clock.advance(100)
    assert times(world, "a") == times(world, "b") == []


@pytest.mark.parametrize(
    ("failure", "afterwards"), [(MockServerError("a full disk"), [1]), (KeyError("a bug"), [])]
)
def test_step_that_fails_is_undone_and_done_again_if_the_store_failed(
    world: World, failure: Exception, afterwards: list[int]
):
    failures.append(failure)
    later(world, "test_jobs.fail", counter(world))
    world.clock.advance(2)
    with pytest.raises(type(failure)):
        catch_up(world)
    assert world.store.get("counters", "a") == {"id": "a", "times": []}
    assert times(world) == afterwards


failures: list[Exception] = []


@step("test_jobs.fail")
def fail(world: World, item: Item, at: float) -> None:
    del at
    changed(world, item, times=[1])
    while failures:
        raise failures.pop()


def test_step_has_one_function():
    with pytest.raises(MockServerError, match=r"test_jobs\.count"):
        step("test_jobs.count")(forget_all)


def forget_all(world: World, item: Item, at: float) -> None:
    del at
    forget(world, item)
