"""Containers and the files in them; no code is run."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from openai_types.containers import FileRetrieveResponse

from openai_mock.checking.limits import check_range
from openai_mock.described.instances import Maker
from openai_mock.described.resources import UNKNOWN_TYPE, made
from openai_mock.files.stored_files import content_of, file_for
from openai_mock.refusals import missing_parameter, wrong_state
from openai_mock.replies import BytesReply, JsonReply, Reply
from openai_mock.routing.registry import handles
from openai_mock.state.items import Item, add, changed, item_of, named
from openai_mock.work.jobs import forget, later, step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openai_mock.calls import Call
    from openai_mock.world import World

CONTAINERS = "containers"
FOLDER = PurePosixPath("/mnt/data")
LONGEST_LIFE = 20  # minutes without use
_POLICY: Mapping[str, Any] = {"anchor": "last_active_at", "minutes": LONGEST_LIFE}


@handles("containers.create")
def create(call: Call, world: World) -> Reply:
    """Make a container, with copies of the files that are named."""
    body = call.body
    policy: Mapping[str, Any] = body.get("expires_after") or _POLICY
    check_range("expires_after.minutes", policy["minutes"], 1, LONGEST_LIFE)
    file_ids: list[str] = body.get("file_ids") or []
    sources = [file_for(world, each, "file_ids") for each in file_ids]
    _check_skills(world, body.get("skills") or [])
    values = {
        "memory_limit": "1g",
        **body,
        "expires_after": dict(policy),
        "network_policy": _network(body.get("network_policy")),
        "object": "container",
        "status": "running",
    }
    document = {**made(call, world, values), "id": world.ids.new("cntr_")}
    container = _touched(world, add(world, CONTAINERS, document))
    for each in sources:
        _copy(world, container, each)
    return JsonReply(container.document)


@handles("containers.files.create")
def create_file(call: Call, world: World) -> Reply:
    """Put a file into a container: what is uploaded, or a copy of a file."""
    container = _running(item_of(call, world))
    if "file" in call.files:
        (upload,) = call.files["file"]
        made = _put(world, container, upload.filename, upload.content)
    elif call.body.get("file_id"):
        made = _copy(world, container, file_for(world, call.body["file_id"], "file_id"))
    else:
        raise missing_parameter("file")
    _touched(world, container)
    return JsonReply(made.document)


@handles("containers.files.content.retrieve")
def content(call: Call, world: World) -> Reply:
    """The bytes of a file."""
    file = item_of(call, world)
    key = call.path["container_id"]
    container = _running(named(world, CONTAINERS, key, "container", "container_id"))
    _touched(world, container)
    return BytesReply(content_of(world, file), UNKNOWN_TYPE)


@handles("containers.files.delete")
def delete_file(call: Call, world: World) -> Reply:
    """Remove a file."""
    file = item_of(call, world)
    world.store.delete(file.collection, file.key)
    return Reply()


def _copy(world: World, container: Item, source: Item) -> Item:
    return _put(world, container, source.document["filename"], content_of(world, source))


def _put(world: World, container: Item, filename: str, content: bytes) -> Item:
    values: dict[str, object] = {
        "bytes": len(content),
        "container_id": container.key,
        "path": str(FOLDER / PurePosixPath(filename).name),
        "source": "user",
    }
    document = Maker(world.clock, world.ids).of(FileRetrieveResponse, values)
    file = add(world, container.inside("files"), document)
    world.store.put_blob(file.blob, content)
    return file


def _touched(world: World, container: Item) -> Item:
    """A container that was used: it expires so many minutes after that."""
    forget(world, container)
    policy: Mapping[str, Any] = container.document.get("expires_after") or _POLICY
    minutes: int = policy.get("minutes", LONGEST_LIFE)
    later(world, "containers.expire", container, seconds=minutes * 60)
    return changed(world, container, last_active_at=world.clock.seconds())


def _running(container: Item) -> Item:
    if container.document["status"] == "expired":
        raise wrong_state("container", container.key, "expired", "Create another container.")
    return container


def _network(policy: Mapping[str, Any] | None) -> dict[str, object]:
    """A network policy as it is told: without the secrets in it."""
    given = policy or {"type": "disabled"}
    return {name: given[name] for name in ("type", "allowed_domains") if name in given}


def _check_skills(world: World, skills: Iterable[Mapping[str, Any]]) -> None:
    for each in skills:
        if each["type"] == "skill_reference":
            named(world, "skills", each["skill_id"], "skill", "skills")


@step("containers.expire")
def _expire(world: World, container: Item, at: float) -> None:
    del at
    for key in world.store.list(container.inside("files")).keys:
        world.store.delete(container.inside("files"), key)
    changed(world, container, status="expired")
