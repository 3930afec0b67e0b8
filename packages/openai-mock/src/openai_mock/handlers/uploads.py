"""Uploads: a file that comes in parts."""

from __future__ import annotations

from hashlib import md5
from typing import TYPE_CHECKING

from openai_mock.checking.limits import check_range
from openai_mock.described.resources import made
from openai_mock.files.stored_files import HOUR, check_expiry, check_name, make_file
from openai_mock.refusals import Refusal, not_found, wrong_state
from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles
from openai_mock.state.items import add, changed, item_of
from openai_mock.state.store import below
from openai_mock.work.jobs import forget, later, step

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.state.items import Item
    from openai_mock.world import World

UPLOADS = "uploads"
LARGEST_UPLOAD = 8 * 2**30  # bytes
LARGEST_PART = 64 * 2**20


@handles("uploads.create")
def create(call: Call, world: World) -> Reply:
    """Begin an upload; it expires after an hour."""
    body = call.body
    check_range("bytes", body["bytes"], 0, LARGEST_UPLOAD)
    check_expiry(body.get("expires_after"))
    check_name(body["filename"], body["purpose"], "filename")
    values = {**body, "status": "pending", "expires_at": world.clock.seconds() + HOUR}
    document = made(call, world, values)
    # What the file will need, but the object does not show.
    plan = {"id": document["id"], "expires_after": body.get("expires_after")}
    item = add(world, UPLOADS, document)
    add(world, item.inside("plan"), plan)
    later(world, "uploads.expire", item, seconds=HOUR)
    return JsonReply(item.document)


@handles("uploads.parts.create")
def create_part(call: Call, world: World) -> Reply:
    """Add a part to a pending upload."""
    upload = _pending(call, world)
    (data,) = call.files["data"]
    if len(data.content) > LARGEST_PART:
        message = f"The part has {len(data.content)} bytes. Send parts of at most {LARGEST_PART}."
        raise Refusal(message, param="data", status=413)
    values = {"upload_id": upload.key}
    part = add(world, upload.inside("parts"), made(call, world, values))
    world.store.put_blob(part.blob, data.content)
    return JsonReply(part.document)


@handles("uploads.complete")
def complete(call: Call, world: World) -> Reply:
    """Join the parts in the order that is sent, and make a file of them."""
    upload = _pending(call, world)
    content = b"".join(_part(world, upload, each) for each in call.body["part_ids"])
    _check_whole(content, upload.document["bytes"], call.body.get("md5"))
    plan = world.store.get(upload.inside("plan"), upload.key) or {}
    file = make_file(
        world,
        upload.document["filename"],
        content,
        upload.document["purpose"],
        expires_after=plan.get("expires_after"),
    )
    _finish(world, upload)
    done = changed(world, upload, status="completed", file=file.document)
    return JsonReply(done.document)


@handles("uploads.cancel")
def cancel(call: Call, world: World) -> Reply:
    """Give a pending upload up."""
    upload = _pending(call, world)
    _finish(world, upload)
    return JsonReply(changed(world, upload, status="cancelled").document)


def _pending(call: Call, world: World) -> Item:
    upload = item_of(call, world)
    status = upload.document["status"]
    if status != "pending":
        raise wrong_state("upload", upload.key, status, "Create another upload.")
    return upload


def _part(world: World, upload: Item, part_id: str) -> bytes:
    found = world.store.get_blob(below(upload.inside("parts"), part_id))
    if found is None:
        raise not_found("upload part", part_id, "part_ids")
    return found


def _check_whole(content: bytes, size: int, checksum: str | None) -> None:
    """Return if the joined parts are what was announced."""
    if len(content) != size:
        raise Refusal(
            f"The parts have {len(content)} bytes together, but the upload was created for {size}. "
            "Send the ids of all parts, each once, or create an upload with the right number.",
            code="invalid_value",
            param="part_ids",
        )
    actual = md5(content, usedforsecurity=False).hexdigest()
    if checksum is not None and checksum.lower() != actual:
        raise Refusal(
            f"The parts have the MD5 checksum {actual} together, not {checksum}. Check their order "
            "and that none was changed on its way.",
            code="invalid_value",
            param="md5",
        )


def _finish(world: World, upload: Item) -> None:
    """Remove what only a pending upload needs."""
    for collection in (upload.inside("parts"), upload.inside("plan")):
        for key in world.store.list(collection).keys:
            world.store.delete(collection, key)
    forget(world, upload)


@step("uploads.expire")
def _expire(world: World, upload: Item, at: float) -> None:
    del at
    _finish(world, upload)
    changed(world, upload, status="expired")
