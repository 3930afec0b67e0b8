"""Chat completions, and those that are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openai_mock.answers.chat import ChatAnswer
from openai_mock.checking.function_names import check_function_names
from openai_mock.checking.strict_schemas import check_strict_schemas
from openai_mock.checking.tool_messages import check_tool_messages
from openai_mock.checking.validation import check_chat
from openai_mock.content.json_values import as_object, objects_in
from openai_mock.replies import DONE, EventsReply, JsonReply
from openai_mock.routing.registry import handles
from openai_mock.routing.routes import template
from openai_mock.state.addresses import check_parents, located
from openai_mock.state.pages import asked_for, page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openai_mock.calls import Call
    from openai_mock.replies import Frame, Reply
    from openai_mock.state.store import Document
    from openai_mock.world import World

COLLECTION = "chat/completions"


@handles("chat.completions.create")
def create(call: Call, world: World) -> Reply:
    """Answer the conversation; kept if `store` says so."""
    request = check_chat(call.body)
    if world.control.personality is None:  # other servers take what they can follow
        check_function_names(call.body)
        check_strict_schemas(call.body)
        check_tool_messages(objects_in(call.body["messages"]))
    answer = ChatAnswer(request, ids=world.ids, created=world.clock.seconds())
    if request.get("store"):
        _keep(call, answer.body(), world)
    if request.get("stream"):
        return EventsReply(_frames(answer))
    return JsonReply(answer.body())


@handles("chat.completions.list")
def list_(call: Call, world: World) -> Reply:
    """The stored completions of a model, or with some metadata."""
    model, metadata = call.query.get("model"), as_object(call.query.get("metadata"))
    where: Mapping[str, object] = {} if model is None else {"model": model}

    def has_metadata(document: Document) -> bool:
        return as_object(document.get("metadata")).items() >= metadata.items()

    found = asked_for(call, world.store, COLLECTION, where, has_metadata if metadata else None)
    body = page(call.operation, found.documents, found.keys, has_more=found.has_more)
    return JsonReply(body)


@handles("chat.completions.messages.list")
def list_messages(call: Call, world: World) -> Reply:
    """The messages that a stored completion answers."""
    check_parents(call, world)
    messages = located(template(call.operation), call.path)
    found = asked_for(call, world.store, messages, {})
    body = page(call.operation, found.documents, found.keys, has_more=found.has_more)
    return JsonReply(body)


def _keep(call: Call, body: Document, world: World) -> None:
    key = str(body["id"])
    metadata = as_object(call.body.get("metadata"))
    world.store.put(COLLECTION, key, {**body, "metadata": metadata})
    for number, message in enumerate(objects_in(call.body["messages"])):
        name = f"{key}-{number}"
        world.store.put(f"{COLLECTION}/{key}/messages", name, _stored_message(name, message))


def _stored_message(name: str, message: Mapping[str, object]) -> Document:
    """A message as it is listed: its text is apart from its parts."""
    content = message.get("content")
    parts = {"content_parts": None}
    if isinstance(content, list):
        parts = {"content_parts": cast("list[object]", content)}
        content = None
    return {"name": None, "refusal": None, **message, "id": name, "content": content, **parts}


def _frames(answer: ChatAnswer) -> Iterator[Frame]:
    for chunk in answer.chunks():
        yield None, chunk
    yield DONE
