"""Which fields tell the members of a union apart.

Works on the facts. A union whose members are all models with a literal field in common, such as
`type`, is decoded by looking at that field alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from codegen.facts import Fact, Facts

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
        if not (isinstance(expression, dict) and "union" in expression):
            return ()
        members = list(self.members(expression))
        if "" in members or len(members) < 2:  # noqa: PLR2004 - a union
            return ()
        names = dict.fromkeys(name for name in (expression.get("discriminator"), *NAMES) if name)
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

    def members(self, expression: Fact) -> Iterator[str]:
        """The classes of a union, those of unions inside it included; "" for what is no model."""
        for each in expression["union"]:
            if not (isinstance(each, dict) and each.get("ref") in self._facts):
                yield ""
                continue
            fact = self._facts[each["ref"]]
            alias = fact.get("alias")
            if isinstance(alias, dict) and "union" in alias:
                yield from self.members(alias)
            elif isinstance(alias, dict) and "ref" in alias:
                yield from self.members({"union": [alias]})
            else:
                yield each["ref"] if fact["kind"] == "model" else ""

    def _groups(self, members: list[str], name: str) -> list[str]:
        """The literal of each member as text, "" where it has none."""
        return [self._literal(member, name) for member in members]

    def _literal(self, identifier: str, name: str) -> str:
        fields = self._facts.fields(identifier)
        wire = {fact.get("alias") or key: fact for key, fact in fields.items()}
        found: Any = wire.get(name, {}).get("type")
        if isinstance(found, dict) and "optional" in found:
            found = found["optional"]
        if isinstance(found, dict) and found.get("ref") in self._facts:
            found = self._facts[found["ref"]].get("alias")
        return (
            str(sorted(map(str, found["literal"])))
            if isinstance(found, dict) and "literal" in found
            else ""
        )
