r"""Texts that match a regular expression.

Decides which texts stand for an expression: as short as the lengths allow, of plain characters,
each proven by matching it. Knows no schemas.

Schemas have the expressions of ECMAScript. They are read by Python's own parser, after what is
written otherwise there has been rewritten. Understood are literals, classes, categories, groups and
references to them, repeats, alternatives and anchors, and of `\p{...}` letters, digits and
punctuation (ASCII only). Assertions about what comes before or after are not reasoned about: texts
with and without what they ask for are tried. So an expression that needs more thought than trying
ends in an error, never in a text that does not match.
"""

from __future__ import annotations

import re
import string
import sys
from bisect import bisect_left
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from openai_mock.content.errors import PatternError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Any: the nodes of Python's parser, which has no public name; each is an operator and its operands.
Nodes: TypeAlias = Any

LONGEST = 10_000  # characters of a text; an expression that asks for more is given up
VARIANTS = 16  # choices of characters and alternatives that are tried
LONGER_BY = (0, 1, 2, 3, 5, 8)  # repeats beyond those that the length needs, that are tried

_PREFERRED = string.ascii_letters + "1234567890" + "_-. " + string.punctuation + "\t\n"
_CATEGORIES = {
    "DIGIT": frozenset(string.digits),
    "SPACE": frozenset(string.whitespace),
    "WORD": frozenset(string.ascii_letters + string.digits + "_"),
}
_PROPERTIES = {
    **dict.fromkeys(("L", "Letter", "Alphabetic"), "a-zA-Z"),
    **dict.fromkeys(("Lu", "Uppercase_Letter", "Uppercase"), "A-Z"),
    **dict.fromkeys(("Ll", "Lowercase_Letter", "Lowercase"), "a-z"),
    **dict.fromkeys(("N", "Number", "Nd", "Decimal_Number"), "0-9"),
    **dict.fromkeys(("P", "Punctuation"), r"!-#%-*,-/:;?@\[-\]_{}"),
}
_PROPERTY = r"\\p\{(?P<property>[^}]*)\}"
_POINT = r"\\u\{(?P<point>[0-9A-Fa-f]{1,6})\}"
_DIFFERS = re.compile(
    rf"{_PROPERTY}|{_POINT}|\\k<(?P<reference>\w+)>|\\."
    r"|\[(?P<set>\^?(?:\\.|[^\]\\])*)\]|(?P<named>\(\?<(?=[A-Za-z_]))|(?P<end>\$)",
    re.DOTALL,
)
# In sets Python warns of characters that may get a meaning there one day.
_DIFFERS_IN_SETS = re.compile(rf"{_PROPERTY}|{_POINT}|\\.|(?P<warned_of>[\[&|~])", re.DOTALL)


class Pattern:
    """A regular expression as JSON Schema means it: it may match anywhere in a text.

    Args:
        source: The expression.

    Raises:
        PatternError: It cannot be read.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        python = _in_python(source)
        try:
            # What both match is matched in every dialect, whatever its digits and letters are.
            self._dialects = (re.compile(python), re.compile(python, re.ASCII))
        except (re.error, OverflowError, RecursionError) as error:
            raise PatternError(
                f"The pattern {source!r} cannot be read: {error}. Use an expression that Python "
                "and ECMAScript both have."
            ) from error
        self._nodes: Nodes = import_module("re._parser").parse(python)
        self._sets: dict[int, list[str]] = {}

    def matches(self, text: str) -> bool:
        """Whether it matches somewhere in a text."""
        return all(dialect.search(text) for dialect in self._dialects)

    def texts(self, least: int = 0, most: int | None = None) -> Iterator[str]:
        """Different texts that it matches, of `least` to `most` characters; maybe none."""
        longest = LONGEST if most is None else min(most, LONGEST)
        if max(least, self._nodes.getwidth()[0]) > longest:
            return
        seen: set[str] = set()
        for text in self._candidates(least):
            fits = least <= len(text) and (most is None or len(text) <= most)
            if fits and text not in seen and self.matches(text):
                seen.add(text)
                yield text

    def _candidates(self, least: int) -> Iterator[str]:
        for longer_by in LONGER_BY:
            for variant in range(VARIANTS):
                for asserted in (True, False):
                    text = self._sized(least, longer_by, variant, asserted=asserted)
                    if text is not None:
                        yield text
                        yield text + "x" * (least - len(text))
                        yield "x" * (least - len(text)) + text

    def _sized(self, least: int, longer_by: int, variant: int, *, asserted: bool) -> str | None:
        """The text with just enough repeats for the length; None if there is no such text."""

        def written(repeats: int) -> str:
            writer = _Writer(repeats, variant, self._sets, asserted=asserted)
            writer.write(self._nodes)
            return "".join(writer.characters)

        try:
            enough = bisect_left(range(least), least, key=lambda repeats: len(written(repeats)))
            return written(enough + longer_by)
        except _DeadEndError:
            return None


@lru_cache(maxsize=256)
def compiled(source: str) -> Pattern:
    """The pattern of an expression, read once.

    Raises:
        PatternError: It cannot be read.
    """
    return Pattern(source)


class _DeadEndError(Exception):
    """No text comes out of an expression this way."""


class _Writer:
    """Writes one text for an expression.

    Args:
        repeats: How many more times than the least things may be repeated, taken together.
        variant: Which characters and alternatives are chosen.
        sets: The characters that were found to be in sets, by the ids of their nodes.
        asserted: Whether what an assertion looks for is written.
    """

    def __init__(
        self, repeats: int, variant: int, sets: dict[int, list[str]], *, asserted: bool
    ) -> None:
        self.characters: list[str] = []
        self._repeats = repeats
        self._variant = variant
        self._sets = sets
        self._asserted = asserted
        self._groups: dict[int, list[str]] = {}

    def write(self, nodes: Nodes) -> None:
        """Append the text of these nodes."""
        for operator, operands in nodes:
            self._write(str(operator), operands)
            if len(self.characters) > LONGEST:
                raise _DeadEndError

    def _write(self, operator: str, operands: Nodes) -> None:
        match operator:
            case "LITERAL":
                self.characters.append(chr(operands))
            case "NOT_LITERAL" | "ANY" | "IN":
                self._write_one_of(operator, operands)
            case "BRANCH":
                self.write(operands[1][self._variant % len(operands[1])])
            case "SUBPATTERN":
                begin = len(self.characters)
                self.write(operands[-1])
                self._groups[operands[0]] = self.characters[begin:]
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                self._write_repeated(*operands)
            case "ATOMIC_GROUP":
                self.write(operands)
            case "GROUPREF":
                self.characters += self._groups.get(operands, [])
            case "ASSERT" if self._asserted:
                self.write(operands[1])
            case _:  # anchors and the other assertions write nothing
                pass

    def _write_repeated(self, least: int, most: int, nodes: Nodes) -> None:
        more = min(most - least, self._repeats)
        self._repeats -= more
        for _ in range(least + more):
            before = len(self.characters)
            self.write(nodes)
            if len(self.characters) == before:
                break  # repeating nothing gives nothing

    def _write_one_of(self, operator: str, operands: Nodes) -> None:
        choices = self._sets.get(id(operands))
        if choices is None:
            choices = self._sets[id(operands)] = _characters(operator, operands)
        if not choices:
            raise _DeadEndError
        self.characters.append(choices[(self._variant + len(self.characters)) % len(choices)])


def _characters(operator: str, operands: Nodes) -> list[str]:
    """Characters that may stand for a node, the plainest first."""
    if operator == "IN":
        negated = str(operands[0][0]) == "NEGATE"
        members: Nodes = operands[1:] if negated else operands
    else:
        negated = True
        members = [("LITERAL", ord("\n") if operands is None else operands)]
    named = [character for kind, given in members for character in _named(str(kind), given)]
    return [
        character
        for character in dict.fromkeys((*_PREFERRED, *named))
        if negated != any(_has(str(kind), given, character) for kind, given in members)
        and not "\ud800" <= character <= "\udfff"  # half a character, of which no JSON can be made
    ]


def _named(kind: str, given: Nodes) -> list[str]:
    """The characters that a member of a set names; of a range, the first ones."""
    if kind == "LITERAL":
        return [chr(given)]
    if kind == "RANGE":
        return [chr(point) for point in range(given[0], min(given[1] + 1, given[0] + VARIANTS))]
    return []


def _has(kind: str, given: Nodes, character: str) -> bool:
    if kind == "LITERAL":
        return ord(character) == given
    if kind == "RANGE":
        return given[0] <= ord(character) <= given[1]
    name = str(given).removeprefix("CATEGORY_")
    return (character in _CATEGORIES[name.removeprefix("NOT_")]) != name.startswith("NOT_")


def _in_python(source: str) -> str:
    """The expression as Python writes it."""

    def rewritten(found: re.Match[str]) -> str:
        if found["property"] is not None:
            return f"[{_members(found['property'], source)}]"
        if found["point"]:
            return _character(found["point"])
        if found["reference"]:
            return f"(?P={found['reference']})"
        if found["set"]:
            return f"[{_DIFFERS_IN_SETS.sub(rewritten_in_set, found['set'])}]"
        if found["named"]:
            return "(?P<"
        return r"\Z" if found["end"] else found[0]

    def rewritten_in_set(found: re.Match[str]) -> str:
        if found["property"] is not None:
            return _members(found["property"], source)
        if found["point"]:
            return _character(found["point"])
        return "\\" + found[0] if found["warned_of"] else found[0]

    return _DIFFERS.sub(rewritten, source)


def _character(point: str) -> str:
    return re.escape(chr(min(int(point, 16), sys.maxunicode)))


def _members(property_: str, source: str) -> str:
    found = _PROPERTIES.get(property_.rpartition("=")[2])
    if found is None:
        raise PatternError(
            f"The pattern {source!r} has the property {property_!r}, which the mock does not know. "
            f"Use one of {', '.join(_PROPERTIES)}, or a set of characters."
        )
    return found
