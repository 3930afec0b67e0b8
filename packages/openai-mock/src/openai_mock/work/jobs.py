"""What happens later: steps that are noted for an object, and done once the clock is there.

There is no background task: what has fallen due is done before the next request is answered, in
the order of time and each as of its moment. So where things are depends on the clock alone, and
not on who asks how often. Decides when steps are done; what they do is in the handlers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from openai_mock.errors import MockServerError
from openai_mock.state.items import Item
from openai_mock.state.store import Due
from openai_mock.world import World

Step: TypeAlias = Callable[[World, Item, float], None]
"""Does something to an object, at a time in seconds since the epoch."""

_steps: dict[str, Step] = {}


def step(name: str) -> Callable[[Step], Step]:
    """Register a step by a name that the store can keep.

    Raises:
        MockServerError: There is another of this name.
    """

    def registered(function: Step) -> Step:
        if _steps.setdefault(name, function) is not function:
            raise MockServerError(f"There is a step '{name}' already. Remove one of the two.")
        return function

    return registered


def later(
    world: World, name: str, item: Item, *, since: float | None = None, seconds: float | None = None
) -> None:
    """Note a step for an object.

    Args:
        world: Keeps it.
        name: The name of the step.
        item: The object; the step gets what is stored then.
        since: From when on time is counted; now if None.
        seconds: How many seconds after that; as long as a step of a job takes if None.
    """
    begun = world.clock.now() if since is None else since
    wait = world.settings.job_step_seconds if seconds is None else seconds
    world.store.schedule(Due(begun + wait, name, item.collection, item.key))


def forget(world: World, item: Item) -> None:
    """Let nothing happen to an object that was noted for it."""
    world.store.unschedule(item.collection, item.key)


def catch_up(world: World) -> None:
    """Do what has fallen due, with what falls due by that; of each step all is kept, or nothing."""
    while world.store.has_due(world.clock.now()):
        with world.store.transaction():
            failure = _do_next(world)
        if failure:
            raise failure


def _do_next(world: World) -> Exception | None:
    """Do a step; gives why it failed, for which it is not done again and harms nobody else."""
    due = world.store.take_due(world.clock.now())
    document = due and world.store.get(due.collection, due.key)
    if due is None or document is None:
        return None
    try:
        with world.store.transaction():
            _steps[due.step](world, Item(due.collection, due.key, document), due.at)
    except MockServerError:  # that of a store that cannot be used now: it is done again
        raise
    except Exception as error:  # noqa: BLE001 - told once it is no longer noted
        return error
    return None
