"""Skills and their versions: bundles of files that are kept as they were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_types.skills import SkillVersion

from openai_mock.described.instances import Maker
from openai_mock.described.resources import made
from openai_mock.files.skill_bundles import Bundle, bundled
from openai_mock.files.stored_files import content_of
from openai_mock.refusals import missing_parameter, wrong_state
from openai_mock.replies import BytesReply, JsonReply
from openai_mock.routing.registry import handles
from openai_mock.state.items import Item, add, changed, item_of, named

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.world import World

SKILLS = "skills"
ZIP = "application/zip"


@handles("skills.create")
def create(call: Call, world: World) -> Reply:
    """Make a skill; what was sent is its first version."""
    bundle = _bundle(call)
    values = {"name": bundle.name, "description": bundle.description}
    first = {"default_version": "1", "latest_version": "1"}
    skill = add(world, SKILLS, made(call, world, {**values, **first}))
    _keep(world, skill, bundle, "1")
    return JsonReply(skill.document)


@handles("skills.update")
def update(call: Call, world: World) -> Reply:
    """Choose which version is the default."""
    skill = item_of(call, world)
    wanted: str = call.body["default_version"]
    version = named(world, skill.inside("versions"), wanted, "skill version", "default_version")
    return JsonReply(_with_default(world, skill, version).document)


@handles("skills.content.retrieve")
def content(call: Call, world: World) -> Reply:
    """The files of the default version."""
    skill = item_of(call, world)
    versions, default = skill.inside("versions"), skill.document["default_version"]
    return BytesReply(content_of(world, Item(versions, default, {})), ZIP)


@handles("skills.versions.create")
def create_version(call: Call, world: World) -> Reply:
    """Add a version."""
    skill = item_of(call, world)
    last = skill.document["latest_version"]
    number = str(int(last) + 1 if last.isdecimal() else 1)
    version = _keep(world, skill, _bundle(call), number)
    skill = changed(world, skill, latest_version=number)
    if call.body.get("default"):
        _with_default(world, skill, version)
    return JsonReply(version.document)


@handles("skills.versions.content.retrieve")
def version_content(call: Call, world: World) -> Reply:
    """The files of a version."""
    return BytesReply(content_of(world, item_of(call, world)), ZIP)


@handles("skills.versions.delete")
def delete_version(call: Call, world: World) -> Reply:
    """Remove a version that is not the default."""
    version = item_of(call, world)
    skill = named(world, SKILLS, call.path["skill_id"], "skill", "skill_id")
    if skill.document["default_version"] == version.key:
        remedy = "Make another version the default first, or delete the skill."
        raise wrong_state("skill version", version.key, "default", remedy)
    world.store.delete(version.collection, version.key)
    deleted = {"id": version.document["id"], "version": version.key, "deleted": True}
    return JsonReply({**deleted, "object": "skill.version.deleted"})


def _bundle(call: Call) -> Bundle:
    if "files" not in call.files:
        raise missing_parameter("files")
    return bundled(call.files["files"])


def _keep(world: World, skill: Item, bundle: Bundle, number: str) -> Item:
    values: dict[str, object] = {
        "name": bundle.name,
        "description": bundle.description,
        "skill_id": skill.key,
        "version": number,
    }
    document = Maker(world.clock, world.ids).of(SkillVersion, values)
    document["id"] = world.ids.new("skillver_")
    version = add(world, skill.inside("versions"), document, key=number)
    world.store.put_blob(version.blob, bundle.archive)
    return version


def _with_default(world: World, skill: Item, version: Item) -> Item:
    """A skill with another default version, by which it is described."""
    told = {name: version.document[name] for name in ("name", "description")}
    return changed(world, skill, default_version=version.key, **told)
