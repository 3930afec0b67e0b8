"""From the chunks of a chat completion to the completion, as far as it has come.

Decides which choice and which tool call a delta belongs to, and what of a chunk is a piece of
something and what is said anew each time. Chunks have no numbers: pieces count in the order in
which they come. What else comes twice, late, or not at all does no harm. Knows no events.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from openai_types.chat import ChatCompletion, ChatCompletionMessageCustomToolCall
from openai_types.shared import CompletionUsage

from openai_stream.accumulators.deltas import (
    GrowingText,
    Items,
    Node,
    add_fields,
    fields_of,
    list_of,
    plain,
    replace_fields,
)
from openai_stream.parsing.partial_json import PartialJSON
from openai_stream.parsing.text_buffer import TextBuffer, joined_base64

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openai_types.chat import ChatCompletionChunk

_GROWING = "reasoning_details"  # some servers send all of it each time
_FIRST_COUNTS = ("created", "id")  # some servers make up new ones for each chunk


class ToolCallSoFar:
    """A tool call, as far as it has come.

    Attributes:
        index: its number, by the server or else by the order of the calls.
        arguments: of the function.
    """

    __slots__ = ("_fields", "_parser", "_read", "arguments", "function", "index")

    def __init__(self, index: int) -> None:
        self.index = index
        self.arguments = TextBuffer()
        self.function: Node = {}
        self._fields: Node = {}
        self._parser = PartialJSON()
        self._read = 0  # characters of the arguments, by the parser

    @property
    def id(self) -> str:
        """The call's id; empty if none came yet."""
        return _text(self._fields.get("id"))

    @property
    def name(self) -> str:
        """The function's name; empty if none came yet."""
        return _text(self.function.get("name"))

    @property
    def is_function(self) -> bool:
        """Whether it calls a function, and not a custom tool."""
        kind = self._fields.get("type")
        return kind == "function" or (not kind and "custom" not in self._fields)

    def add(self, fields: Mapping[str, object]) -> str | None:
        """Add a delta.

        Returns:
            The piece of the arguments; None if the delta says nothing of a function.
        """
        others = {name: each for name, each in fields.items() if name not in _OF_A_CALL}
        if not self.id:  # some servers make up a new one for each delta
            others["id"] = fields.get("id")
        add_fields(self._fields, others)
        function = fields_of(fields.get("function"))
        if function is None:
            return None
        add_fields(self.function, {n: each for n, each in function.items() if n != "arguments"})
        piece = _arguments(function.get("arguments"))
        self.arguments.append(piece)
        return piece

    def has_all_arguments(self) -> bool:
        """Whether the arguments are a whole JSON object, to which nothing can be added.

        It may be asked after each piece: none is read twice.
        """
        for piece in self.arguments.pieces(self._read, len(self.arguments)):
            self._parser.feed(piece)
        self._read = len(self.arguments)
        return self._parser.complete and isinstance(self._parser.value(), dict)

    def plain(self) -> Node:
        """The call as JSON has it in a whole completion."""
        made = cast("Node", plain(self._fields))
        if self.is_function:
            made["type"] = "function"
            function = cast("Node", plain(self.function))
            made["function"] = {"name": "", **function, "arguments": self.arguments.text()}
        elif not made.get("type"):
            made["type"] = "custom"
        return made


_OF_A_CALL = ("function", "id", "index")


class ToolCallsSoFar:
    """The tool calls of a choice, as far as they have come."""

    __slots__ = ("_by_id", "_by_index", "_by_position", "all")

    def __init__(self) -> None:
        self.all: list[ToolCallSoFar] = []
        self._by_index: dict[int, ToolCallSoFar] = {}
        self._by_id: dict[str, ToolCallSoFar] = {}
        self._by_position: dict[int, ToolCallSoFar] = {}

    def find(self, fields: Mapping[str, object], position: int) -> ToolCallSoFar:
        """The call that a delta belongs to: by its index, else its id, else its position."""
        index, id = _index(fields.get("index")), _text(fields.get("id"))
        name = _text((fields_of(fields.get("function")) or {}).get("name"))
        if index is not None:
            call = self._by_index.get(index)
            if call and id and name and call.name and call.id not in {"", id}:
                call = self._by_id.get(id)  # the server gives several calls the same index
        elif id:
            call = self._by_id.get(id)
        else:
            call = self._by_position.get(position)
            if call and name and call.name and (name != call.name or call.has_all_arguments()):
                call = None
        if call is None:
            call = ToolCallSoFar(len(self.all) if index is None else index)
            self.all.append(call)
        if index is not None:
            self._by_index[index] = call
        if id:
            self._by_id.setdefault(id, call)
        self._by_position[position] = call
        return call

    def in_order(self) -> list[ToolCallSoFar]:
        """The calls, by their indexes."""
        return sorted(self.all, key=lambda call: call.index)


class ChoiceSoFar:
    """A choice, as far as it has come.

    Attributes:
        index: its number.
        content: the text of the message.
        refusal: the text of its refusal; None if the server has not named one.
        tool_calls: the calls; None if there are none.
        logprobs: of the tokens, lists by what they are of.
        finish_reason: why it ended; None while it has not.
    """

    __slots__ = (
        *("_begun", "_head", "_message", "_parts"),
        *("content", "finish_reason", "index", "logprobs", "refusal", "tool_calls"),
    )

    def __init__(self, index: int) -> None:
        self.index = index
        self.content = TextBuffer()
        self.refusal: TextBuffer | None = None
        self.tool_calls: ToolCallsSoFar | None = None
        self.logprobs: Node = {}
        self.finish_reason: str | None = None
        self._begun = False
        self._head: Node = {}
        self._message: Node = {"role": "assistant"}
        self._parts: Items | None = None  # of a content that is a list

    def add(self, fields: Mapping[str, object]) -> Addition:
        """Add what a chunk has of this choice."""
        addition = Addition(self)
        delta = fields_of(fields.get("delta"))
        if delta is None and not self._begun:  # some servers send a whole answer as a stream of one
            delta = fields_of(fields.get("message"))
        if delta:
            self._begun = True
            self._add_delta(delta, addition)
        reason = fields.get("finish_reason")
        if reason and isinstance(reason, str):  # some servers send "" until the end
            self.finish_reason = reason
        logprobs = fields_of(fields.get("logprobs"))
        if logprobs:
            self._add_logprobs(logprobs, addition)
        elif "logprobs" in fields:
            self._head["logprobs"] = None
        if not fields.keys() <= _OF_A_CHOICE:
            others = {name: each for name, each in fields.items() if name not in _OF_A_CHOICE}
            replace_fields(self._head, others)
        return addition

    def _add_delta(self, delta: Mapping[str, object], addition: Addition) -> None:
        if "content" in delta:
            addition.content = self._add_content(delta["content"])
            if len(delta) == 1:
                return
        refusal = delta.get("refusal")
        if isinstance(refusal, str):
            self.refusal = TextBuffer() if self.refusal is None else self.refusal
            self.refusal.append(refusal)
            addition.refusal = refusal
        if delta.get("tool_calls"):
            self._add_tool_calls(delta["tool_calls"], addition)
        for name, value in delta.items():
            if name == _GROWING:
                add_fields(self._message, {name: value}, GrowingText)
            elif name not in _OF_A_DELTA:
                add_fields(self._message, {name: value})
            elif value is None:
                self._message.setdefault(name, None)

    def _add_content(self, content: object) -> str | None:
        """Add to the content, which is text, or a list of parts at some servers."""
        if isinstance(content, str):
            if self._parts is None:
                self._message["content"] = self.content
            elif content:
                self._parts.add([_text_part(content)])
            piece = content
        elif isinstance(content, list):
            parts = cast("list[object]", content)
            piece = _text_of(parts)
            self._add_parts(parts)
        else:
            self._message.setdefault("content", None)
            return None
        if piece is not None:
            self.content.append(piece)
        return piece

    def _add_parts(self, parts: list[object]) -> None:
        if self._parts is None:
            self._parts = Items()
            if self.content.text():
                self._parts.add([_text_part(self.content.text())])
        self._parts.add(parts)
        self._message["content"] = self._parts

    def _add_tool_calls(self, value: object, addition: Addition) -> None:
        pieces: list[tuple[ToolCallSoFar, str]] = []
        for position, each in enumerate(list_of(value)):
            fields = fields_of(each)
            if fields is not None:
                self.tool_calls = self.tool_calls or ToolCallsSoFar()
                call = self.tool_calls.find(fields, position)
                piece = call.add(fields)
                if piece is not None:
                    pieces.append((call, piece))
        addition.calls = pieces

    def _add_logprobs(self, logprobs: Mapping[str, object], addition: Addition) -> None:
        lists = {name: list_of(tokens) for name, tokens in logprobs.items() if _is_list(tokens)}
        addition.logprobs = lists
        for name, value in logprobs.items():
            earlier = self.logprobs.get(name)
            if name not in lists:
                self.logprobs.setdefault(name, value)
            elif isinstance(earlier, list):
                cast("list[object]", earlier).extend(lists[name])
            else:
                self.logprobs[name] = [*lists[name]]

    def plain(self) -> Node:
        """The choice as JSON has it in a whole completion."""
        message = cast("Node", plain(self._message))
        audio = message.get("audio")
        if isinstance(audio, dict):
            sound = cast("Node", audio)
            if data := _text(sound.get("data")):
                sound["data"] = joined_base64(data)
        if self.refusal is not None:
            message["refusal"] = self.refusal.text()
        if self.tool_calls is not None:
            message["tool_calls"] = [each.plain() for each in self.tool_calls.in_order()]
        made: Node = {"index": self.index, "message": message, **self._head}
        made["finish_reason"] = self.finish_reason
        if self.logprobs:
            made["logprobs"] = plain(self.logprobs)
        return made


_OF_A_CHOICE = frozenset({"delta", "finish_reason", "index", "logprobs", "message"})
_OF_A_DELTA = frozenset({"content", "refusal", "tool_calls"})


class Addition:
    """What a chunk added to a choice.

    Attributes:
        choice: the choice, all of the chunk added.
        content: the piece of the text; None if the chunk has none, not even an empty one.
        refusal: the same, of the refusal.
        calls: the tool calls of functions, with the pieces of their arguments.
        logprobs: the lists of tokens, by what they are of.
    """

    __slots__ = ("calls", "choice", "content", "logprobs", "refusal")

    def __init__(self, choice: ChoiceSoFar) -> None:
        self.choice = choice
        self.content: str | None = None
        self.refusal: str | None = None
        self.calls: Sequence[tuple[ToolCallSoFar, str]] = ()
        self.logprobs: Mapping[str, list[object]] = _NOTHING


_NOTHING: Mapping[str, list[object]] = {}


class ChatAccumulator:
    """Collects the chunks of one chat completion."""

    def __init__(self) -> None:
        self._head: Node = {}
        self._choices: dict[int, ChoiceSoFar] = {}
        self._usage: object = None  # an object with numbers in it
        self._last_head: tuple[object, ...] = ()

    def add(self, event: ChatCompletionChunk) -> None:
        """Take the next chunk; nothing that a server sends makes it raise."""
        self.additions(event)

    def additions(self, chunk: ChatCompletionChunk) -> list[Addition]:
        """Take the next chunk; gives what it added, in its order."""
        # The head hardly ever changes.
        head = (chunk.id, chunk.model, chunk.system_fingerprint, chunk.service_tier, chunk.usage)
        if chunk.__pydantic_extra__ or chunk.moderation or head != self._last_head:
            self._last_head = head
            self._add_head(dict(fields_of(chunk) or {}))
        choices = cast("object", chunk.choices)  # whatever the type says
        return [
            self._choice(fields, position).add(fields)
            for position, each in enumerate(list_of(choices))
            if (fields := fields_of(each)) is not None
        ]

    def _add_head(self, fields: Node) -> None:
        for name in ("choices", "object", "obfuscation"):
            fields.pop(name, None)
        if "usage" in fields:
            self._head.setdefault("usage", None)
            self._note_usage(fields.pop("usage"))
        self._note_usage((fields_of(fields.get("x_groq")) or {}).get("usage"))
        for name in _FIRST_COUNTS:
            if self._head.get(name):
                fields.pop(name, None)
        replace_fields(self._head, fields)

    def _note_usage(self, usage: object) -> None:
        """Keep a usage, unless there is no number in it: some servers send it empty in between."""
        if usage and any(value is not None for value in (fields_of(usage) or {}).values()):
            self._usage = usage

    def _choice(self, fields: Mapping[str, object], position: int) -> ChoiceSoFar:
        index = _index(fields.get("index"))
        index = position if index is None else index
        choice = self._choices.get(index)
        if choice is None:
            choice = self._choices[index] = ChoiceSoFar(index)
        if "usage" in fields:
            self._note_usage(fields["usage"])
        return choice

    @property
    def choices(self) -> list[ChoiceSoFar]:
        """The choices that have begun, by their indexes."""
        return sorted(self._choices.values(), key=lambda each: each.index)

    @property
    def usage(self) -> CompletionUsage | None:
        """How many tokens it took; None while the server has not said so."""
        if not isinstance(self._usage, CompletionUsage | None):  # from a place of the server's own
            self._usage = CompletionUsage.model_validate(self._usage)
        return self._usage

    def plain(self) -> Node:
        """What came so far as JSON has it, with models of what the API describes."""
        choices = [each.plain() for each in self.choices]
        made: Node = {**cast("Node", plain(self._head)), "object": "chat.completion"}
        made["choices"] = choices
        if self.usage is not None:
            made["usage"] = self.usage
        return made

    def snapshot(self) -> ChatCompletion:
        """The completion so far; costs its size."""
        return ChatCompletion.model_validate(typed_calls(self.plain()))


def typed_calls(completion: Node) -> Node:
    """Make models of the calls of custom tools, which parsed completions have no place for."""
    for choice in cast("list[Node]", completion["choices"]):
        message = cast("Node", choice["message"])
        calls = list_of(message.get("tool_calls"))
        for position, call in enumerate(calls):
            if (fields_of(call) or {}).get("type") == "custom":
                calls[position] = ChatCompletionMessageCustomToolCall.model_validate(call)
    return completion


def _index(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _arguments(value: object) -> str:
    """A piece of a function's arguments as text: some servers send the object itself."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, default=str)


def _text_part(text: str) -> Node:
    return {"type": "text", "text": text}


def _text_of(parts: Iterable[object]) -> str | None:
    """The text in parts of a content; None if none of them is text."""
    texts: list[str] = []
    for part in parts:
        fields = fields_of(part) or {}
        text = fields.get("text")
        if fields.get("type") == "text" and isinstance(text, str):
            texts.append(text)
    return "".join(texts) if texts else None
