"""The output of a response that is being told: items, their parts, their texts. No types, no I/O.

Decides where what an event tells belongs, and what wins when events contradict each other: what an
event calls done is final, and what is null or missing never takes anything away. It holds plain
JSON, in which lists that are being filled are `Entries` and growing texts are `TextBuffer`s; models
are put in as they came. `plain` says what JSON they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, cast

from openai_types.model import BaseModel

from openai_stream.parsing.text_buffer import TextBuffer, joined_base64

if TYPE_CHECKING:
    from collections.abc import Iterable

Fields: TypeAlias = dict[str, object]


class Entries:
    """A list that is filled in any order."""

    __slots__ = ("_end", "_entries")

    def __init__(self, entries: Iterable[object] = ()) -> None:
        self._entries = dict(enumerate(entries))
        self._end = len(self._entries)  # the index after the last entry

    def get(self, index: int) -> object:
        """What is at an index; None if nothing is yet."""
        return self._entries.get(index)

    def set(self, index: int | None, entry: object) -> None:
        """Put something at an index, or at the end."""
        index = self._end if index is None else index
        self._entries[index] = entry
        self._end = max(self._end, index + 1)

    def listed(self) -> list[object]:
        """What there is, in order."""
        return [self._entries[index] for index in sorted(self._entries)]


class AudioBuffer(TextBuffer):
    """Audio in base64, of which each piece was encoded by itself."""

    __slots__ = ()

    def text(self, length: int | None = None) -> str:
        """All of it, encoded as one; as it came where it is no base64."""
        return joined_base64(super().text(length))


class Place(NamedTuple):
    """Where a text belongs.

    Attributes:
        item: the type of its item, for one that was never announced.
        field: its name in the item, or in the part.
        parts: the list of the item that the part is in; empty for texts of the item itself.
        part: the type of the part, for one that was never announced.
        index_field: the field of an event that says which part it is.
    """

    item: str
    field: str
    parts: str = ""
    part: str = ""
    index_field: str = "content_index"


_TEXT = Place("message", "text", "content", "output_text")
_AUDIO = Place("message", "audio", "content", "output_audio")
_TRANSCRIPT = Place("message", "transcript", "content", "output_audio")

PLACES: Final = {
    "response.output_text": _TEXT,
    "response.text": _TEXT,  # of older Realtime servers
    "response.refusal": Place("message", "refusal", "content", "refusal"),
    "response.reasoning_text": Place("reasoning", "text", "content", "reasoning_text"),
    "response.reasoning_summary_text": Place(
        "reasoning", "text", "summary", "summary_text", "summary_index"
    ),
    "response.output_audio": _AUDIO,
    "response.audio": _AUDIO,
    "response.output_audio_transcript": _TRANSCRIPT,
    "response.audio_transcript": _TRANSCRIPT,
    "response.audio.transcript": _TRANSCRIPT,
    "response.function_call_arguments": Place("function_call", "arguments"),
    "response.custom_tool_call_input": Place("custom_tool_call", "input"),
    "response.mcp_call_arguments": Place("mcp_call", "arguments"),
    "response.code_interpreter_call_code": Place("code_interpreter_call", "code"),
}
"""The families of texts, by what their events are called before `.delta` and `.done`."""

_CONTENT = Place("message", "", "content", "output_text")
_SUMMARY = Place("reasoning", "", "summary", "summary_text", "summary_index")
_COMMAND = Place("shell_call", "", "commands", index_field="command_index")
_PRINTED = Place("shell_call_output", "", "output", index_field="command_index")
_WHILE_MAKING = ("partial_image_b64", "partial_image_index")  # what an item that is done has not
_STEPS = frozenset(
    {"in_progress", "searching", "interpreting", "generating", "completed", "failed", "incomplete"}
)


class Output:
    """The items of a response."""

    def __init__(self) -> None:
        self._items: dict[int, Fields] = {}
        self._indexes: dict[str, int] = {}  # of the items, by their ids
        self._latest = 0
        self._done: set[tuple[object, ...]] = set()  # items, parts and texts that are final

    def __bool__(self) -> bool:
        return bool(self._items)

    def listed(self) -> list[object]:
        """The items, in order."""
        return [self._items[index] for index in sorted(self._items)]

    def fill(self, items: object) -> None:
        """Take the items that a response has, where none are known yet."""
        if isinstance(items, list):
            for index, item in enumerate(cast("list[object]", items)):
                if index not in self._items and isinstance(item, BaseModel):
                    self._items[index] = _fields(item)

    def buffer(self, event: object, place: Place) -> TextBuffer | None:
        """The text to which an event adds; None if it is final, or none that can grow."""
        found = self._text_owner(event, place)
        if found is None:
            return None
        owner, name = found
        text = owner[name] = _growing(
            owner.get(name), AudioBuffer if name == "audio" else TextBuffer
        )
        return text

    def finish_text(self, event: object, place: Place) -> None:
        """Take the whole of a text, which nothing changes any more."""
        whole = getattr(event, place.field, None)
        if isinstance(whole, str) and (found := self._text_owner(event, place)):
            owner, name = found
            owner[name] = whole
            self._done.add((*self._path(event, place), name))

    def log_probabilities(self, event: object, place: Place) -> None:
        """Add those that come with a piece of text."""
        more: object = getattr(event, "logprobs", None)
        part = self._part(event, place)
        if part is not None and isinstance(more, list):
            known = _entries(part, "logprobs")
            for each in cast("list[object]", more):
                known.set(None, each)

    def begin_item(self, event: object) -> None:
        """Take an item as it is announced; what is known of it already, stays."""
        item = getattr(event, "item", None)
        if isinstance(item, BaseModel) and (index := self._index(event, item),) not in self._done:
            known = {
                key: value
                for key, value in self._items.get(index, {}).items()
                if value and key != "type"  # which was only guessed
            }
            self._items[index] = _over(_fields(item), known)

    def finish_item(self, event: object) -> None:
        """Take an item as it ended, which nothing changes any more."""
        item = getattr(event, "item", None)
        if isinstance(item, BaseModel) and (index := self._index(event, item),) not in self._done:
            known = self._items.get(index, {})
            for name in _WHILE_MAKING:
                known.pop(name, None)
            self._items[index] = _over(known, _fields(item))
            self._done.add((index,))

    def begin_part(self, event: object) -> None:
        """Take a part as it is announced; what is known of it already, stays."""
        self._take_part(event, _CONTENT, final=False)

    def finish_part(self, event: object) -> None:
        """Take a part as it ended, which nothing changes any more."""
        self._take_part(event, _CONTENT, final=True)

    def begin_summary(self, event: object) -> None:
        """Do as `begin_part`, with a part of the summary of some reasoning."""
        self._take_part(event, _SUMMARY, final=False)

    def finish_summary(self, event: object) -> None:
        """Do as `finish_part`, with a part of the summary of some reasoning."""
        self._take_part(event, _SUMMARY, final=True)

    def annotate(self, event: object) -> None:
        """Add an annotation to a part."""
        part = self._part(event, _TEXT)
        annotation = getattr(event, "annotation", None)
        if part is not None and annotation is not None:
            index = _number(event, "annotation_index")
            _entries(part, "annotations").set(index, annotation)

    def take_image(self, event: object) -> None:
        """Keep the latest state of an image, beside its result, which it is not."""
        item = self._item(event, "image_generation_call")
        image = getattr(event, "partial_image_b64", None)
        if item is not None and isinstance(image, str):
            item["partial_image_b64"] = image
            item["partial_image_index"] = getattr(event, "partial_image_index", None)

    def take_command(self, event: object) -> None:
        """Take a command of a shell call as it begins or as it ended, or a piece of one."""
        item = self._item(event, _COMMAND.item)
        if item is None:
            return
        action = item.get("action")
        if not isinstance(action, dict):
            action = item["action"] = Fields()
        commands = _entries(cast("Fields", action), _COMMAND.parts)
        index = _number(event, _COMMAND.index_field) or 0
        command, piece = getattr(event, "command", None), getattr(event, "delta", None)
        if isinstance(command, str):
            commands.set(index, command)
        elif isinstance(piece, str):
            text = _growing(commands.get(index))
            text.append(piece)
            commands.set(index, text)

    def take_printed(self, event: object) -> None:
        """Take what a command of a shell printed, or a piece of it."""
        item = self._item(event, _PRINTED.item)
        if item is None:
            return
        outputs, index = _entries(item, _PRINTED.parts), _number(event, _PRINTED.index_field) or 0
        whole: object = getattr(event, "output", None)
        if isinstance(whole, list) and whole:
            for offset, each in enumerate(cast("list[object]", whole)):
                outputs.set(index + offset, each)
            return
        entry = outputs.get(index)
        if not isinstance(entry, dict):
            entry = Fields()
            outputs.set(index, entry)
        delta, printed = getattr(event, "delta", None), cast("Fields", entry)
        for name in ("stdout", "stderr"):
            piece = getattr(delta, name, None)
            if isinstance(piece, str):
                text = printed[name] = _growing(printed.get(name))
                text.append(piece)

    def take_step(self, event: object, kind: str) -> None:
        """Note how far an item has come: `response.web_search_call.searching`."""
        origin, _, rest = kind.partition(".")
        family, _, step = rest.partition(".")
        if origin == "response" and step in _STEPS:
            item = self._item(event, family)
            if item is not None and ("status" in item or len(item) <= len(("id", "type"))):
                item["status"] = step

    def _take_part(self, event: object, place: Place, *, final: bool) -> None:
        part = getattr(event, "part", None)
        known = self._part(event, place)
        if known is None or not isinstance(part, BaseModel):
            return
        fresh = _fields(part)
        told = {key: value for key, value in known.items() if value and key != "type"}
        merged = _over(known, fresh) if final else _over(fresh, told)
        known.clear()
        known.update(merged)
        if final:
            self._done.add(self._path(event, place))

    def _text_owner(self, event: object, place: Place) -> tuple[Fields, str] | None:
        """The object that has a text, and the name of it there; None if it is final."""
        owner = self._part(event, place) if place.parts else self._item(event, place.item)
        if owner is None or (*self._path(event, place), place.field) in self._done:
            return None
        return owner, place.field

    def _path(self, event: object, place: Place) -> tuple[object, ...]:
        """What names a part, or an item where the text has no part."""
        index = self._index(event)
        if not place.parts:
            return (index,)
        return index, place.parts, _number(event, place.index_field) or 0

    def _part(self, event: object, place: Place) -> Fields | None:
        """The part that an event is about, made if there is none; None if it is final."""
        item = self._item(event, place.item)
        if item is None or self._path(event, place) in self._done:
            return None
        parts, index = _entries(item, place.parts), _number(event, place.index_field) or 0
        part = parts.get(index)
        if not isinstance(part, dict):
            part = Fields(type=place.part)
            parts.set(index, part)
        return cast("Fields", part)

    def _item(self, event: object, kind: str) -> Fields | None:
        """The item that an event is about, made if there is none; None if it is final."""
        index = self._index(event)
        if (index,) in self._done:
            return None
        item = self._items.get(index)
        if item is None:
            item = self._items[index] = Fields(type=kind)
            name = getattr(event, "item_id", None)
            if isinstance(name, str):
                item["id"] = name
        return item

    def _index(self, event: object, item: object = None) -> int:
        """Where an item is: by its index, else by its id, else the latest, or a new one.

        Some servers give an item another id in each event: so the index counts more.
        """
        index = _number(event, "output_index")
        name = getattr(event, "item_id", None) if item is None else getattr(item, "id", None)
        if isinstance(name, str):
            if index is None:
                index = self._indexes.get(name)
            if index is None:
                index = max(self._items, default=-1) + 1
            self._indexes.setdefault(name, index)
        if index is not None:
            self._latest = index
        return self._latest


def plain(value: object) -> object:
    """What JSON writes for what is no JSON itself."""
    if isinstance(value, TextBuffer):
        return value.text()
    if isinstance(value, Entries):
        return value.listed()
    return _fields(value) if isinstance(value, BaseModel) else None


def _fields(model: BaseModel) -> Fields:
    return model.model_dump(mode="json", warnings=False)


def _over(base: Fields, more: Fields) -> Fields:
    """Fields with others above them, of which nulls take nothing away."""
    merged = {**base, **more}
    for name, value in base.items():
        if merged[name] is None:
            merged[name] = value
    return merged


def _growing(text: object, kind: type[TextBuffer] = TextBuffer) -> TextBuffer:
    """A text as one that grows, and empty where there is none."""
    if isinstance(text, TextBuffer):
        return text
    return kind(text if isinstance(text, str) else "")


def _entries(owner: Fields, name: str) -> Entries:
    """A list of an object as one that is filled in any order."""
    known = owner.get(name)
    if isinstance(known, Entries):
        return known
    made = Entries(cast("list[object]", known) if isinstance(known, list) else ())
    owner[name] = made
    return made


def _number(event: object, name: str) -> int | None:
    number = getattr(event, name, None)
    return number if type(number) is int and number >= 0 else None
