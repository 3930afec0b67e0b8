"""Changes in JSON by where something stands. Knows no field and no API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable

REMOVED: Final = object()
"""What an edit gives for what is to go."""


def edited(
    value: object,
    where: tuple[str, ...],
    edit: Callable[[object], object],
    at: tuple[str, ...] = (),
) -> object:
    """A copy with some values changed; the original stays as it is.

    Args:
        value: JSON.
        where: The last names on the way to the values; lists on the way do not count.
        edit: Gives the new value, or `REMOVED`.
        at: The names on the way to `value`.
    """
    if isinstance(value, list):
        return [edited(each, where, edit, at) for each in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    changed: dict[str, object] = {}
    for name, inner in cast("dict[str, object]", value).items():
        way = (*at, name)
        new = edit(inner) if way[-len(where) :] == where else edited(inner, where, edit, way)
        if new is not REMOVED:
            changed[name] = new
    return changed


def merged(base: object, over: object) -> object:
    """JSON with other JSON laid over it: objects by their names, lists by position.

    A list ends where the upper one ends. Objects of different `type` are not mixed.
    """
    if isinstance(base, dict) and isinstance(over, dict):
        below, above = cast("dict[str, object]", base), cast("dict[str, object]", over)
        if "type" in above and "type" in below and above["type"] != below["type"]:
            return above
        laid = {name: merged(below.get(name), value) for name, value in above.items()}
        return {**below, **laid}
    if isinstance(base, list) and isinstance(over, list):
        beneath = cast("list[object]", base)
        upper = cast("list[object]", over)
        filled = [*beneath, *[None] * len(upper)]
        return [merged(one, other) for one, other in zip(filled, upper, strict=False)]
    return over
