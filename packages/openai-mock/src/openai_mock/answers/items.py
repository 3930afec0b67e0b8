"""Items of responses and conversations: what clients send, as the API keeps and lists it.

Decides the ids of items, and what is filled in where a client may leave it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from openai_mock.content.json_values import objects_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openai_mock.content.json_values import Object
    from openai_mock.state.ids import Identifiers

Item: TypeAlias = dict[str, object]

_PREFIXES = {
    "additional_tools": "at_",
    "apply_patch_call": "apc_",
    "apply_patch_call_output": "apco_",
    "code_interpreter_call": "ci_",
    "compaction": "cmp_",
    "computer_call": "cu_",
    "computer_call_output": "cuo_",
    "custom_tool_call": "ctc_",
    "custom_tool_call_output": "ctco_",
    "file_search_call": "fs_",
    "function_call": "fc_",
    "function_call_output": "fco_",
    "image_generation_call": "ig_",
    "local_shell_call": "lsh_",
    "local_shell_call_output": "lsho_",
    "mcp_approval_request": "mcpr_",
    "mcp_approval_response": "mcpa_",
    "mcp_call": "mcp_",
    "mcp_list_tools": "mcpl_",
    "message": "msg_",
    "reasoning": "rs_",
    "shell_call": "sh_",
    "shell_call_output": "sho_",
    "web_search_call": "ws_",
}
_WITHOUT_STATUS = (
    "additional_tools", "compaction", "mcp_approval_request", "mcp_approval_response", "mcp_call",
    "mcp_list_tools", "program", "reasoning",
)  # fmt: skip


def new_id(kind: str, ids: Identifiers) -> str:
    """A new id for an item of a type."""
    return ids.new(_PREFIXES.get(kind, "item_"))


def kept_items(given: object, ids: Identifiers) -> list[Item]:
    """The input of a request as items that can be kept.

    Args:
        given: A text, which the user says, or items as clients may write them.
        ids: Where ids are from.
    """
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    return [_kept(item, ids) for item in objects_in(given)]


def output_text(text: str, **more: object) -> Item:
    """A text of the model as a part of a message."""
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": [], **more}


def message(text: str, item_id: str, status: str = "completed", **more: object) -> Item:
    """A message of the model with one text."""
    return {
        "id": item_id,
        "type": "message",
        "role": "assistant",
        "status": status,
        "content": [output_text(text, **more)],
    }


def _kept(item: Object, ids: Identifiers) -> Item:
    kind = str(item.get("type") or ("message" if "role" in item else "item_reference"))
    kept: Item = {"id": item.get("id") or new_id(kind, ids), **_without_none(item), "type": kind}
    if kind == "message":
        return {"status": "completed", **kept, "content": _kept_content(item)}
    if kind == "item_reference" or kind in _WITHOUT_STATUS:
        return kept
    return {"status": "completed", **kept}


def _kept_content(item: Object) -> list[Item]:
    content = item.get("content")
    of_model = item.get("role") == "assistant"
    if isinstance(content, str):
        return [output_text(content) if of_model else {"type": "input_text", "text": content}]
    return [_kept_part(part) for part in objects_in(content)]


def _kept_part(part: Object) -> Item:
    if part.get("type") == "output_text":
        return {"annotations": [], "logprobs": [], **part}
    return {"detail": "auto", **part} if part.get("type") == "input_image" else {**part}


def _without_none(item: Object) -> Item:
    return {name: value for name, value in item.items() if value is not None}


def with_id(items: Iterable[Object], item_id: object) -> Item | None:
    """The item of an id."""
    return next((cast("Item", item) for item in items if item.get("id") == item_id), None)
