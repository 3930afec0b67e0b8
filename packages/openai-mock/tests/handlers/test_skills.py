import io
import zipfile
from typing import Any

import pytest
from openai_mock.calls import Upload

from .conftest import Api


def form(name: str = "one", *more: tuple[str, str]) -> Any:
    manifest = f"---\nname: {name}\ndescription: Does {name}\n---\n# Text\n".encode()
    files = [("s/SKILL.md", manifest), ("s/run.py", b"print()")]
    uploads = [("files[]", Upload(path, "text/plain", content)) for path, content in files]
    return (*uploads, *more)


@pytest.fixture
def path(api: Api) -> str:
    return f"/skills/{api.post('/skills', form=form())['id']}"


def names(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


def test_skill_is_described_by_its_manifest(api: Api, path: str):
    skill = api.get(path)
    assert (skill["name"], skill["description"]) == ("one", "Does one")
    assert (skill["default_version"], skill["latest_version"]) == ("1", "1")
    assert names(api.get(f"{path}/content")) == ["s/SKILL.md", "s/run.py"]


def test_versions_are_added_and_chosen(api: Api, path: str):
    second = api.post(f"{path}/versions", form=form("two"))
    assert (second["version"], second["name"]) == ("2", "two")
    skill = api.get(path)
    assert (skill["default_version"], skill["latest_version"]) == ("1", "2")
    third = api.post(f"{path}/versions", form=form("three", ("default", "true")))
    assert (api.get(path)["default_version"], api.get(path)["name"]) == ("3", "three")
    assert api.get(f"{path}/content") == api.get(f"{path}/versions/3/content")
    chosen = api.post(path, {"default_version": "2"})
    assert (chosen["default_version"], chosen["name"]) == ("2", "two")
    listed = api.get(f"{path}/versions", limit=1, after=third["id"])["data"]
    assert listed == [second]
    assert api.get(f"{path}/versions/2") == second
    refusal = api.refused("post", path, {"default_version": "9"})
    assert (refusal.status, refusal.param) == (404, "default_version")


def test_version_is_removed_unless_it_is_the_default(api: Api, path: str):
    assert api.refused("delete", f"{path}/versions/1").code == "invalid_state"
    second = api.post(f"{path}/versions", form=form("two"))
    deleted = api.delete(f"{path}/versions/2")
    assert (deleted["id"], deleted["version"], deleted["deleted"]) == (second["id"], "2", True)
    assert api.refused("get", f"{path}/versions/2").status == 404
    assert api.post(f"{path}/versions", form=form("again"))["version"] == "3"


def test_skill_goes_with_its_versions(api: Api, path: str):
    assert api.delete(path)["deleted"] is True
    assert api.refused("get", f"{path}/versions/1/content").status == 404


def test_skill_needs_files(api: Api):
    assert api.refused("post", "/skills", form=()).param == "files"
    upload = ("files", Upload("a.txt", "text/plain", b"x"))
    assert api.refused("post", "/skills", form=(upload,)).code == "invalid_skill"
