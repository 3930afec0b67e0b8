"""Of which types the arguments of functions are, by the tools of a request.

Decides which functions have arguments that are parsed: those that a pydantic model was made a tool
of, and those that are strict, whose arguments are certain to be JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from openai_types.model import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def argument_types(tools: object) -> Iterator[tuple[str, type[object]]]:
    """The functions whose arguments are parsed, with the model or `dict`.

    Args:
        tools: those of a chat completion or of a response; whatever is no function counts for
            nothing.
    """
    for tool in cast("Iterable[object]", tools) if hasattr(tools, "__iter__") else ():
        fields = _fields(tool)
        function = _fields(fields["function"]) if "function" in fields else fields
        # A dict of a kind of its own, in both packages.
        model: object = getattr(function, "model", None)
        if isinstance(model, type):
            yield str(function.get("name")), model
        elif function.get("strict") is True:
            yield str(function.get("name")), dict


def _fields(value: object) -> Mapping[str, object]:
    if isinstance(value, BaseModel):
        value = value.model_dump()
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
