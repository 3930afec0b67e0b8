"""Whose turn it was last in a conversation, and what was said in it.

Reads the messages of chat completions and the items of responses, as they are on the wire. Decides
nothing about the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openai_mock.content.json_values import objects_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openai_mock.content.json_values import Object

_INSTRUCTING = frozenset({"system", "developer"})
_OF_TOOLS = frozenset({"tool", "function"})  # the second is what the first has replaced


@dataclass(frozen=True)
class Turn:
    """What the model answers to.

    Attributes:
        said: What the user said last; empty if nothing.
        is_of_user: Whether it is for the model to answer the user: nobody spoke after the user, or
            nobody but those who instruct has spoken at all.
        results: What tools gave back since the model spoke last.
    """

    said: str
    is_of_user: bool
    results: tuple[str, ...] = ()


def turn_of_messages(messages: Iterable[Object]) -> Turn:
    """The last turn of the messages of a chat completion."""
    return _turn([(_role(message), text_of(message.get("content"))) for message in messages])


def turn_of_items(given: str | Iterable[Object] | None) -> Turn:
    """The last turn of the input of a response, with what came before it in the conversation."""
    if isinstance(given, str):
        return Turn(given, is_of_user=True)
    return _turn([(_role(item), _text_of_item(item)) for item in given or ()])


def text_of(content: object) -> str:
    """The text in a content: a string, or parts of which some have text or a refusal."""
    if isinstance(content, str):
        return content
    texts = [
        part.get("text", part.get("refusal", part.get("transcript")))
        for part in objects_in(content)
    ]
    return "\n".join(text for text in texts if text and isinstance(text, str))


def _text_of_item(item: Object) -> str:
    return text_of(item.get("content", item.get("output")))


def _role(message: Object) -> str:
    """The role of a message or an item; what is no message of anybody has none."""
    kind = message.get("type", "message")
    if kind == "message":
        return str(message.get("role"))
    if isinstance(kind, str) and kind.endswith("_output"):
        return "tool"
    return "assistant" if isinstance(kind, str) and kind.endswith("_call") else ""


def _turn(spoken: Sequence[tuple[str, str]]) -> Turn:
    heard = [(role, text) for role, text in spoken if role and role not in _INSTRUCTING]
    of_user = [text for role, text in heard if role == "user" and text]
    results: list[str] = []
    for role, text in reversed(heard):
        if role not in _OF_TOOLS:
            break
        results.insert(0, text)
    return Turn(
        said=of_user[-1] if of_user else "",
        is_of_user=not heard or heard[-1][0] == "user",
        results=tuple(results),
    )
