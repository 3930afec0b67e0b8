"""What the two packages give, as data that is equal if users get the same from both."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any, cast

from pydantic import BaseModel

# Any: whatever hundreds of methods give.

OFFICIAL, OURS = "openai", "openai_suite"


def plain(value: Any) -> Any:
    """Models as what is set in them, by the names of the attributes, and the class."""
    if isinstance(value, BaseModel):
        return {"class": counterpart(type(value)), **_attributes(value)}
    if isinstance(value, list):
        return [plain(each) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in cast("dict[str, Any]", value).items()}
    return value


@cache
def counterpart(class_: type) -> object:
    """Our class for one of the official package, found where that one is there; else itself."""
    package, _, path = class_.__module__.partition(".")
    if class_.__name__.startswith(("Sync", "Async")):  # a page, which names its items, too
        return class_.__name__.partition("[")[0]
    if package != OFFICIAL:
        return class_
    return getattr(import_module(f"{OURS}.{path}"), class_.__name__)


def _attributes(model: BaseModel) -> dict[str, Any]:
    fields = type(model).model_fields
    # The official package keeps what it knows by another name under that one as well.
    aliases = {field.alias for field in fields.values()}
    more = {key: each for key, each in (model.model_extra or {}).items() if key not in aliases}
    known = {name: getattr(model, name) for name in fields if name in model.model_fields_set}
    return {name: plain(each) for name, each in {**known, **more}.items()}
