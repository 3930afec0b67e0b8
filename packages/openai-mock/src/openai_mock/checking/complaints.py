"""From the complaints of a validator to the one refusal that the API would give.

A value that fits no member of a union gets complaints from all of them: decides which member was
meant, which of its complaints is told, and how the API names the parameter and words the fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from openai_mock.checking.body import kind_of
from openai_mock.checking.schemas import BRANCH
from openai_mock.refusals import Refusal, missing_parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic_core import ValidationError

_KINDS = {
    "string_type": "a string",
    "int_type": "an integer",
    "int_from_float": "an integer",
    "float_type": "a decimal",
    "bool_type": "a boolean",
    "list_type": "an array",
    "dict_type": "an object",
    "none_required": "null",
    "dataclass_exact_type": "a file",
}
_LITERAL = re.compile(r"'([^']*)'")
_FIRST = {"extra_forbidden": 0, "missing": 1}  # a misspelt name is both; the name helps more


@dataclass(frozen=True)
class Complaint:
    """One complaint of a validator.

    Attributes:
        kind: Pydantic's name of the fault.
        place: Keys and indexes down to the value, with marks of the branches of unions.
        value: What is there.
        expected: For a literal, what may be there, as pydantic writes it.
    """

    kind: str
    place: tuple[str | int, ...]
    value: object
    expected: str

    @property
    def path(self) -> tuple[str | int, ...]:
        """The place without the branches."""
        return tuple(step for step in self.place if not _is_branch(step))

    @property
    def is_about_a_tag(self) -> bool:
        """Whether the value of the literal that names a member of a union is not this member's."""
        if self.kind != "literal_error":
            return False
        return len(_LITERAL.findall(self.expected)) <= 1 or self.path[-1:] == ("type",)


def to_refusal(error: ValidationError) -> Refusal:
    """The refusal for a request that does not fit the description."""
    complaints = [_complaint(each) for each in error.errors(include_url=False)]
    meant = _of_meant_branches(complaints, 0)
    # If no member was meant, the complaint about the tag says which ones there are.
    told = min(meant, key=lambda each: -1 if each.is_about_a_tag else _FIRST.get(each.kind, 2))
    param = written(told.path)
    if told.kind == "missing":
        return missing_parameter(param)
    if told.kind == "extra_forbidden":
        message = f"Unknown parameter: '{param}'. Check its spelling, or remove it."
        return Refusal(message, code="unknown_parameter", param=param)
    return _wrong_value(told, param, [each for each in complaints if each.path == told.path])


def written(path: Iterable[str | int]) -> str:
    """The name of a parameter as the API writes it, such as `messages[0].role`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def _complaint(detail: Mapping[str, Any]) -> Complaint:  # Any: the values of pydantic's details
    context = cast("Mapping[str, object]", detail.get("ctx") or {})
    expected = str(context.get("expected", ""))
    return Complaint(detail["type"], detail["loc"], detail["input"], expected)


def _is_branch(step: str | int) -> bool:
    return isinstance(step, str) and step.startswith(BRANCH)


def _of_meant_branches(complaints: list[Complaint], depth: int) -> list[Complaint]:
    """Of complaints that share the first `depth` steps, those in the members that were meant."""
    groups: dict[str | int | None, list[Complaint]] = {}
    for each in complaints:
        step = each.place[depth] if depth < len(each.place) else None
        groups.setdefault(step, []).append(each)
    here = groups.pop(None, [])
    if not groups:
        return here
    if all(step is not None and _is_branch(step) for step in groups):
        members = [_of_meant_branches(group, depth + 1) for group in groups.values()]
        return here + min(members, key=lambda member: _distance(member, depth + 1))
    below = (_of_meant_branches(group, depth + 1) for group in groups.values())
    return here + [each for group in below for each in group]


def _distance(member: list[Complaint], depth: int) -> tuple[bool, int, int, int]:
    """How far a value is from a member of a union, by the complaints of that member.

    First counts whether the value is of its kind, then its tags, then its own keys, then what is
    in them.
    """
    of_another_kind = any(len(each.place) == depth for each in member)
    tags = sum(each.is_about_a_tag and len(each.place) == depth + 1 for each in member)
    own = sum(not any(isinstance(step, int) for step in each.place[depth:]) for each in member)
    return of_another_kind, tags, own, len(member)


def _wrong_value(told: Complaint, param: str, same_place: list[Complaint]) -> Refusal:
    literals = [each for each in same_place if each.kind == "literal_error"]
    allowed = _unique(name for each in literals for name in _LITERAL.findall(each.expected))
    if allowed and isinstance(told.value, str):
        return Refusal(
            f"Invalid value: '{told.value}'. Supported values are: {_listed(allowed, 'and')}.",
            code="invalid_value",
            param=param,
        )
    kinds = _unique(_kind(each) for each in same_place)
    if not kinds:
        message = f"Invalid value for '{param}'. Use a value that the API's description allows."
        return Refusal(message, code="invalid_value", param=param)
    one_of = "one of " if len(kinds) > 1 else ""
    return Refusal(
        f"Invalid type for '{param}': expected {one_of}{_listed(kinds, 'or')}, but got "
        f"{kind_of(told.value)} instead.",
        code="invalid_type",
        param=param,
    )


def _kind(complaint: Complaint) -> str | None:
    if complaint.kind != "literal_error":
        return _KINDS.get(complaint.kind)
    return "a string" if _LITERAL.search(complaint.expected) else "a boolean"


def _unique(names: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))


def _listed(names: list[str], conjunction: str) -> str:
    quoted = [name if conjunction == "or" else f"'{name}'" for name in names]
    if len(quoted) == 1:
        return quoted[0]
    return f"{', '.join(quoted[:-1])} {conjunction} {quoted[-1]}"
