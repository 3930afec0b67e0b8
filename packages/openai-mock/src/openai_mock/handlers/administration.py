"""Administration: what its objects say that does not follow from their shape.

Projects begin active and are not listed when they are archived; invites wait; secrets of keys are
told once; roles are named by another word than they are made with; certificates are switched.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from openai_types.catalogue import resolve

from openai_mock.described.instances import Maker
from openai_mock.described.resources import change, create
from openai_mock.files.stored_files import DAY
from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles
from openai_mock.routing.routes import template
from openai_mock.state.addresses import check_parents, located
from openai_mock.state.pages import asked_for, page

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.state.store import Document
    from openai_mock.world import World

ADMIN_KEYS, CERTIFICATES = "organization/admin_api_keys", "organization/certificates"
DAYS_OF_AN_INVITE = 7
_ROLES = ("admin.organization.roles", "admin.organization.projects.roles")
_SWITCHES = ("admin.organization.certificates", "admin.organization.projects.certificates")


@handles("admin.organization.projects.create")
def create_project(call: Call, world: World) -> Reply:
    """Make a project, which is active."""
    return JsonReply(create(_with(call, status="active"), world))


@handles("admin.organization.projects.list")
def list_projects(call: Call, world: World) -> Reply:
    """The projects; archived ones on request."""

    def is_shown(project: Document) -> bool:
        return bool(call.query.get("include_archived")) or project.get("status") != "archived"

    collection = located(template(call.operation), call.path)
    found = asked_for(call, world.store, collection, {}, is_shown)
    return JsonReply(page(call.operation, found.documents, found.keys, has_more=found.has_more))


@handles("admin.organization.invites.create")
def create_invite(call: Call, world: World) -> Reply:
    """Invite somebody, who has not answered."""
    expires_at = world.clock.seconds() + DAYS_OF_AN_INVITE * DAY
    return JsonReply(create(_with(call, status="pending", expires_at=expires_at), world))


@handles("admin.organization.admin_api_keys.create")
def create_admin_key(call: Call, world: World) -> Reply:
    """Make a key; its value is told only now, and is no key of this server."""
    value, lasts = world.ids.new("sk-admin-"), call.body.get("expires_in_seconds")
    expires_at = None if lasts is None else world.clock.seconds() + lasts
    shown = f"{value[:12]}...{value[-4:]}"
    made = create(_with(call, redacted_value=shown, expires_at=expires_at), world)
    del made["value"]
    world.store.put(ADMIN_KEYS, made["id"], made)
    return JsonReply({**made, "value": value})


@handles("admin.organization.projects.service_accounts.create")
def create_service_account(call: Call, world: World) -> Reply:
    """Make an account, with a key unless only the account is wanted."""
    check_parents(call, world)
    made = create(call, world)
    if call.body.get("create_service_account_only"):
        return JsonReply(made)
    lasts = call.body.get("expires_in_seconds")
    key = {
        "object": "organization.project.service_account.api_key",
        "id": world.ids.new("key_"),
        "name": "Secret Key",
        "created_at": made["created_at"],
        "expires_at": None if lasts is None else made["created_at"] + lasts,
        "value": world.ids.new("sk-svcacct-"),
    }
    return JsonReply({**made, "api_key": key})


@handles(*(f"{each}.create" for each in _ROLES))
def create_role(call: Call, world: World) -> Reply:
    """Make a role."""
    check_parents(call, world)
    return JsonReply(create(_with(call, name=call.body["role_name"]), world))


@handles(*(f"{each}.update" for each in _ROLES))
def update_role(call: Call, world: World) -> Reply:
    """Change a role."""
    check_parents(call, world)
    name = call.body.get("role_name")
    return JsonReply(change(call if name is None else _with(call, name=name), world))


@handles(*(f"{each}.{word}" for each in _SWITCHES for word in ("activate", "deactivate")))
def switch_certificates(call: Call, world: World) -> Reply:
    """Make certificates active or not; those that nobody uploaded here are taken as uploaded."""
    check_parents(call, world)
    path, _, word = template(call.operation).rpartition("/")
    collection, type_ = located(path, call.path), resolve(call.operation.returns)
    # As in every answer that is made up, there is one.
    keys: list[str] = call.body["certificate_ids"] or [world.ids.new("cert_")]
    told: list[Document] = []
    for key in keys:
        known = world.store.get(collection, key) or world.store.get(CERTIFICATES, key) or {}
        values = {**known, "id": key, "active": word == "activate"}
        told.append(Maker(world.clock, world.ids).of(type_, values))
        world.store.put(collection, key, told[-1])
    return JsonReply(page(call.operation, told, keys))


def _with(call: Call, **values: object) -> Call:
    return replace(call, body={**call.body, **values})
