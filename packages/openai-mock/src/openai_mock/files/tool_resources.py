"""What the tools of assistants and threads use: vector stores may be described there, to be made.

Decides how a description becomes the id of a store. The store is made as a client makes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.content.json_values import as_object, objects_in
from openai_mock.refusals import Refusal
from openai_mock.work.own_requests import post

if TYPE_CHECKING:
    from openai_mock.content.json_values import Object
    from openai_mock.world import World

_OF_STORE = ("file_ids", "chunking_strategy", "metadata")


def with_stores(request: Object, world: World) -> Object:
    """Make the vector stores that the tool resources of a request describe, and name them there.

    Args:
        request: The body of an assistant or a thread.
        world: Keeps the stores.

    Raises:
        Refusal: A store cannot be made, such as of a file that is not there.
    """
    resources = as_object(request.get("tool_resources"))
    search = as_object(resources.get("file_search"))
    described = objects_in(search.get("vector_stores"))
    if not described:
        return request
    named = search.get("vector_store_ids")
    ids: list[object] = [*named] if isinstance(named, list) else []
    ids += [_made(each, world) for each in described]
    return {
        **request,
        "tool_resources": {**resources, "file_search": {"vector_store_ids": ids}},
    }


def _made(described: Object, world: World) -> object:
    body = {name: described[name] for name in _OF_STORE if described.get(name) is not None}
    made = post(world, "/v1/vector_stores", body)
    if "error" in made.body:
        raise Refusal(
            str(as_object(made.body["error"]).get("message")),
            code="invalid_value",
            param="tool_resources.file_search.vector_stores",
        )
    return made.body["id"]
