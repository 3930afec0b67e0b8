"""Responses: answered, kept, told again, and finished in the background."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, cast

from openai_mock.answers.built_in_tools import called_tool
from openai_mock.answers.items import new_id
from openai_mock.answers.response_events import response_events
from openai_mock.answers.responses import respond, unfinished
from openai_mock.checking.function_names import check_function_names
from openai_mock.checking.strict_schemas import check_strict_schemas
from openai_mock.checking.validation import check_response
from openai_mock.content.tokens import count
from openai_mock.content.turns import turn_of_items
from openai_mock.content.usage import response_input_tokens, response_usage
from openai_mock.files.vector_search import search_of_tool
from openai_mock.refusals import Refusal
from openai_mock.replies import EventsReply, JsonReply, Reply
from openai_mock.routing.registry import handles
from openai_mock.state.addresses import collection_of, owner_of, stored
from openai_mock.state.history import (
    add_to_conversation,
    check_answered,
    check_called,
    conversation_of,
    forget_response,
    items_before,
    keep_response,
    new_items,
)
from openai_mock.work import background

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openai_mock.answers.items import Item
    from openai_mock.answers.response_events import Event
    from openai_mock.answers.responses import Response
    from openai_mock.calls import Call
    from openai_mock.state.store import Document
    from openai_mock.world import World

_SEARCHED = "file_search_call.results"  # in `include`


@handles("responses.create", "beta.responses.create")
def create(call: Call, world: World) -> Reply:
    """Answer the input; kept unless `store` is false."""
    check_response(call.body)
    if world.control.personality is None:  # other servers take what they can follow
        check_function_names(call.body)
        check_strict_schemas(call.body)
    is_kept, later = call.body.get("store") is not False, call.body.get("background") is True
    if later and not is_kept:
        raise Refusal(
            "A response in the background has to be stored. Leave 'store' out, or send true.",
            code="invalid_value",
            param="store",
        )
    before = items_before(call.body, world.store, call.unstored)
    given = new_items(call.body.get("input"), before, world)
    if world.control.personality is None:
        check_called([*before, *given])
    if call.body.get("previous_response_id"):
        check_answered([*before, *given])
    response = respond(call.body, [*before, *given], ids=world.ids, created=world.clock.seconds())
    _search_files(call, response, world)
    if is_kept or conversation_of(call.body):
        if later:
            response = background.begin(response, world)
        if is_kept:
            keep_response(response, given, world.store)
        _add_to_conversation(call, response, given, world)
    if call.body.get("stream"):
        events = background.events(response, world) if later else response_events(response)
        return _streamed(events)
    return JsonReply(unfinished(response, "queued") if later else response)


@handles("responses.retrieve", "beta.responses.retrieve")
def retrieve(call: Call, world: World) -> Reply:
    """A stored response as it is now, or its stream, also from a place in the middle."""
    response = _found(call, world)
    if call.query.get("stream"):
        after = call.query.get("starting_after")
        return _streamed(background.events(response, world, after=-1 if after is None else after))
    return JsonReply(background.current(response, world))


@handles("responses.cancel", "beta.responses.cancel")
def cancel(call: Call, world: World) -> Reply:
    """Cancel a response in the background."""
    return JsonReply(background.cancel(_found(call, world), world))


@handles("responses.delete", "beta.responses.delete")
def delete(call: Call, world: World) -> Reply:
    """Remove a stored response."""
    forget_response(_found(call, world), world.store)
    return Reply()


@handles("responses.input_tokens.count", "beta.responses.input_tokens.count")
def count_input_tokens(call: Call, world: World) -> Reply:
    """How many tokens an input has, with what came before it."""
    before = items_before(call.body, world.store)
    given = [*before, *new_items(call.body.get("input"), before, world)]
    tokens = response_input_tokens(call.body, given)
    return JsonReply({"object": "response.input_tokens", "input_tokens": tokens})


@handles("responses.compact", "beta.responses.compact")
def compact(call: Call, world: World) -> Reply:
    """A conversation as one item that says what matters: here, what the user said last."""
    before = items_before(call.body, world.store)
    given = [*before, *new_items(call.body.get("input"), before, world)]
    said = turn_of_items(given).said
    sealed = b64encode(said.encode("utf-8", "surrogatepass")).decode()
    item_id = new_id("compaction", world.ids)
    item = {"id": item_id, "type": "compaction", "encrypted_content": sealed}
    return JsonReply(
        {
            "id": world.ids.new("resp_"),
            "object": "response.compaction",
            "created_at": world.clock.seconds(),
            "output": [item],
            "usage": response_usage(response_input_tokens(call.body, given), count(said)),
        }
    )


def _search_files(call: Call, response: Response, world: World) -> None:
    """Put what vector stores have into a search that the request wants to have the results of."""
    if _SEARCHED not in (call.body.get("include") or ()):
        return
    for item in cast("list[Item]", response["output"]):
        if item["type"] == "file_search_call":
            tool = called_tool(call.body) or {}
            item["results"] = search_of_tool(world, tool, cast("list[str]", item["queries"]))


def _found(call: Call, world: World) -> Document:
    """The stored response that the path of a call names.

    Raises:
        Refusal: There is none.
    """
    collection = collection_of(call.operation) or owner_of(call.operation)
    if collection is None:
        raise LookupError(f"{call.operation.name} is about no response")
    return stored(call, world, collection)


def _add_to_conversation(call: Call, response: Response, given: list[Item], world: World) -> None:
    conversation = conversation_of(call.body)
    if conversation is not None:
        output: list[Item] = response["output"]  # type: ignore[assignment]
        add_to_conversation(conversation, [*given, *output], world.store)


def _streamed(events: Iterable[Event]) -> Reply:
    return EventsReply((str(event["type"]), event) for event in events)
