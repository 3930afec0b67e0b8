"""JSON that is still arriving: its value so far, and each part of it as soon as it is whole.

Decides what of a text that was cut anywhere is known, and that every character is read once. Types
are no business of this module, nor is where the text comes from.

pydantic-core reads cut JSON, too, but each time from the start; and it takes a number at the cut
for a whole one and NaN for a number, and nothing that has half a surrogate pair. So it is not used.
"""

from __future__ import annotations

import codecs
import re
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple, TypeAlias, get_args

from openai_types.errors import DecodeError, InvalidArgumentError

if TYPE_CHECKING:
    from pydantic import JsonValue

PartialMode: TypeAlias = Literal["on", "trailing-strings", "all"]
MODES = get_args(PartialMode)
Path: TypeAlias = tuple[str | int, ...]

BOM = "\ufeff"
REPLACEMENT = "\ufffd"
MAX_DEPTH = 200  # of containers in one another: what pydantic-core reads without complaint, too
SHOWN = 20  # characters of the text that an error shows
KEYWORDS: dict[str, tuple[str, bool | None]] = {
    "t": ("true", True),
    "f": ("false", False),
    "n": ("null", None),
}
ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "/": "/"}
HIGH_SURROGATES = range(0xD800, 0xDC00)
LOW_SURROGATES = range(0xDC00, 0xE000)

SPACE = " \t\n\r"
_SPACE = re.compile(rf"[{SPACE}]*")
_NUMBER_FORM = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_NUMBER_CHARACTERS = re.compile(r"[-+.0-9eE]*")
_PLAIN = re.compile(r'[^"\\\x00-\x1f\ud800-\udfff]*')
_PLAIN_STRING = re.compile(rf'"({_PLAIN.pattern})"')
# A key with its colon, and a number with what ends it: most come whole, and so take one step.
_PLAIN_KEY = re.compile(rf'"({_PLAIN.pattern})"{_SPACE.pattern}:')
_WHOLE_NUMBER = re.compile(rf"({_NUMBER_FORM.pattern})(?=[{SPACE},\]}}])")
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_HALF_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?")


class Completed(NamedTuple):
    """A value inside a document, of which nothing is missing.

    Attributes:
        path: the keys and indexes that lead to it; empty for the document itself.
        value: what it is. It is a part of later values, too: do not change it.
    """

    path: Path
    value: JsonValue


def parse_partial(
    text: str | bytes, mode: PartialMode = "trailing-strings", *, default: JsonValue = None
) -> JsonValue:
    """Parse JSON that was cut anywhere, also inside a character.

    Without `mode="all"` whatever is given is certain: of a number or a keyword at the cut there may
    be more to come, so it is left out, as are a key without its value, half an escape and half a
    surrogate pair.

    Args:
        text: the beginning of a JSON document, or all of it.
        mode: what to do with a value that is cut: "on" leaves it out, "trailing-strings" takes a
            string as far as it came, "all" takes numbers (`12.` as 12) and keywords (`tr` as True)
            so, too.
        default: what to give if the text has no value yet.

    Raises:
        DecodeError: it is not the beginning of a JSON document.
        InvalidArgumentError: there is no such mode.
    """
    parser = PartialJSON()
    parser.feed(text if isinstance(text, str) else codecs.utf_8_decode(text, "replace")[0])
    if parser.error is not None:
        data = text.encode(errors="surrogatepass") if isinstance(text, str) else bytes(text)
        raise DecodeError(f"This is not the beginning of JSON: {parser.error}", data=data)
    return parser.value(mode, default=default)


# What the next character belongs to. Texts, because comparing members of enums takes longer, and
# this is done for every token.
_STRUCTURE = "structure"
_STRING = "string"
_NUMBER = "number"
_KEYWORD = "keyword"

# What the grammar wants between two tokens, in the words of messages.
_VALUE = "a value"
_FIRST_ELEMENT = "a value or ]"
_FIRST_KEY = "a key or }"
_KEY = "a key"
_COLON = "a colon"
_COMMA_IN_ARRAY = "a comma or ]"
_COMMA_IN_OBJECT = "a comma or }"
_NOTHING = "nothing more"

_VALUES = (_VALUE, _FIRST_ELEMENT)
_KEYS = (_KEY, _FIRST_KEY)
_ENDS = {"]": (_FIRST_ELEMENT, _COMMA_IN_ARRAY), "}": (_FIRST_KEY, _COMMA_IN_OBJECT)}


class _Missing(Enum):
    MISSING = auto()


MISSING = _Missing.MISSING


class _MalformedError(Exception):
    """The text cannot be JSON, whatever comes."""


class PartialJSON:
    """Reads a JSON document piece by piece; each character is looked at once.

    Nothing here raises for what is in the text. Once it cannot be JSON any more, `error` says why,
    the value stays what it was, and further text is ignored. NaN and Infinity are no JSON. Half a
    surrogate pair becomes U+FFFD.

    Attributes:
        error: why the text is not JSON, or None.
    """

    __slots__ = (
        "_completed",
        "_half_escape",
        "_high",
        "_length",
        "_next",
        "_open",
        "_path",
        "_reading",
        "_root",
        "_token",
        "error",
    )

    error: str | None

    def __init__(self) -> None:
        self.error = None
        self._reading = _STRUCTURE
        self._next = _VALUE
        self._root: JsonValue | _Missing = MISSING
        # The containers that are open, and for each the key or index of what is read inside it.
        # A container becomes a part of the one around it when it closes.
        self._open: list[dict[str, JsonValue] | list[JsonValue]] = []
        self._path: list[str | int] = []
        self._completed: list[Completed] = []
        # The token that is open: of a string what it means, of others how they are written.
        self._token: list[str] = []
        self._high = 0  # the first half of a surrogate pair, whose second half has not come
        self._half_escape = ""
        self._length = 0

    @property
    def complete(self) -> bool:
        """Whether the document is whole; a number at the top is only after `finish`."""
        return self._root is not MISSING and self.error is None

    def feed(self, text: str) -> list[Completed]:
        """Take the next piece; gives the values that it completes, inner ones first."""
        if self.error is not None:
            return []
        self._length += len(text)
        if self._half_escape:
            text, self._half_escape = self._half_escape + text, ""
        position, end = (text.startswith(BOM) and self._length == len(text)), len(text)
        try:
            while position < end:
                position = self._readers[self._reading](self, text, position)
        except _MalformedError as malformed:
            self.error = str(malformed)
        completed, self._completed = self._completed, []
        return completed

    def finish(self) -> list[Completed]:
        """Take the end of the text: `error` says if the document is not whole."""
        completed: list[Completed] = []
        if self._reading == _NUMBER:
            completed = self.feed(" ")  # which ends it
            self._length -= 1
        if self._root is MISSING and self.error is None:
            self.error = f"it ends after {self._length} characters, before its value does"
        return completed

    def value(
        self, mode: PartialMode = "trailing-strings", *, default: JsonValue = None
    ) -> JsonValue:
        """What is known of the document; takes time with the size of the containers still open.

        Args:
            mode: as in `parse_partial`.
            default: what to give if nothing is known yet.

        Raises:
            InvalidArgumentError: there is no such mode.
        """
        if mode not in MODES:
            raise InvalidArgumentError(f"mode is {mode!r}. Pass one of {', '.join(MODES)}.")
        inner = self._open_value(mode) if self._root is MISSING else self._root
        for container, step in zip(reversed(self._open), reversed(self._path), strict=True):
            outer = container.copy()
            if inner is not MISSING:
                _put(outer, step, inner)
            inner = outer
        return default if inner is MISSING else inner

    def _open_value(self, mode: PartialMode) -> JsonValue | _Missing:
        """The value of the token that is open, if it counts."""
        if mode == "on" or self._reading == _STRUCTURE or self._next in _KEYS:
            return MISSING
        if self._reading == _STRING:
            return "".join(self._token)
        if mode == "trailing-strings":
            return MISSING
        token = "".join(self._token)
        if self._reading == _KEYWORD:
            return KEYWORDS[token[0]][1]
        number = _NUMBER_FORM.match(token)
        return _number(number[0]) if number else MISSING

    def _read_structure(self, text: str, position: int) -> int:
        """What is between tokens, and the first character of the next one."""
        char = text[position]
        if char in SPACE:
            return _end(_SPACE, text, position)
        if char == '"' and (self._next in _VALUES or self._next in _KEYS):
            return self._begin_string(text, position)
        if self._next in _ENDS.get(char, ()):
            self._path.pop()
            self._complete(self._open.pop())
        elif self._next in _VALUES:
            return self._begin_value(text, position)
        elif char == "," and self._next == _COMMA_IN_OBJECT:
            self._next = _KEY
        elif char == "," and self._next == _COMMA_IN_ARRAY:
            self._path[-1] = len(self._open[-1])
            self._next = _VALUE
        elif char == ":" and self._next == _COLON:
            self._next = _VALUE
        else:
            raise self._malformed(f"expected {self._next}", text, position)
        return position + 1

    def _begin_value(self, text: str, position: int) -> int:
        char = text[position]
        if len(self._open) == MAX_DEPTH and char in "[{":
            raise self._malformed(f"nested deeper than {MAX_DEPTH}", text, position)
        if char == "{":
            self._begin_container({}, "", _FIRST_KEY)
        elif char == "[":
            self._begin_container([], 0, _FIRST_ELEMENT)
        elif char in KEYWORDS:
            self._begin_token(_KEYWORD, char)
        elif char == "-" or char in "0123456789":
            return self._begin_number(text, position)
        else:
            raise self._malformed(f"expected {self._next}", text, position)
        return position + 1

    def _begin_container(
        self, container: dict[str, JsonValue] | list[JsonValue], step: str | int, then: str
    ) -> None:
        self._open.append(container)
        self._path.append(step)
        self._next = then

    def _begin_token(self, reading: str, *text: str) -> None:
        self._reading = reading
        self._token = [*text]

    def _begin_number(self, text: str, position: int) -> int:
        whole = _WHOLE_NUMBER.match(text, position)
        value = _number(whole[1]) if whole else MISSING
        if whole is None or value is MISSING:
            self._begin_token(_NUMBER, text[position])
            return position + 1
        self._complete(value)
        return whole.end()

    def _begin_string(self, text: str, position: int) -> int:
        if self._next in _KEYS and (key := _PLAIN_KEY.match(text, position)):
            self._path[-1] = key[1]
            self._next = _VALUE
            return key.end()
        if whole := _PLAIN_STRING.match(text, position):  # most are, and this is the shortest way
            self._end_string(whole[1])
            return whole.end()
        self._begin_token(_STRING)
        return position + 1

    def _read_string(self, text: str, position: int) -> int:
        start, position = position, _end(_PLAIN, text, position)
        if position > start:
            self._end_surrogate()
            self._token.append(text[start:position])
        if position == len(text):
            return position
        char = text[position]
        if char == "\\":
            return self._read_escape(text, position)
        if char < " ":
            raise self._malformed("control characters in strings are escaped", text, position)
        if char == '"':
            self._end_surrogate()
            self._end_string("".join(self._token))
        else:
            self._take_surrogate(ord(char))
        return position + 1

    def _read_escape(self, text: str, position: int) -> int:
        escape = _ESCAPE.match(text, position)
        if escape is None:
            if not _HALF_ESCAPE.fullmatch(text, position):
                raise self._malformed("no such escape", text, position)
            self._half_escape = text[position:]
            return len(text)
        code = int(escape[1], 16) if escape[1] else ord(ESCAPED[escape[2]])
        if code in HIGH_SURROGATES or code in LOW_SURROGATES:
            self._take_surrogate(code)
        else:
            self._end_surrogate()
            self._token.append(chr(code))
        return escape.end()

    def _take_surrogate(self, code: int) -> None:
        """Join two halves that follow each other; replace those that are alone."""
        if code in HIGH_SURROGATES:
            self._end_surrogate()
            self._high = code
        elif self._high:
            pair = 0x10000 + (self._high - 0xD800) * 0x400 + (code - 0xDC00)
            self._token.append(chr(pair))
            self._high = 0
        else:
            self._token.append(REPLACEMENT)

    def _end_surrogate(self) -> None:
        if self._high:
            self._token.append(REPLACEMENT)
            self._high = 0

    def _end_string(self, value: str) -> None:
        if self._next in _KEYS:
            self._reading = _STRUCTURE
            self._path[-1] = value
            self._next = _COLON
        else:
            self._complete(value)

    def _read_number(self, text: str, position: int) -> int:
        start, position = position, _end(_NUMBER_CHARACTERS, text, position)
        self._token.append(text[start:position])
        if position < len(text):
            token = "".join(self._token)
            if not _NUMBER_FORM.fullmatch(token):
                raise self._malformed(f"{token[:SHOWN]} is no number", text, position)
            value = _number(token)
            if value is MISSING:
                raise self._malformed(f"a number of {len(token)} digits", text, position)
            self._complete(value)
        return position

    def _read_keyword(self, text: str, position: int) -> int:
        token = "".join(self._token)
        keyword, value = KEYWORDS[token[0]]
        rest = keyword[len(token) :]
        came = text[position : position + len(rest)]
        if not rest.startswith(came):
            raise self._malformed(f"expected {keyword}", text, position)
        self._token.append(came)
        if came == rest:
            self._complete(value)
        return position + len(came)

    def _complete(self, value: JsonValue) -> None:
        """Put a whole value where it belongs."""
        self._reading = _STRUCTURE
        self._completed.append(Completed(tuple(self._path), value))
        if not self._open:
            self._root, self._next = value, _NOTHING
            return
        container = self._open[-1]
        _put(container, self._path[-1], value)
        in_object = isinstance(container, dict)
        self._next = _COMMA_IN_OBJECT if in_object else _COMMA_IN_ARRAY

    def _malformed(self, reason: str, text: str, position: int) -> _MalformedError:
        number = self._length - len(text) + position + 1
        shown = text[position : position + SHOWN]
        return _MalformedError(f"{reason}, at character {number}: {shown!r}")

    _readers: ClassVar = {
        _STRUCTURE: _read_structure,
        _STRING: _read_string,
        _NUMBER: _read_number,
        _KEYWORD: _read_keyword,
    }


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    """Where a pattern that matches everywhere, maybe nothing, ends."""
    match = pattern.match(text, position)
    return match.end() if match else position


def _put(
    container: dict[str, JsonValue] | list[JsonValue], step: str | int, value: JsonValue
) -> None:
    if isinstance(container, dict):
        container[str(step)] = value
    else:
        container.append(value)


def _number(token: str) -> int | float | _Missing:
    """What Python's own parser makes of it; missing if Python has too many digits of it to read."""
    try:
        return int(token) if token.lstrip("-").isdigit() else float(token)
    except ValueError:
        return MISSING
