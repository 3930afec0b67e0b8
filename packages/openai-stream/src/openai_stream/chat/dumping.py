"""How events that are no models are dumped: under the names and with the options of models.

Decides what a dump of an event holds, and that everything in it is dumped with it. Which values an
event has, and which of them it works out, is its own business.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

if TYPE_CHECKING:
    from collections.abc import Collection

    Mode = Literal["json", "python"]


class Dumped:
    """An event that can be dumped like a model."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]]

    # Any: the options are those of whatever model is in the event.
    def model_dump(
        self,
        *,
        mode: Mode = "python",
        include: Collection[str] | None = None,
        exclude: Collection[str] | None = None,
        exclude_none: bool = False,
        **options: Any,
    ) -> dict[str, Any]:
        """The event's type and all that its class documents, as `to_dict` gives it.

        Args:
            mode: "json" for values that JSON has, "python" for Python's own.
            include: only these of its values.
            exclude: all but these.
            exclude_none: leave out what is None.
            options: further ones of pydantic, for the models in the event.

        Raises:
            StructuredOutputError: a text is whole but not of the type that was asked for.
        """
        names = [name for name in ("type", *self._shown) if include is None or name in include]
        values = {name: getattr(self, name) for name in names if not (exclude and name in exclude)}
        options |= {"mode": mode, "exclude_none": exclude_none}
        return {
            name: _dumped(value, options)
            for name, value in values.items()
            if not (exclude_none and value is None)
        }

    def model_dump_json(self, *, indent: int | None = None, **options: Any) -> str:
        """The same as JSON text.

        Args:
            indent: spaces a level; None for a single line.
            options: those of `model_dump`.
        """
        dumped = self.model_dump(mode="json", **options)
        separators = (",", ":") if indent is None else None
        return json.dumps(dumped, indent=indent, ensure_ascii=False, separators=separators)

    def to_dict(
        self,
        *,
        worked_out: bool = True,
        mode: Mode = "python",
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool = True,
    ) -> dict[str, Any]:
        """The event's type and all that its class documents; models in it become dicts, too.

        Args:
            worked_out: with the texts so far and what they are parsed into, which cost their size.
            mode: "json" for values that JSON has, "python" for Python's own.
            use_api_names: the names on the wire rather than those of the attributes.
            exclude_unset: leave out of models what was not sent.
            exclude_defaults: leave out of models what equals its default.
            exclude_none: leave out what is None.
            warnings: warn of values that cannot be serialized as their type says.

        Raises:
            StructuredOutputError: a text is whole but not of the type that was asked for.
        """
        return self.model_dump(
            mode=mode,
            exclude=None if worked_out else self._worked_out(),
            by_alias=use_api_names,
            exclude_unset=exclude_unset,
            exclude_defaults=exclude_defaults,
            exclude_none=exclude_none,
            warnings=warnings,
        )

    def to_json(self, *, indent: int | None = 2, **options: Any) -> str:
        """The same as JSON text.

        Args:
            indent: spaces a level; None for a single line.
            options: those of `to_dict`.
        """
        return json.dumps(self.to_dict(mode="json", **options), indent=indent, ensure_ascii=False)

    def _worked_out(self) -> set[str]:
        return {name for name in self._shown if isinstance(getattr(type(self), name), property)}


def _dumped(value: object, options: dict[str, Any]) -> object:
    # Models dump themselves: pydantic cannot dump inside of others those that it has not built.
    if isinstance(value, BaseModel):
        return value.model_dump(**options)
    if isinstance(value, list):
        return [_dumped(each, options) for each in cast("list[object]", value)]
    return to_jsonable_python(value) if options["mode"] == "json" else value
