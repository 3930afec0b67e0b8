"""Items in the mock server's store, for operations that are about something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openai_mock import MockServer
from openai_mock.described.instances import Maker
from openai_mock.routing.routes import template
from openai_mock.state.addresses import Collection, collections, located
from openai_mock.state.ids import Identifiers
from openai_types.catalogue import Operation, operations, resolve

# Any: what hundreds of methods take, each of another type.

# What has to be in a state in which something can be done to it.
CALLED = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
STATES: Mapping[str, Mapping[str, Any]] = {
    "beta.threads.runs.cancel": {"status": "in_progress"},
    "beta.threads.runs.submit_tool_outputs": {
        "status": "requires_action",
        "required_action": {
            "type": "submit_tool_outputs",
            "submit_tool_outputs": {"tool_calls": [CALLED]},
        },
    },
    "/batches": {"status": "validating"},
    "/evals/{eval_id}/runs": {"status": "queued"},
    "/fine_tuning/jobs": {"status": "queued"},
    "fine_tuning.jobs.resume": {"status": "paused"},
    "/uploads": {"status": "pending"},
    "/vector_stores/{vector_store_id}/file_batches": {"status": "in_progress"},
    "/vector_stores/{vector_store_id}/file_batches/{batch_id}/files": {"status": "in_progress"},
    "/vector_stores/{vector_store_id}/files": {"status": "in_progress"},
}
# The file that parameters name is for this; for assistants if nothing is said.
PURPOSES: Mapping[str, str] = {"batches.create": "batch", "fine_tuning.jobs.create": "fine-tune"}


def around(operation: Operation) -> list[Collection]:
    """The collections that the path of an operation leads through, the outermost first."""
    path = template(operation)
    path = path.replace("/projects/", "/organization/projects/", path.startswith("/projects/"))
    both = (path, template(operation))
    found = [each for each in collections().values() if any(is_item(each, one) for one in both)]
    return sorted(found, key=lambda each: each.path.count("/"))


def is_item(collection: Collection, path: str) -> bool:
    return f"{path}/".startswith(f"{collection.path}/{{{collection.parameter}}}/")


def fill(mock: MockServer, operation: Operation, params: Mapping[str, Any]) -> None:
    """Put what a call is about into the store, as if the API had made it."""
    maker = Maker(mock.clock, Identifiers())
    path = {each.name: params[each.name] for each in operation.parameters if each.place == "path"}
    for collection in around(operation):
        key = path[collection.parameter]
        state = {**STATES.get(collection.path, {}), **STATES.get(operation.name, {})}
        values = {**path, **state, "id": key, collection.parameter: key}
        document = maker.of(resolve(collection.type), values)
        mock.store.delete(located(collection.path, path), key)  # with what an earlier call made
        mock.store.put(located(collection.path, path), key, document)
    if "assistant_id" in params and "assistant_id" not in path:
        assistant = maker.of(resolve("beta.Assistant"), {"id": params["assistant_id"]})
        mock.store.put("assistants", params["assistant_id"], assistant)
    fill_named(mock, operation, maker, path)
    listing = at("GET", template(operation), pages=True)
    if listing and operation.method == "GET":
        listed = located(template(operation), path)
        for key in ("older", "text", "newer"):  # a described query names the second as a cursor
            mock.store.delete(listed, key)  # so that they are in this order
            values = {**path, **params, **STATES.get(template(operation), {}), "id": key}
            item = maker.of(resolve(listing.returns), values)
            mock.store.put(listed, key, item)


def fill_named(
    mock: MockServer, operation: Operation, maker: Maker, path: Mapping[str, Any]
) -> None:
    """Put what parameters name there, and text into a vector store."""
    purpose = PURPOSES.get(operation.name, "assistants")
    file = maker.of(resolve("shared.FileObject"), {"id": "text", "purpose": purpose})
    mock.store.put("files", "text", file)
    if "session_id" in path:
        delegation = {"type": "responses", "responses": {"model": "gpt-5.5"}}
        live = {"model": "gpt-live-1", "status": "active", "delegation": delegation}
        mock.store.put("live/sessions", path["session_id"], {"id": path["session_id"], **live})
    mock.store.put("skills", "text", maker.of(resolve("shared.Skill"), {"id": "text"}))
    if "skill_id" in path:
        version = maker.of(resolve("skills.SkillVersion"), {"version": "text"})
        mock.store.put(f"skills/{path['skill_id']}/versions", "text", version)
    if "vector_store_id" in path:
        files = f"vector_stores/{path['vector_store_id']}/files"
        values = {"id": "text", "status": "completed", "attributes": {"text": "text"}}
        attached = maker.of(resolve("vector_stores.VectorStoreFile"), values)
        mock.store.put(files, "text", attached)
        for key in ("text", path.get("file_id", "text")):
            mock.store.put(f"{files}/{key}/pieces", "0", {"text": "text"})


def at(method: str, path: str, *, pages: bool = False) -> Operation | None:
    """The operation of a route."""
    found = (
        each
        for each in operations().values()
        if (each.method, each.path) == (method, path) and bool(each.page) == pages
    )
    return next(found, None)
