"""Which fields tell the members of a union apart.

Works on the facts. A union whose members are all models with a literal field in common, such as
`type`, is decoded by looking at that field alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from codegen.importing.facts import Fact, Facts, as_fact

# Fields that can tell members apart, in the order in which they are tried.
NAMES = (
    "type",
    "role",
    "object",
    "mode",
    "status",
    "format",
    "event",
    "sampling_strategy",
    "provider",
    "source",
)


class Tags:
    """Finds tags in one file of facts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def of(self, expression: Any) -> tuple[str, ...]:  # Any: JSON
        """The tags of a union, the first of which is looked at first; nothing if it has none."""
        union = as_fact(expression)
        if "union" not in union:
            return ()
        members = list(self.members(union))
        if "" in members or len(members) < 2:  # noqa: PLR2004 - a union
            return ()
        names: dict[str, None] = dict.fromkeys(
            name for name in (union.get("discriminator"), *NAMES) if name
        )
        groups = {name: self._groups(members, name) for name in names}
        first = max(groups, key=lambda name: len(set(groups[name])))
        if "" in groups[first] or len(set(groups[first])) < 2:  # noqa: PLR2004 - nothing to tell
            return ()
        alike = [
            m
            for m, group in zip(members, groups[first], strict=True)
            if groups[first].count(group) > 1
        ]
        more = (n for n in names if n != first and alike and "" not in self._groups(alike, n))
        return (first, *(name for name in more if len(set(self._groups(alike, name))) > 1))

    def members(self, union: Fact) -> Iterator[str]:
        """The classes of a union, those of unions inside it included; "" for what is no model."""
        for each in union["union"]:
            identifier: str = as_fact(each).get("ref", "")
            if identifier not in self._facts:
                yield ""
                continue
            fact = self._facts[identifier]
            alias = as_fact(fact.get("alias"))
            if "union" in alias:
                yield from self.members(alias)
            elif "ref" in alias:
                yield from self.members({"union": [alias]})
            else:
                yield identifier if fact["kind"] == "model" else ""

    def _groups(self, members: list[str], name: str) -> list[str]:
        """The literal of each member as text, "" where it has none."""
        return [self._literal(member, name) for member in members]

    def _literal(self, identifier: str, name: str) -> str:
        fields = self._facts.fields(identifier)
        wire = {fact.get("alias") or key: fact for key, fact in fields.items()}
        found = as_fact(wire.get(name, {}).get("type"))
        found = as_fact(found.get("optional")) or found
        if found.get("ref", "") in self._facts:
            found = as_fact(self._facts[found["ref"]].get("alias"))
        return str(sorted(map(str, found["literal"]))) if "literal" in found else ""
