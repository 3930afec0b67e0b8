"""Whether the model calls tools now, which ones, and with what.

Decides, from the tools and the choice among them and from whose turn it was:

- After a turn of the user, a tool is called if one may be: those that the user names
  (`get_weather`, or `get weather`), and if none is named, the first. So with `auto`, too, which is
  how people test their loops. Several are called at once only if `parallel_tool_calls` lets them.
- After the result of a tool, or words of the model, none is called, whatever the choice is, so that
  each loop ends. (The API itself would go on calling as long as the choice forces it.)

Knows functions and custom tools, in the shapes of chat completions (with the `functions` of old)
and of responses (with namespaces). The tools that the API runs itself are never called here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from openai_mock.content.errors import ContentError, SchemaError, ToolChoiceError
from openai_mock.content.json_values import as_object, objects_in
from openai_mock.content.schema_instance import instance
from openai_mock.content.schema_strings import strings
from openai_mock.content.turns import turn_of_items, turn_of_messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from openai_mock.content.json_values import Object
    from openai_mock.content.turns import Turn

Kind = Literal["function", "custom"]

ID_LENGTH = 24

_KINDS: tuple[Kind, ...] = ("function", "custom")


@dataclass(frozen=True)
class ToolCall:
    """One call of a tool.

    Attributes:
        kind: Whether the tool takes arguments or free text.
        name: The name of the tool.
        input: The arguments as JSON text, or the free text.
        call_id: What the result has to name.
        namespace: The namespace that the tool is in, if any.
    """

    kind: Kind
    name: str
    input: str
    call_id: str
    namespace: str | None = None

    def in_message(self) -> dict[str, object]:
        """The call as one of the `tool_calls` of a chat message."""
        argument = "arguments" if self.kind == "function" else "input"
        called = {"name": self.name, argument: self.input}
        return {"id": self.call_id, "type": self.kind, self.kind: called}

    def as_item(self, item_id: str, status: str = "completed") -> dict[str, object]:
        """The call as an item of a response's output.

        Args:
            item_id: The id of the item.
            status: Its status.
        """
        function = self.kind == "function"
        item: dict[str, object] = {
            "id": item_id,
            "type": "function_call" if function else "custom_tool_call",
            "status": status,
            "call_id": self.call_id,
            "name": self.name,
            "arguments" if function else "input": self.input,
        }
        return item if self.namespace is None else {**item, "namespace": self.namespace}


def tool_calls_of_chat(request: Mapping[str, object], *, seed: str) -> tuple[ToolCall, ...]:
    """The calls with which the model answers a chat completion; none if it answers in text.

    Args:
        request: The body of the request, on the wire.
        seed: What the ids of the calls are made from, such as the id of the completion.

    Raises:
        ToolChoiceError: The choice names a tool that is not offered, or forces one where there
            are none.
        SchemaError: No arguments meet the parameters of the tool.
    """
    functions = objects_in(request.get("functions"))
    tools = request.get("tools")
    offers = [
        *_offers(tools, "tools"),
        *(_offer("function", each, f"functions[{at}]") for at, each in enumerate(functions)),
    ]
    chosen = "function_call" if functions and not tools else "tool_choice"
    choice = _choice(request.get(chosen), chosen)
    _check_possible(choice, tools or functions)
    turn = turn_of_messages(objects_in(request.get("messages")))
    parallel = request.get("parallel_tool_calls") is not False and not functions
    return _calls(offers, choice, turn, seed=seed, parallel=parallel)


def tool_calls_of_response(
    request: Mapping[str, object], given: str | Iterable[Object] | None, *, seed: str
) -> tuple[ToolCall, ...]:
    """The calls with which the model answers a response; none if it answers in text.

    Args:
        request: The body of the request, on the wire.
        given: Its input, after what came before it in the conversation.
        seed: What the ids of the calls are made from, such as the id of the response.

    Raises:
        ToolChoiceError: The choice names a tool that is not offered, or forces one where there
            are none.
        SchemaError: No arguments meet the parameters of the tool.
    """
    offers = list(_offers(request.get("tools"), "tools"))
    choice = _choice(request.get("tool_choice"), "tool_choice")
    _check_possible(choice, request.get("tools") or request.get("prompt"))  # which may have some
    parallel = request.get("parallel_tool_calls") is not False
    return _calls(offers, choice, turn_of_items(given), seed=seed, parallel=parallel)


@dataclass(frozen=True)
class _Offer:
    """A tool that the model may call; `place` is where its input is described in the request."""

    kind: Kind
    name: str
    described: Mapping[str, object]
    place: str
    namespace: str | None = None


@dataclass(frozen=True)
class _Choice:
    """What the request says about calling tools.

    Attributes:
        mode: Whether tools are called.
        names: The kinds and names of those that may be; None for all.
        param: The parameter that says so.
    """

    mode: Literal["none", "auto", "required"]
    names: tuple[tuple[str, str], ...] | None = None
    param: str = "tool_choice"


def _offers(tools: object, place: str, namespace: str | None = None) -> Iterator[_Offer]:
    for index, tool in enumerate(objects_in(tools)):
        at = f"{place}[{index}]"
        if tool.get("type") == "namespace":
            yield from _offers(tool.get("tools"), f"{at}.tools", str(tool.get("name")))
        for kind in _KINDS:
            if tool.get("type") != kind:
                continue
            if kind in tool:  # so chat has it; responses have it beside the type
                yield _offer(kind, as_object(tool[kind]), f"{at}.{kind}", namespace)
            elif not tool.get("defer_loading"):
                yield _offer(kind, tool, at, namespace)


def _offer(kind: Kind, tool: Object, at: str, namespace: str | None = None) -> _Offer:
    place = f"{at}.parameters" if kind == "function" else f"{at}.format"
    return _Offer(kind, str(tool.get("name")), tool, place, namespace)


def _choice(given: object, param: str) -> _Choice:
    if given in ("none", "auto", "required"):
        return _Choice(given, param=param)
    choice = as_object(given)
    if not choice:
        return _Choice("auto", param=param)
    match choice.get("type", "function"):
        case "function" | "custom":
            return _Choice("required", (_named(choice),), param)
        case "allowed_tools":
            allowed = as_object(choice.get("allowed_tools", choice))
            tools = [
                each for each in objects_in(allowed.get("tools")) if each.get("type") in _KINDS
            ]
            mode = "required" if allowed.get("mode") == "required" else "auto"
            return _Choice(mode, tuple(map(_named, tools)), param)
        case _:  # one of the API's own
            return _Choice("none", param=param)


def _check_possible(choice: _Choice, offered: object) -> None:
    """Return if there is something to call, where something has to be called."""
    if choice.mode == "required" and choice.names is None and not offered:
        raise ToolChoiceError(
            f"'{choice.param}' wants a tool to be called, but there are none. Send 'tools', or "
            "leave it out.",
            place=choice.param,
        )


def _named(choice: Object) -> tuple[str, str]:
    kind = str(choice.get("type", "function"))
    return kind, str(as_object(choice.get(kind, choice)).get("name"))


def _calls(
    offers: list[_Offer], choice: _Choice, turn: Turn, *, seed: str, parallel: bool
) -> tuple[ToolCall, ...]:
    allowed = _allowed(offers, choice)
    if choice.mode == "none" or not turn.is_of_user or not allowed:
        return ()
    named = [offer for offer in allowed if _is_named(offer.name, turn.said)]
    called = (named or allowed)[: None if parallel and named else 1]
    return tuple(_call(offer, turn.said, f"{seed}/{index}") for index, offer in enumerate(called))


def _call(offer: _Offer, said: str, seed: str) -> ToolCall:
    make = _arguments if offer.kind == "function" else _text
    call_id = f"call_{sha256(seed.encode()).hexdigest()[:ID_LENGTH]}"
    return ToolCall(offer.kind, offer.name, make(offer, said), call_id, offer.namespace)


def _allowed(offers: list[_Offer], choice: _Choice) -> list[_Offer]:
    if choice.names is None:
        return offers
    offered = {(offer.kind, offer.name) for offer in offers}
    for kind, name in choice.names:
        if (kind, name) not in offered:
            names = ", ".join(f"'{offer.name}'" for offer in offers) or "none"
            raise ToolChoiceError(
                f"The {kind} '{name}' of '{choice.param}' is not among the tools. Choose one that "
                f"is offered ({names}), or offer it.",
                place=choice.param,
            )
    return [offer for offer in offers if (offer.kind, offer.name) in choice.names]


def _is_named(name: str, said: str) -> bool:
    words = r"[\s_-]".join(re.escape(word) for word in re.split(r"[\s_-]", name))
    return bool(re.search(rf"(?<!\w){words}(?!\w)", said, re.IGNORECASE))


def _arguments(offer: _Offer, said: str) -> str:
    parameters = offer.described.get("parameters")
    if parameters is None:
        return "{}"
    schema = {"type": "object", **as_object(parameters)}
    try:
        arguments = instance(schema, text=said, name=f"'{offer.place}'")
    except SchemaError as error:
        raise SchemaError(str(error), place=offer.place) from error
    if not isinstance(arguments, dict):
        raise SchemaError(
            f"The schema of '{offer.place}' is not that of an object. Give it the type 'object'.",
            place=offer.place,
        )
    return json.dumps(arguments, ensure_ascii=False, separators=(",", ":"))


def _text(offer: _Offer, said: str) -> str:
    """The free text of a custom tool: what a regular expression asks for, else what was said."""
    described = as_object(offer.described.get("format"))
    grammar = as_object(described.get("grammar", described))
    if grammar.get("syntax") != "regex":
        return said
    try:
        pattern = f"^(?:{grammar.get('definition')})$"
        found = next(strings({"pattern": pattern}, text=said, seed=offer.place), None)
    except ContentError as error:
        raise SchemaError(f"In '{offer.place}': {error}", place=offer.place) from error
    if found is None:
        raise SchemaError(
            f"The mock finds no text that the expression of '{offer.place}' matches. Make it "
            "simpler.",
            place=offer.place,
        )
    return found
