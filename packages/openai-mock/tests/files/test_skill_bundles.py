import io
import zipfile

import pytest
from openai_mock.calls import Upload
from openai_mock.files.skill_bundles import bundled
from openai_mock.refusals import Refusal

MANIFEST = b"---\r\nname: 'cut'\r\ndescription: \"Cuts it: well\"\r\n---\r\nText\r\n"


def upload(name: str, content: bytes) -> Upload:
    return Upload(name, "application/octet-stream", content)


def archive(**files: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return written.getvalue()


def test_files_become_the_same_archive_each_time():
    files = [upload("s/a.py", b"x"), upload("s/skill.MD", MANIFEST)]
    made = bundled(files)
    assert (made.name, made.description) == ("cut", "Cuts it: well")
    assert made == bundled(files)
    with zipfile.ZipFile(io.BytesIO(made.archive)) as opened:
        assert opened.read("s/skill.MD") == MANIFEST


def test_archive_is_kept_as_it_is():
    content = archive(**{"s/": b"", "s/SKILL.md": MANIFEST, "s/x/SKILL.md": b"other"})
    assert bundled([upload("s.zip", content)]) == ("cut", "Cuts it: well", content)


@pytest.mark.parametrize(
    "files",
    [
        [upload("a.txt", b"")],
        [upload("SKILL.md", b"name: a\ndescription: b\n")],
        [upload("SKILL.md", b"---\nname: a\n---\n")],
        [upload("SKILL.md", b"---\nname:\ndescription: b\n---\n")],
        [upload("SKILL.md", b"\xff")],
        [upload("s.zip", archive(a=b"x"))],
        [upload("s.zip", archive(a=b"x")[4:])],
        [upload("s.zip", archive(a=b"x").replace(b"x", b"y", 1))],
    ],
)
def test_what_is_no_skill(files: list[Upload]):
    with pytest.raises(Refusal) as refused:
        bundled(files)
    assert (refused.value.code, refused.value.param) == ("invalid_skill", "files")


def test_archive_that_grows_too_large_is_not_unpacked():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("SKILL.md", bytes(50 * 2**20 + 1))
    with pytest.raises(Refusal, match="more than"):
        bundled([upload("s.zip", written.getvalue())])
