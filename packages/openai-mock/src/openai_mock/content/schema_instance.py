"""A value that a JSON Schema allows.

Decides what the mock's model says where it must keep to a schema: its answer with structured
outputs, and the arguments of a tool. The value is the same for the same schema and text, and is
checked against the schema before it is given.

- Strings say the text, or a word of it, where the keywords let them; numbers are those of the text,
  each used once; of an enum comes the member that the text names, or the first.
- Properties that may be missing are there; lists that may be empty have an item. Of a union comes
  the first member that can be met, and null only if nothing else can.
- Where a schema comes again inside of itself, only what is needed is made, and of unions the
  shallowest member, so recursion ends.
- What the keywords do not say is not reasoned about but tried: `not`, `contains` and the exclusion
  in `oneOf`. `unevaluatedProperties`, `unevaluatedItems` and dynamic references are not read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, cast

from openai_mock.content import schema_numbers, schema_strings
from openai_mock.content.errors import ContentError, SchemaError
from openai_mock.content.json_values import identity
from openai_mock.content.schema_alternatives import alternatives
from openai_mock.content.schema_check import is_valid
from openai_mock.content.schema_form import check_form
from openai_mock.content.schema_keywords import (
    item_schema,
    items_schemas,
    kinds_of,
    property_schema,
)
from openai_mock.content.schema_references import ENDLESS, References

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from openai_mock.content.json_values import Json, Keywords, Schema
    from openai_mock.content.schema_alternatives import Alternative

MOST_VALUES = 20_000  # that are made for one schema, tries included
MOST_PARTS = 1000  # that one array or object may have to have
MOST_ALTERNATIVES = 64  # that are looked at in one place
MOST_TRIES = 40  # values of one kind that are held against the checks in one place
ENOUGH_VALUES = 500  # after so many, only what is needed is made
DEEPEST = 10  # objects and arrays inside each other that are made without need
VARIANTS = 4  # of an object or an array, for checks that the first one fails


def instance(schema: object, *, text: str = "", name: str = "the schema") -> Json:
    """Make a value that a JSON Schema allows.

    Args:
        schema: The schema: an object or a boolean, in the vocabulary of the draft 2020-12.
        text: What the strings say where they may say anything, and where numbers are from.
        name: What an error calls the schema.

    Returns:
        The value, as JSON.

    Raises:
        SchemaError: The schema is not written as it must be, or no value meets it, or none is
            found; the message names the place.
    """
    try:
        checked = check_form(schema)
        references = References(checked)
        made = _Maker(references, text).make(checked, _Spot())
        if is_valid(made, checked, references):
            return made
        raise SchemaError("The mock finds no value that meets all of it. Make it simpler.")
    except RecursionError as error:
        raise SchemaError(f"{name} is nested too deeply. Make it simpler.") from error
    except ContentError as error:
        where = f"{name}, at '{error.place}'" if error.place else name
        raise SchemaError(f"No value for {where}: {error}", place=error.place) from error


@dataclass(frozen=True)
class _Spot:
    """A place in the value, and how it is filled.

    Attributes:
        place: Its path, such as `lines[0].price`.
        depth: How many objects and arrays it is inside of.
        entered: The references that led here.
        closing: Whether only what is needed is made.
        variant: Which of the possible values is made, counted from 0.
    """

    place: str = ""
    depth: int = 0
    entered: frozenset[str] = frozenset()
    closing: bool = False
    variant: int = 0

    def inside(self, part: str, variant: int) -> _Spot:
        """The spot of a part of this one."""
        place = (self.place + part).removeprefix(".")
        return replace(self, place=place, depth=self.depth + 1, variant=variant)

    def having_entered(self, references: frozenset[str]) -> _Spot:
        """This spot after it followed references; one that leads here again means to close."""
        closing = self.closing or self.depth >= DEEPEST or bool(self.entered & references)
        return replace(self, entered=self.entered | references, closing=closing)

    def error(self, reason: str) -> SchemaError:
        """That nothing fits here."""
        return SchemaError(reason, place=self.place)


class _Maker:
    """Makes the values of one schema.

    Args:
        references: Those of the schema.
        text: What to say.
    """

    def __init__(self, references: References, text: str) -> None:
        self._references = references
        self._text = text
        self._numbers = schema_numbers.numbers_in(text)
        self._made = 0

    def make(self, schema: Schema, spot: _Spot) -> Json:
        """Make a value of a schema.

        Raises:
            SchemaError: None is found.
        """
        self._made += 1
        if self._made > MOST_VALUES:
            raise spot.error(f"After {MOST_VALUES} tries none was found. Make the schema simpler.")
        if self._made > ENOUGH_VALUES:
            spot = replace(spot, closing=True)
        if self._references.depth(schema) == ENDLESS:
            raise spot.error(
                "It allows no value, or requires itself without end. Let its recursion end with "
                "null, an empty list or a property that is not required."
            )
        failure: ContentError | None = None
        for alternative in self._ordered(schema, spot):
            inside = spot.having_entered(alternative.references)
            try:
                return self._make_alternative(alternative, inside)
            except ContentError as error:
                failure = failure or error
        raise failure or spot.error("Its parts exclude each other. Change one of them.")

    def _ordered(self, schema: Schema, spot: _Spot) -> list[Alternative]:
        """The alternatives in the order in which they are tried."""
        found = list(islice(alternatives(schema, self._references), MOST_ALTERNATIVES))
        found.sort(key=lambda each: kinds_of(each.keywords) == ("null",))
        if any(spot.having_entered(each.references).closing for each in found):
            found.sort(key=lambda each: self._references.depth(each.keywords))
        return found

    def _make_alternative(self, alternative: Alternative, spot: _Spot) -> Json:
        for value in self._values(alternative.keywords, spot):
            if all(is_valid(value, each, self._references) for each in alternative.checks):
                if value in self._numbers and not isinstance(value, bool):
                    self._numbers.remove(cast("float", value))
                return value
        raise spot.error(_reason(alternative.keywords, *alternative.checks))

    def _values(self, keywords: Keywords, spot: _Spot) -> Iterator[Json]:
        """Values that meet the keywords, from the spot's variant on."""
        if "enum" in keywords or "const" in keywords:
            yield from _from(spot.variant, self._named(keywords))
            return
        for kind in kinds_of(keywords):
            yield from islice(self._of_kind(kind, keywords, spot), MOST_TRIES)

    def _of_kind(self, kind: str, keywords: Keywords, spot: _Spot) -> Iterator[Json]:
        match kind:
            case "object":
                for variant in range(spot.variant, spot.variant + VARIANTS):
                    yield self._object(keywords, replace(spot, variant=variant))
            case "array":
                for variant in range(spot.variant, spot.variant + VARIANTS):
                    yield self._array(keywords, replace(spot, variant=variant))
            case "string":
                texts = schema_strings.strings(keywords, text=self._text, seed=self._seed(spot))
                yield from _from(spot.variant, texts)
            case "number" | "integer":
                whole = kind == "integer"
                found = schema_numbers.numbers(keywords, whole=whole, preferred=self._numbers)
                yield from _from(spot.variant, found)
            case "boolean":
                yield from _from(spot.variant, (True, False))
            case _:
                yield None

    def _seed(self, spot: _Spot) -> str:
        return f"{self._text}\0{spot.place}"

    def _named(self, keywords: Keywords) -> list[Json]:
        """The members of an enum that meet the other keywords; first what the text names."""
        named: list[Json] = keywords.get("enum", [keywords.get("const")])
        valid = [value for value in named if is_valid(value, keywords, self._references)]
        said = self._text.casefold()
        return sorted(valid, key=lambda value: not (value and str(value).casefold() in said))

    def _object(self, keywords: Keywords, spot: _Spot) -> Json:
        required = _required(keywords)
        most = keywords.get("maxProperties", len(required) + MOST_VALUES)
        made: dict[str, Json] = {}
        for name in dict.fromkeys((*keywords.get("properties", ()), *required)):
            if name in required:
                made[name] = self._property(keywords, name, spot)
            elif not spot.closing and len(made) + len(required - made.keys()) < most:
                self._add_if_possible(made, keywords, name, spot)
        self._add_others(made, keywords, most, spot)
        if not keywords.get("minProperties", 0) <= len(made) <= most:
            raise spot.error(_reason(keywords))
        return cast("Json", made)

    def _add_others(
        self, made: dict[str, Json], keywords: Keywords, most: int, spot: _Spot
    ) -> None:
        """Add properties that the schema does not name, as far as there have to be more."""
        least = keywords.get("minProperties", 0)
        if least > MOST_PARTS:
            raise spot.error(f"It asks for more than {MOST_PARTS} properties. Ask for fewer.")
        if not made and not spot.closing and isinstance(keywords.get("additionalProperties"), dict):
            least = max(least, min(1, most))
        for name in self._new_names(keywords, spot):
            if len(made) >= least:
                break
            if name not in made:
                self._add_if_possible(made, keywords, name, spot)

    def _property(self, keywords: Keywords, name: str, spot: _Spot) -> Json:
        inside = spot.inside(f".{name}", spot.variant)
        if not is_valid(name, keywords.get("propertyNames", True), self._references):
            raise inside.error("'propertyNames' excludes this name. Change one of them.")
        return self.make(property_schema(keywords, name), inside)

    def _add_if_possible(
        self, made: dict[str, Json], keywords: Keywords, name: str, spot: _Spot
    ) -> None:
        try:
            made[name] = self._property(keywords, name, spot)
        except SchemaError:
            if self._made > MOST_VALUES:
                raise

    def _new_names(self, keywords: Keywords, spot: _Spot) -> Iterator[str]:
        """Names for properties that the schema does not name."""
        rule = keywords.get("propertyNames", True)
        for pattern in keywords.get("patternProperties", ()):
            yield from schema_strings.strings({"pattern": pattern}, text="key", seed=pattern)
        for variant in range(keywords.get("minProperties", 1) + VARIANTS):
            name = f"key{variant + 1}"
            if not is_valid(name, rule, self._references):
                name = self.make({"allOf": [{"type": "string"}, rule]}, spot.inside("", variant))
            yield cast("str", name)

    def _array(self, keywords: Keywords, spot: _Spot) -> Json:
        first, others = items_schemas(keywords)
        least = int(keywords.get("minItems", 0))
        if max(least, keywords.get("minContains", 0)) > MOST_PARTS:
            raise spot.error(f"It asks for more than {MOST_PARTS} items. Ask for fewer.")
        wanted: list[Schema] = [item_schema(keywords, place) for place in range(least)]
        if "contains" in keywords:
            wanted = self._containing(keywords, wanted)
        needed = len(wanted)
        if not spot.closing:
            wanted += [*first[needed:], *([others] if not first and not needed else [])]
        most = int(keywords.get("maxItems", len(wanted)))
        if needed > most:
            raise spot.error(_reason(keywords))
        made: list[Json] = []
        seen: set[Hashable] | None = set() if keywords.get("uniqueItems") else None
        for place, schema in enumerate(wanted[:most]):
            try:
                made.append(self._item(schema, place, spot, seen))
            except SchemaError:
                if place < needed or self._made > MOST_VALUES:
                    raise
                break
        return cast("Json", made)

    @staticmethod
    def _containing(keywords: Keywords, wanted: list[Schema]) -> list[Schema]:
        """The schemas of the items, of which enough meet `contains`."""
        count = int(keywords.get("minContains", 1))
        length = max(count, len(wanted))
        return [
            {"allOf": [item_schema(keywords, place), keywords["contains"]]}
            if place >= length - count
            else item_schema(keywords, place)
            for place in range(length)
        ]

    def _item(self, schema: Schema, place: int, spot: _Spot, seen: set[Hashable] | None) -> Json:
        """An item; one that is not among those that have been seen, if there are any."""
        for variant in range(place, 2 * place + VARIANTS):
            value = self.make(schema, spot.inside(f"[{place}]", spot.variant + variant))
            if seen is None:
                return value
            if identity(value) not in seen:
                seen.add(identity(value))
                return value
        raise spot.error("There are not enough different values for its items. Ask for fewer.")


def _required(keywords: Keywords) -> set[str]:
    """The names that must be there, with those that depend on them."""
    required: set[str] = set()
    names = list[str](keywords.get("required", ()))
    while names:
        name = names.pop()
        if name not in required:
            required.add(name)
            names += keywords.get("dependentRequired", {}).get(name, ())
    return required


def _from(variant: int, values: Iterable[Json]) -> Iterator[Json]:
    """The values from a variant on; if there are fewer, from the last one, then from the first."""
    skipped: list[Json] = []
    for value in values:
        if len(skipped) < variant:
            skipped.append(value)
        else:
            yield value
    yield from reversed(skipped)


def _reason(*schemas: Schema) -> str:
    names = dict.fromkeys(name for each in schemas if isinstance(each, dict) for name in each)
    told = ", ".join(f"'{name}'" for name in names if name not in _ANNOTATIONS)
    return f"The mock finds no value that meets {told}. Change what they ask for."


_ANNOTATIONS = {"title", "description", "default", "examples", "$defs", "definitions", "$schema"}
