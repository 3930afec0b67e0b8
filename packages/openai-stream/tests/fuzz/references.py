"""Slow decoders, written straight from what defines the formats, to compare the fast ones with."""

import json
import re
from typing import cast

from openai_stream import ServerSentEvent


def by_the_standard(stream: bytes) -> list[ServerSentEvent]:
    """HTML standard, 9.2.6, in its order: decode, split into lines, interpret."""
    text = stream.decode(errors="replace").removeprefix("\ufeff")
    lines = re.split("\r\n|\n|\r", text)[:-1]  # what no line end completes is discarded
    events: list[ServerSentEvent] = []
    data = kind = ""
    last_id: str | None = None
    retry: int | None = None
    for line in lines:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if line == "":
            if data:
                raw = data.removesuffix("\n").encode()
                events.append(ServerSentEvent(kind or None, raw, last_id, retry))
            data = kind = ""
        elif name == "event":
            kind = value
        elif name == "data":
            data += value + "\n"
        elif name == "id" and "\0" not in value:
            last_id = value
        elif name == "retry" and re.fullmatch("[0-9]{1,18}", value):  # more is no time to wait
            retry = int(value)
    return events


def by_lines(stream: bytes) -> list[bytes]:
    """The lines of newline-delimited JSON, also one that no line feed completes."""
    lines = stream.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    stripped = [line.strip(b" \t\r") for line in lines if line.strip(b" \t\r")]
    return [b"[DONE]" if line == b'"[DONE]"' else line for line in stripped]


Compared = list[tuple[str | None, str, str | None, int | None]]


def utf8(events: list[ServerSentEvent]) -> Compared:
    """Events for comparison, their data as text: what is not UTF-8 is replaced in both."""
    return [(event.event, event.data, event.id, event.retry) for event in events]


def by_the_standard_parser(text: str, *, deepest: int) -> tuple[bool, str | None]:
    """Whether the standard library can tell, and the `repr` of what it reads; None if no JSON.

    It cannot where it has limits of its own, and where the document has more levels than `deepest`.
    """
    try:
        value: object = json.loads(text, parse_constant=_no_number)
    except RecursionError:
        return False, None
    except ValueError as error:
        return "digits" not in str(error), None  # an integer that Python does not convert
    whole = _with_whole_characters(value)
    return _depth(value) <= deepest, repr(whole)


def _no_number(name: str) -> None:
    raise ValueError(name)


def _with_whole_characters(value: object) -> object:
    """The value, with U+FFFD for each half of a surrogate pair, which no text can have."""
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, list):
        return [_with_whole_characters(each) for each in cast("list[object]", value)]
    if isinstance(value, dict):
        pairs = cast("dict[str, object]", value).items()
        return {_with_whole_characters(key): _with_whole_characters(each) for key, each in pairs}
    return value


def _depth(value: object) -> int:
    if isinstance(value, dict):
        value = list(cast("dict[str, object]", value).values())
    if isinstance(value, list):
        return 1 + max(map(_depth, cast("list[object]", value)), default=0)
    return 0
