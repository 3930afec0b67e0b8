"""The files of `/files`: how they are made, found and read, whoever does so.

Decides what a file object says, and when a file goes. Which request makes one is in the handlers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_types.shared import FileObject
from pydantic_core import from_json

from openai_mock.checking.limits import check_range
from openai_mock.described.instances import Maker
from openai_mock.described.resources import DESCRIBED_BYTES
from openai_mock.refusals import Refusal
from openai_mock.state.items import add, named
from openai_mock.work.jobs import later, step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openai_mock.state.items import Item
    from openai_mock.state.store import Document
    from openai_mock.world import World

FILES = "files"
HOUR, DAY = 3600, 86_400
# By the description, files for batches go by themselves and others stay.
_LIFETIMES = {"batch": 30 * DAY}
_LINES_ONLY = {"batch": "Batch API", "fine-tune": "Fine-tuning API"}


def check_expiry(expires_after: Mapping[str, Any] | None, name: str = "expires_after") -> None:
    """Return if a file may go after such a time.

    Raises:
        Refusal: It is less than an hour or more than 30 days.
    """
    if expires_after:
        check_range(f"{name}.seconds", expires_after["seconds"], HOUR, 30 * DAY)


def check_name(filename: str, purpose: str, param: str = "file") -> None:
    """Return if a file of this name may have this purpose.

    Raises:
        Refusal: It has to be one of lines.
    """
    api = _LINES_ONLY.get(purpose)
    if api and not filename.endswith(".jsonl"):
        raise Refusal(
            f"Invalid file format for {api}. Must be .jsonl; '{filename}' was sent. Name the file "
            "so, and send an object in JSON on each line.",
            param=param,
        )


def make_file(
    world: World,
    filename: str,
    content: bytes,
    purpose: str,
    *,
    expires_after: Mapping[str, Any] | None = None,
    at: float | None = None,
) -> Item:
    """Keep a file with its bytes.

    Args:
        world: Keeps and dates it.
        filename: Its name.
        content: Its bytes.
        purpose: What it is for.
        expires_after: When it goes, as the API writes it.
        at: When it was made, in seconds since the epoch; now if None.
    """
    created = int(world.clock.now() if at is None else at)
    lifetime = expires_after["seconds"] if expires_after else _LIFETIMES.get(purpose)
    values: dict[str, object] = {
        "filename": filename,
        "bytes": len(content),
        "purpose": purpose,
        "status": "processed",
        "created_at": created,
        "expires_at": None if lifetime is None else created + lifetime,
    }
    item = add(world, FILES, Maker(world.clock, world.ids).of(FileObject, values))
    world.store.put_blob(item.blob, content)
    if lifetime is not None:
        later(world, "files.expire", item, since=created, seconds=lifetime)
    return item


def file_for(world: World, file_id: str, param: str, purpose: str | None = None) -> Item:
    """The file that a parameter names.

    Args:
        world: Keeps it.
        file_id: What was sent.
        param: The parameter.
        purpose: What the file has to be for; anything if None.

    Raises:
        Refusal: There is none, or it is for something else.
    """
    item = named(world, FILES, file_id, "file", param)
    actual = item.document.get("purpose")
    if purpose is not None and actual != purpose:
        raise Refusal(
            f"The file '{file_id}' has the purpose '{actual}'. Upload it with the purpose "
            f"'{purpose}' and send the id of that file.",
            code="invalid_file_purpose",
            param=param,
        )
    return item


def content_of(world: World, item: Item) -> bytes:
    """The bytes of a file; of one that was put into the store without any, made-up ones."""
    found = world.store.get_blob(item.blob)
    return DESCRIBED_BYTES if found is None else found


def lines_of(content: bytes) -> Iterator[tuple[int, Document | None]]:
    """The lines of a file of lines with their numbers from 1; None for what is no object in JSON.

    Empty lines are left out.
    """
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            try:
                value = from_json(line)
            except ValueError:
                value = None
            yield number, value if isinstance(value, dict) else None


def remove_file(world: World, item: Item) -> None:
    """Remove a file, also from all vector stores."""
    from openai_mock.files.vector_files import detach_everywhere

    detach_everywhere(world, item.key)
    world.store.delete(item.collection, item.key)


@step("files.expire")
def _expire(world: World, item: Item, at: float) -> None:
    del at
    remove_file(world, item)
