"""The objects of the Assistants API: assistants, threads, messages, runs and steps.

Decides what they have by default. Knows no store and no clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from openai_mock.content.json_values import as_object, objects_in

if TYPE_CHECKING:
    from openai_mock.content.json_values import Object

Document: TypeAlias = dict[str, object]

SECONDS_OF_A_RUN = 600  # after which one that waits for the client expires

_OF_ASSISTANT: Object = {
    "name": None,
    "description": None,
    "instructions": None,
    "tools": [],
    "tool_resources": {},
    "metadata": {},
    "temperature": 1.0,
    "top_p": 1.0,
    "response_format": "auto",
}
_OF_RUN: Object = {
    "max_completion_tokens": None,
    "max_prompt_tokens": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "truncation_strategy": {"type": "auto", "last_messages": None},
}
_FROM_ASSISTANT = ("model", "instructions", "tools", "temperature", "top_p", "response_format")


def assistant(request: Object, *, key: str, created: int) -> Document:
    """An assistant as it was asked for."""
    head: Document = {"id": key, "object": "assistant", "created_at": created}
    return {**head, "model": request["model"], **_chosen(request, _OF_ASSISTANT)}


def thread(request: Object, *, key: str, created: int) -> Document:
    """A thread, without its messages."""
    head: Document = {"id": key, "object": "thread", "created_at": created}
    return {**head, **_chosen(request, {"metadata": {}, "tool_resources": {}})}


def message(request: Object, *, key: str, thread_id: str, created: int) -> Document:
    """A message that a client adds to a thread."""
    return {
        "id": key,
        "object": "thread.message",
        "created_at": created,
        "thread_id": thread_id,
        "status": "completed",
        "incomplete_details": None,
        "completed_at": created,
        "incomplete_at": None,
        "role": request["role"],
        "content": _blocks(request.get("content")),
        "assistant_id": None,
        "run_id": None,
        **_chosen(request, {"attachments": [], "metadata": {}}),
    }


def text_block(text: str) -> Document:
    """A text in the content of a message."""
    return {"type": "text", "text": {"value": text, "annotations": []}}


def text_of(message: Object) -> str:
    """The text of a message."""
    blocks = objects_in(message.get("content"))
    texts = (as_object(block.get("text")).get("value") for block in blocks)
    return "\n".join(text for text in texts if isinstance(text, str))


def run(request: Object, assistant: Object, *, key: str, thread_id: str, created: int) -> Document:
    """A run that waits to be begun."""
    from_assistant = {name: assistant.get(name) for name in _FROM_ASSISTANT}
    made: Document = {
        "id": key,
        "object": "thread.run",
        "created_at": created,
        "assistant_id": assistant["id"],
        "thread_id": thread_id,
        "status": "queued",
        "started_at": None,
        "expires_at": created + SECONDS_OF_A_RUN,
        "cancelled_at": None,
        "failed_at": None,
        "completed_at": None,
        "required_action": None,
        "last_error": None,
        "incomplete_details": None,
        "usage": None,
        **_chosen(request, from_assistant),
        **_chosen(request, _OF_RUN),
    }
    more = request.get("additional_instructions")
    instructions = (cast("str | None", made["instructions"]), cast("str | None", more))
    return {**made, "instructions": "\n".join(filter(None, instructions))}


def step(run: Object, details: Document, *, key: str, created: int) -> Document:
    """A step of a run that has begun.

    Args:
        run: The run.
        details: What the step does.
        key: Its id.
        created: When it began.
    """
    return {
        "id": key,
        "object": "thread.run.step",
        "created_at": created,
        "run_id": run["id"],
        "assistant_id": run["assistant_id"],
        "thread_id": run["thread_id"],
        "type": details["type"],
        "status": "in_progress",
        "cancelled_at": None,
        "completed_at": None,
        "expired_at": None,
        "failed_at": None,
        "last_error": None,
        "step_details": details,
        "usage": None,
    }


def _chosen(request: Object, usual: Object) -> Document:
    """What was asked for of some fields, and what is usual of the others."""
    given = {name: request.get(name) for name in usual}
    return {name: usual[name] if value is None else value for name, value in given.items()}


def _blocks(content: object) -> list[Object]:
    """The content of a message, whose texts are objects when they are kept."""
    if isinstance(content, str):
        return [text_block(content)]
    return [
        text_block(str(part["text"])) if part["type"] == "text" else part
        for part in objects_in(content)
    ]
