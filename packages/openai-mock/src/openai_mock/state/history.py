"""What came before in a conversation, and what is kept for those who go on with it.

Decides how a response, a conversation and an item are found again. Does not decide what is
answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openai_mock.answers.items import kept_items, with_id
from openai_mock.content.json_values import as_object, objects_in
from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openai_mock.answers.items import Item
    from openai_mock.answers.responses import Response
    from openai_mock.content.json_values import Object
    from openai_mock.state.store import Store
    from openai_mock.world import World

RESPONSES, CONVERSATIONS = "responses", "conversations"
_CALLS = {"function_call": "function_call_output", "custom_tool_call": "custom_tool_call_output"}
OUTPUTS = "response_items"  # the items of all outputs, so that each is found by its id


def items_before(
    request: Object, store: Store, unstored: Mapping[str, Sequence[Item]] | None = None
) -> list[Item]:
    """The items that come before the input of a request.

    Args:
        request: A body with `previous_response_id` or `conversation`, or neither.
        store: Where both are kept.
        unstored: What was said up to the end of responses that are kept elsewhere.

    Raises:
        Refusal: It is not there, or both are named.
    """
    previous, conversation = request.get("previous_response_id"), conversation_of(request)
    if previous is not None and conversation is not None:
        raise Refusal(
            "Mutually exclusive parameters: 'previous_response_id' and 'conversation'. Send only "
            "one of the two.",
            code="mutually_exclusive_parameters",
            param="previous_response_id",
        )
    if conversation is not None:
        if not store.has(CONVERSATIONS, conversation):
            raise _not_found("conversation", conversation, "conversation")
        return [*store.list(items_of(conversation)).documents]
    return [] if previous is None else _before_and_in(str(previous), store, unstored or {})


def conversation_of(request: Object) -> str | None:
    """The id of the conversation that a request is part of."""
    named = request.get("conversation")
    identifier = named if isinstance(named, str) else as_object(named).get("id")
    return cast("str | None", identifier)


def items_of(conversation: str) -> str:
    """The collection of the items of a conversation."""
    return f"{CONVERSATIONS}/{conversation}/items"


def input_items_of(response: str) -> str:
    """The collection of the items that were the input of a response."""
    return f"{RESPONSES}/{response}/input_items"


def new_items(given: object, before: Iterable[Object], world: World) -> list[Item]:
    """The input of a request as items, with those that it only refers to.

    Args:
        given: The input.
        before: What came before it.
        world: Has the items of earlier outputs.

    Raises:
        Refusal: It refers to an item that is not there.
    """
    items = kept_items(given, world.ids)
    return [
        _referred(str(item["id"]), before, world.store)
        if item["type"] == "item_reference"
        else item
        for item in items
    ]


def check_answered(items: Sequence[Object]) -> None:
    """Return if each call of a function has its output, as OpenAI wants it of what was stored.

    Args:
        items: What came before the input of a request, and the input.

    Raises:
        Refusal: One has none.
    """
    outputs = {item.get("call_id") for item in items if item["type"] in _CALLS.values()}
    for item in items:
        output, key = _CALLS.get(str(item["type"])), item.get("call_id")
        if output and key not in outputs and not item.get("async"):  # those may come later
            raise Refusal(
                f"No tool output found for function call {key}. Send an item of the type "
                f"'{output}' with this 'call_id'.",
                code="invalid_value",
                param="input",
            )


def check_called(items: Sequence[Object]) -> None:
    """Return if each output of a function has its call before it.

    Args:
        items: What came before the input of a request, and the input.

    Raises:
        Refusal: One has none.
    """
    if any(item["type"] == "compaction" for item in items):
        return  # the call may be in what was made short
    calls = {item.get("call_id") for item in items if item["type"] in _CALLS}
    for item in items:
        if item["type"] in _CALLS.values() and item.get("call_id") not in calls:
            raise Refusal(
                f"No tool call found for function call output with call_id {item.get('call_id')}. "
                "Send the item of the call before it, or the 'previous_response_id' of the "
                "response that called.",
                code="invalid_value",
                param="input",
            )


def keep_response(response: Response, given: Iterable[Item], store: Store) -> None:
    """Keep a response with its input."""
    key = str(response["id"])
    store.put(RESPONSES, key, response)
    for item in given:
        store.put(input_items_of(key), str(item["id"]), item)
    for item in objects_in(response["output"]):
        store.put(OUTPUTS, str(item["id"]), item)


def forget_response(response: Response, store: Store) -> None:
    """Remove a response with its input and output."""
    for item in objects_in(response["output"]):
        store.delete(OUTPUTS, str(item.get("id")))
    store.delete(RESPONSES, str(response["id"]))


def add_to_conversation(conversation: str, items: Iterable[Item], store: Store) -> None:
    """Put items at the end of a conversation."""
    for item in items:
        store.put(items_of(conversation), str(item["id"]), item)


def _before_and_in(
    response: str, store: Store, unstored: Mapping[str, Sequence[Item]]
) -> list[Item]:
    """All that was said up to the end of a response."""
    turns: list[list[Item]] = []
    key: str | None = response
    while key is not None:
        if key in unstored:
            turns.append([*unstored[key]])
            break
        found = store.get(RESPONSES, key)
        if found is None:
            raise Refusal(
                f"Previous response with id '{key}' not found. Use the id of a response that was "
                "stored and not deleted.",
                code="previous_response_not_found",
                param="previous_response_id",
            )
        said = [*store.list(input_items_of(key)).documents]
        turns.append(said + [cast("Item", item) for item in objects_in(found.get("output"))])
        key = cast("str | None", found.get("previous_response_id"))
    return [item for turn in reversed(turns) for item in turn]


def _referred(item_id: str, before: Iterable[Object], store: Store) -> Item:
    item = with_id(before, item_id) or store.get(OUTPUTS, item_id)
    if item is None:
        raise _not_found("item", item_id, "input")
    return item


def _not_found(kind: str, identifier: str, param: str) -> Refusal:
    return Refusal(
        f"No {kind} found with id '{identifier}'. Use the id of one that is kept.",
        code=f"{kind}_not_found",
        param=param,
        status=404,
    )
