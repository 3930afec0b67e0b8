"""Files: uploaded bytes are kept and given back exactly.

OpenAI lets nobody download files with some purposes; here all can be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.described.resources import UNKNOWN_TYPE
from openai_mock.files.stored_files import (
    check_expiry,
    check_name,
    content_of,
    make_file,
    remove_file,
)
from openai_mock.replies import BytesReply, JsonReply
from openai_mock.routing.registry import handles
from openai_mock.state.items import item_of

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.world import World


@handles("files.create")
def create(call: Call, world: World) -> Reply:
    """Keep a file."""
    (upload,), purpose = call.files["file"], call.body["purpose"]
    expires_after = call.body.get("expires_after")
    check_expiry(expires_after)
    check_name(upload.filename, purpose)
    made = make_file(world, upload.filename, upload.content, purpose, expires_after=expires_after)
    return JsonReply(made.document)


@handles("files.content", "files.retrieve_content")
def content(call: Call, world: World) -> Reply:
    """The bytes of a file."""
    found = content_of(world, item_of(call, world))
    if call.operation.returns == "str":
        return BytesReply(found, "text/plain; charset=utf-8")
    return BytesReply(found, UNKNOWN_TYPE)


@handles("files.delete")
def delete(call: Call, world: World) -> Reply:
    """Remove a file, also from all vector stores."""
    item = item_of(call, world)
    remove_file(world, item)
    return JsonReply({"id": item.key, "object": "file", "deleted": True})
