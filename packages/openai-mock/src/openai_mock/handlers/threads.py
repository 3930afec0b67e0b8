"""Assistants, and threads with their messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.answers import thread_objects
from openai_mock.content.json_values import objects_in
from openai_mock.files.tool_resources import with_stores
from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles
from openai_mock.state.addresses import check_parents
from openai_mock.work import runs

if TYPE_CHECKING:
    from openai_mock.answers.thread_objects import Document
    from openai_mock.calls import Call
    from openai_mock.content.json_values import Object
    from openai_mock.replies import Reply
    from openai_mock.world import World

ASSISTANTS, THREADS = "assistants", "threads"


@handles("beta.assistants.create")
def create_assistant(call: Call, world: World) -> Reply:
    """Make an assistant."""
    key = world.ids.new("asst_")
    request = with_stores(call.body, world)
    made = thread_objects.assistant(request, key=key, created=world.clock.seconds())
    world.store.put(ASSISTANTS, key, made)
    return JsonReply(made)


@handles("beta.threads.create")
def create(call: Call, world: World) -> Reply:
    """Begin a thread, with messages or without."""
    return JsonReply(new_thread(call.body, world))


@handles("beta.threads.messages.create")
def create_message(call: Call, world: World) -> Reply:
    """Add a message to a thread on which no run works."""
    check_parents(call, world)
    thread = call.path["thread_id"]
    runs.check_idle(thread, world, "add messages to")
    return JsonReply(new_message(call.body, thread, world))


def new_thread(request: Object, world: World) -> Document:
    """Begin a thread."""
    key = world.ids.new("thread_")
    request = with_stores(request, world)
    made = thread_objects.thread(request, key=key, created=world.clock.seconds())
    world.store.put(THREADS, key, made)
    for each in objects_in(request.get("messages")):
        new_message(each, key, world)
    return made


def new_message(request: Object, thread: str, world: World) -> Document:
    """Add a message to a thread."""
    key, created = world.ids.new("msg_"), world.clock.seconds()
    made = thread_objects.message(request, key=key, thread_id=thread, created=created)
    world.store.put(runs.messages_of(thread), key, made)
    return made
