"""The tools that the API itself runs, and those of the computer: the items of their calls.

Decides when one is called, which is only where the request insists on it, and what the call says:
plausible words about the question. Nothing is run or connected to; images are made. Files are
searched by who has them.
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, cast

from openai_mock.answers.items import new_id
from openai_mock.answers.refused import refusing
from openai_mock.content.json_values import as_object, objects_in
from openai_mock.content.media import image
from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from openai_mock.answers.items import Item
    from openai_mock.content.json_values import Object
    from openai_mock.state.ids import Identifiers

SOURCE = {"type": "url", "url": "https://example.com/"}
_OF_CLIENT = ("custom", "function", "namespace")  # tools that `content.tool_calls` calls
_RUN_BY_CLIENT = ("apply_patch", "computer", "computer_use", "local_shell", "shell")
_FAMILIES = ("web_search", "computer")  # whose names have versions: `web_search_preview`


def called_tool(request: Object) -> Object | None:
    """The tool of these that a request insists on; None if it insists on none.

    Raises:
        Refusal: The choice names one that is not offered.
    """
    tools, choice = objects_in(request.get("tools")), request.get("tool_choice")
    offered = [tool for tool in tools if tool.get("type") not in _OF_CLIENT]
    if choice == "required":
        return offered[0] if len(offered) == len(tools) and offered else None
    wanted = as_object(choice)
    kind = str(wanted.get("type", ""))
    if not kind or kind in (*_OF_CLIENT, "allowed_tools"):
        return None
    label = wanted.get("server_label")
    for tool in offered:
        is_wanted = _family(str(tool["type"])) == _family(kind)
        if is_wanted and label in (None, tool.get("server_label")):
            return {**tool, "name": wanted.get("name")} if kind == "mcp" else tool
    raise Refusal(
        f"The tool '{kind}' of 'tool_choice' is not among the tools. Offer it in 'tools', or "
        "choose another one.",
        code="invalid_value",
        param="tool_choice",
    )


def is_run_by_client(tool: Object) -> bool:
    """Whether the client is to run what the tool is called with, before the model goes on."""
    return _family(str(tool["type"])) in _RUN_BY_CLIENT or _needs_approval(tool)


def items_of_call(
    tool: Object, said: str, *, include: Collection[str], ids: Identifiers
) -> list[Item]:
    """The items with which a tool is called, and run where the API runs it.

    Args:
        tool: The tool, as it is offered.
        said: What the user said.
        include: What the request wants to have included.
        ids: Where ids are from.

    Raises:
        Refusal: The tool makes what the mock cannot make.
    """
    make = _MAKERS.get(_family(str(tool["type"])))
    if make is None:
        return []
    made = make(tool, said, include)
    return [{"id": new_id(str(item["type"]), ids), **_called(item, ids)} for item in made]


def _called(item: Item, ids: Identifiers) -> Item:
    """The item with the id that its output will name, if it is one that has an output."""
    return {**item, "call_id": ids.new("call_")} if "call_id" in item else item


def citations(tool: Object | None, text: str) -> list[Item]:
    """What a text cites after a tool was run."""
    if tool is None or _family(str(tool["type"])) != "web_search":
        return []
    place = {"start_index": 0, "end_index": len(text)}
    return [{"type": "url_citation", "url": SOURCE["url"], "title": "Example Domain", **place}]


def _family(kind: str) -> str:
    return next((family for family in _FAMILIES if kind.startswith(family)), kind)


def _needs_approval(tool: Object) -> bool:
    return tool["type"] == "mcp" and tool.get("require_approval") in (None, "always")


def _web_search(tool: Object, said: str, include: Collection[str]) -> list[Item]:
    del tool
    sources = {"sources": [SOURCE]} if "web_search_call.action.sources" in include else {}
    action = {"type": "search", "query": said, "queries": [said], **sources}
    return [{"type": "web_search_call", "status": "completed", "action": action}]


def _file_search(tool: Object, said: str, include: Collection[str]) -> list[Item]:
    del tool
    results: list[object] | None = [] if "file_search_call.results" in include else None
    found = {"queries": [said], "results": results}
    return [{"type": "file_search_call", "status": "completed", **found}]


def _code_interpreter(tool: Object, said: str, include: Collection[str]) -> list[Item]:
    container = tool.get("container")
    wanted = "code_interpreter_call.outputs" in include
    outputs = [{"type": "logs", "logs": f"{said}\n"}] if wanted else None
    ran = {
        "container_id": container if isinstance(container, str) else "cntr_openai_mock",
        "code": f"print({said!r})",
        "outputs": outputs,
    }
    return [{"type": "code_interpreter_call", "status": "completed", **ran}]


def _image_generation(tool: Object, said: str, include: Collection[str]) -> list[Item]:
    del include
    size, format_ = cast("str | None", tool.get("size")), str(tool.get("output_format") or "png")
    with refusing("tools"):
        made = image(said, size, format_)
    settings = {
        "background": _settled(tool.get("background"), "opaque"),
        "output_format": format_,
        "quality": _settled(tool.get("quality"), "medium"),
        "size": _settled(size, "1024x1024"),
    }
    result = {"revised_prompt": said, "result": b64encode(made).decode()}
    return [{"type": "image_generation_call", "status": "completed", **settings, **result}]


def _settled(asked: object, usual: str) -> object:
    """What was asked for, or what the API settles on if that is left to it."""
    return usual if asked in (None, "auto") else asked


def _mcp(tool: Object, said: str, include: Collection[str]) -> list[Item]:
    del include
    name, label = str(tool.get("name") or "search"), tool.get("server_label")
    schema = {"type": "object", "properties": {"query": {"type": "string"}}}
    described = {"name": name, "description": None, "annotations": None, "input_schema": schema}
    listed: Item = {"type": "mcp_list_tools", "server_label": label, "tools": [described]}
    arguments = json.dumps({"query": said}, ensure_ascii=False, separators=(",", ":"))
    called: Item = {"name": name, "server_label": label, "arguments": arguments}
    if _needs_approval(tool):
        return [listed, {"type": "mcp_approval_request", **called}]
    done = {"status": "completed", "approval_request_id": None, "error": None, "output": said}
    return [listed, {"type": "mcp_call", **called, **done}]


def _computer(tool: Object, said: str, include: Collection[str]) -> list[Item]:
    del said, include
    screenshot = {"type": "screenshot"}
    action = {"actions": [screenshot]} if tool["type"] == "computer" else {"action": screenshot}
    pending: Item = {"pending_safety_checks": [], "status": "completed"}
    return [{"type": "computer_call", "call_id": "", **action, **pending}]


def _local_shell(tool: Object, said: str, include: Collection[str]) -> list[Item]:
    del tool, include
    action: Item = {"type": "exec", "command": ["echo", said], "env": {}}
    return [{"type": "local_shell_call", "call_id": "", "action": action, "status": "completed"}]


def _shell(tool: Object, said: str, include: Collection[str]) -> list[Item]:
    del tool, include
    command = f"echo {json.dumps(said, ensure_ascii=False)}"
    action = {"commands": [command], "timeout_ms": None, "max_output_length": None}
    return [{"type": "shell_call", "call_id": "", "action": action, "status": "completed"}]


def _apply_patch(tool: Object, said: str, include: Collection[str]) -> list[Item]:
    del tool, include
    operation = {"type": "create_file", "path": "notes.txt", "diff": f"+{said}\n"}
    called: Item = {"operation": operation, "status": "completed"}
    return [{"type": "apply_patch_call", "call_id": "", **called}]


_MAKERS: Mapping[str, Callable[[Object, str, Collection[str]], list[Item]]] = {
    "apply_patch": _apply_patch,
    "code_interpreter": _code_interpreter,
    "computer": _computer,
    "file_search": _file_search,
    "image_generation": _image_generation,
    "local_shell": _local_shell,
    "mcp": _mcp,
    "shell": _shell,
    "web_search": _web_search,
}
