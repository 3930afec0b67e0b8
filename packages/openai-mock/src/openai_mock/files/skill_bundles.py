"""Bundles of skills: files with a SKILL.md, as they are uploaded and given back in a ZIP archive.

Decides what a bundle has to have, and what its manifest says. Knows no store and no operation.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openai_mock.calls import Upload

MANIFEST = "skill.md"  # in any case
LARGEST = 50 * 2**20  # bytes, also of what is in an archive
_HEAD = re.compile(r"\A---\s*\n(.*?)\n---\s*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(\w+):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
# What the library raises for archives that are broken, or of a kind that it does not know.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # so that the same files are the same archive


class Bundle(NamedTuple):
    """A skill.

    Attributes:
        name: Its name.
        description: What it is for.
        archive: All its files.
    """

    name: str
    description: str
    archive: bytes


def bundled(uploads: Sequence[Upload]) -> Bundle:
    """What was uploaded: one archive, or all files of a skill.

    Raises:
        Refusal: There is no manifest, or it says too little.
    """
    if len(uploads) == 1 and zipfile.is_zipfile(io.BytesIO(uploads[0].content)):
        archive = uploads[0].content
        files = _unpacked(archive)
    else:
        files = {each.filename: each.content for each in uploads}
        archive = _packed(files)
    fields = _manifest(files)
    return Bundle(fields["name"], fields["description"], archive)


def _manifest(files: dict[str, bytes]) -> dict[str, str]:
    found = [name for name in files if PurePosixPath(name).name.lower() == MANIFEST]
    if not found:
        raise _refused("There is no SKILL.md among the files. Add one, in the skill's folder.")
    outermost = min(found, key=lambda name: (name.count("/"), name))
    text = files[outermost].decode("utf-8", "replace").replace("\r\n", "\n")
    head = _HEAD.match(text)
    fields = {name: value.strip("'\"") for name, value in _FIELD.findall(head[1] if head else "")}
    for name in ("name", "description"):
        if not fields.get(name):
            raise _refused(
                f"'{outermost}' has no {name}. Begin it with a line '---', then 'name: ...' and "
                "'description: ...', then '---'."
            )
    return fields


def _unpacked(archive: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            inside = [each for each in opened.infolist() if not each.is_dir()]
            if sum(each.file_size for each in inside) > LARGEST:
                raise _refused(f"The archive has more than {LARGEST} bytes. Send fewer.")
            return {each.filename: opened.read(each) for each in inside}
    except _UNREADABLE as error:
        message = f"The archive cannot be read: {error}. Send a ZIP archive without a password."
        raise _refused(message) from error


def _packed(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content)
    return written.getvalue()


def _refused(message: str) -> Refusal:
    return Refusal(message, code="invalid_skill", param="files")
