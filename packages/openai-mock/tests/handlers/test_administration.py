from typing import Any

import httpx
import pytest
from openai_mock import MockServer

# Any: JSON.


class Admin:
    def __init__(self, client: httpx.Client, key: str) -> None:
        self._client = client
        self._headers = {"authorization": f"Bearer {key}"}

    def get(self, path: str, **query: Any) -> Any:
        path = f"/organization/{path}"
        return self._client.get(path, params=query, headers=self._headers).json()

    def post(self, path: str, **body: Any) -> Any:
        path = f"/organization/{path}"
        return self._client.post(path, json=body, headers=self._headers).json()


@pytest.fixture
def admin(client: httpx.Client, mock: MockServer) -> Admin:
    return Admin(client, mock.admin_api_key)


def names(listed: Any) -> list[str]:
    return [each["name"] for each in listed["data"]]


def test_archived_projects_are_listed_on_request(admin: Admin):
    first, second = (admin.post("projects", name=name) for name in ("first", "second"))
    assert (first["status"], first["object"]) == ("active", "organization.project")
    archived = admin.post(f"projects/{second['id']}/archive")
    assert archived["status"] == "archived"
    assert "second" not in names(admin.get("projects"))
    assert names(admin.get("projects", include_archived="true", limit=2)) == ["second", "first"]


def test_invite_waits_for_an_answer(admin: Admin):
    made = admin.post("invites", email="ada@example.com", role="reader")
    assert made["status"] == "pending"
    assert made["expires_at"] > made["created_at"]


def test_value_of_a_key_is_told_once(admin: Admin):
    made = admin.post("admin_api_keys", name="mine", expires_in_seconds=60)
    value = made.pop("value")
    assert value.startswith("sk-admin-")
    assert made["redacted_value"] == f"{value[:12]}...{value[-4:]}"
    assert made["expires_at"] == made["created_at"] + 60
    assert admin.get(f"admin_api_keys/{made['id']}") == made
    assert admin.post("admin_api_keys", name="another")["value"] != value


def test_service_account_has_a_key_unless_it_is_not_wanted(admin: Admin):
    path = f"projects/{admin.post('projects', name='p')['id']}/service_accounts"
    made = admin.post(path, name="robot", expires_in_seconds=9)
    key = made["api_key"]
    assert key["expires_at"] == made["created_at"] + 9
    assert key["value"] not in str(admin.get(f"{path}/{made['id']}"))
    assert "api_key" not in admin.post(path, name="bare", create_service_account_only=True)


def test_role_has_the_name_that_was_sent(admin: Admin):
    made = admin.post("roles", role_name="reader", permissions=["api.read"])
    assert (made["name"], made["permissions"]) == ("reader", ["api.read"])
    path = f"roles/{made['id']}"
    assert admin.post(path, role_name="auditor")["name"] == "auditor"
    assert admin.post(path, permissions=[]) == {**made, "name": "auditor", "permissions": []}


def test_certificates_are_switched(admin: Admin):
    made = [admin.post("certificates", name=name, certificate="PEM")["id"] for name in "ab"]
    switched = admin.post("certificates/activate", certificate_ids=made)["data"]
    assert [(each["id"], each["name"], each["active"]) for each in switched] == [
        (made[0], "a", True),
        (made[1], "b", True),
    ]
    admin.post("certificates/deactivate", certificate_ids=made[:1])
    assert admin.get(f"certificates/{made[0]}")["active"] is False
    assert admin.get(f"certificates/{made[1]}")["active"] is True
    project = f"projects/{admin.post('projects', name='p')['id']}/certificates"
    (switched,) = admin.post(f"{project}/activate", certificate_ids=made[:1])["data"]
    assert (switched["active"], switched["object"]) == (True, "organization.project.certificate")
    assert names(admin.get(project)) == ["a"]
    assert admin.get(f"certificates/{made[0]}")["active"] is False  # of the organization


@pytest.mark.parametrize(
    ("path", "body"),
    [("service_accounts", {"name": "a"}), ("certificates/activate", {"certificate_ids": ["c"]})],
)
def test_what_is_in_a_project_needs_the_project(admin: Admin, path: str, body: dict[str, Any]):
    assert "proj_no" in admin.post(f"projects/proj_no/{path}", **body)["error"]["message"]
