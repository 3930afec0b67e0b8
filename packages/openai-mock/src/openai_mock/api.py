"""The API as a function: from a request as it was sent to the reply.

Decides nothing itself; the steps are in `jobs`, `incoming`, `registry` and `resources`, and what is
done otherwise in `personalities` and `scripts`. What has requests of its own, as batches do, begins
at `read_call`: time does not pass within a request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.checking.incoming import read_call
from openai_mock.models import check_model
from openai_mock.routing.registry import handlers
from openai_mock.work.jobs import catch_up

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.checking.incoming import Sent
    from openai_mock.replies import Reply
    from openai_mock.world import World


def perform(sent: Sent, world: World) -> Reply:
    """Do what has fallen due until now, then check a request and answer it.

    Raises:
        Refusal: It is refused.
    """
    handlers()  # they bring the steps that are due
    catch_up(world)
    if world.control.personality:
        return world.control.personality.perform(sent, world, _checked_and_answered)
    return _checked_and_answered(sent, world)


def answer(call: Call, world: World) -> Reply:
    """Answer a checked call, as things are: as it is scripted, or else as usual.

    Of what it changes all is kept, or nothing if it is refused or the program is killed.

    Raises:
        Refusal: It is refused for what it asks, or the script does not expect it.
    """
    if call.operation.method == "GET":  # reading waits for no other program on the same file
        return _answered(call, world)
    with world.store.transaction():
        return _answered(call, world)


def _answered(call: Call, world: World) -> Reply:
    scripted = world.control.script.next(call)
    if scripted:
        return scripted.reply(call, world, _as_usual)
    if world.control.personality is None:  # other servers have models of any name
        check_model(call.operation.name, call.body.get("model"))
    return _as_usual(call, world)


def _checked_and_answered(sent: Sent, world: World) -> Reply:
    return answer(read_call(sent, world.settings), world)


def _as_usual(call: Call, world: World) -> Reply:
    from openai_mock.described import resources  # brings pydantic, which no server needs to begin

    return handlers().get(call.operation.name, resources.answer)(call, world)
