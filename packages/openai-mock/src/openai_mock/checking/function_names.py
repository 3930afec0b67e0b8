"""How OpenAI wants functions to be called. Other servers take any name, so who asks decides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openai_mock.content.json_values import as_object, objects_in
from openai_mock.refusals import Refusal, too_long

if TYPE_CHECKING:
    from openai_mock.content.json_values import Object

_NAME = re.compile(r"[a-zA-Z0-9_-]+")
_LONGEST = {"": 128, "function.": 64}  # of responses, and of chats, which have it further inside


def check_function_names(request: Object) -> None:
    """Return if the functions of a request have names that a model can call them by.

    Args:
        request: The body of a request for chat completions or responses.

    Raises:
        Refusal: One has not.
    """
    for number, tool in enumerate(objects_in(request.get("tools"))):
        if tool.get("type") != "function":
            continue
        inside = "function." if "function" in tool else ""
        name = str((as_object(tool["function"]) if inside else tool)["name"])
        param = f"tools[{number}].{inside}name"
        if not _NAME.fullmatch(name):
            raise Refusal(
                f"Invalid '{param}': string does not match pattern. Expected a string that matches "
                f"the pattern '^{_NAME.pattern}$'.",
                code="invalid_value",
                param=param,
            )
        if len(name) > _LONGEST[inside]:
            raise too_long(param, "string", len(name), _LONGEST[inside])
