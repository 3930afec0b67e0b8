"""Downloads: whole or not there, and counted while they arrive."""

import os
import stat
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from openai_http import APIConnectionError, APIStatusError
from openai_http.bodies.downloads import PartFile, Tally, announced_size, save, save_async

pytestmark = pytest.mark.anyio

DATA = os.urandom(200_000)


def left_in(folder: Path) -> list[bytes]:
    """What the files of a folder hold."""
    return [each.read_bytes() for each in folder.iterdir()]


class Counts:
    """A callback that notes what it is told."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, int | None]] = []

    def __call__(self, received: int, total: int | None) -> None:
        self.seen.append((received, total))


def broken() -> Iterator[bytes]:
    yield b"half"
    raise OSError("cut")


async def broken_async() -> AsyncIterator[bytes]:
    yield b"half"
    raise OSError("cut")


@pytest.mark.parametrize("before", [None, b"old"])
async def test_file_that_breaks_off_leaves_what_was_there(tmp_path: Path, before: bytes | None):
    place = tmp_path / "speech.mp3"
    if before is not None:
        place.write_bytes(before)
    with pytest.raises(OSError, match="cut"):
        save(broken(), place)
    with pytest.raises(OSError, match="cut"):
        await save_async(broken_async(), place)
    assert left_in(tmp_path) == ([before] if before else [])


async def test_file_is_there_when_it_is_whole(tmp_path: Path):
    place = tmp_path / "a"

    def pieces() -> Iterator[bytes]:
        yield b"first "
        assert not place.exists()
        yield b"second"

    save(pieces(), str(place))
    assert place.read_bytes() == b"first second"
    assert left_in(tmp_path) == [b"first second"]


async def test_file_of_a_task_that_is_cancelled_is_removed(tmp_path: Path):
    async def pieces() -> AsyncIterator[bytes]:
        yield b"half"
        scope.cancel()
        await anyio.sleep_forever()

    with anyio.CancelScope() as scope:
        await save_async(pieces(), tmp_path / "a")
    assert left_in(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are of POSIX")
def test_permissions_are_those_of_what_was_there_or_the_usual_ones(tmp_path: Path):
    usual, place = tmp_path / "usual", tmp_path / "a"
    usual.write_bytes(b"")
    save([b"new"], place)
    assert place.stat().st_mode == usual.stat().st_mode
    place.chmod(0o640)
    save([b"newer"], place)
    assert stat.S_IMODE(place.stat().st_mode) == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_link_goes_on_pointing_to_its_file(tmp_path: Path):
    place, link = tmp_path / "a", tmp_path / "link"
    place.write_bytes(b"old")
    link.symlink_to(place)
    save([b"new"], link)
    assert link.is_symlink()
    assert place.read_bytes() == b"new"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_pipe_is_written_to(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    save([b"data"], pipe)
    reader.join(60)
    assert read == [b"data"]
    with PartFile(os.devnull) as part:
        part.write(b"x")
    assert Path(os.devnull).exists()


def test_folder_that_is_not_there_is_named_with_the_file(tmp_path: Path):
    place = tmp_path / "no" / "a"
    with pytest.raises(FileNotFoundError, match=r"no.a'$"):
        save([b"x"], place)
    with pytest.raises(IsADirectoryError if sys.platform != "win32" else PermissionError):
        save([b"x"], tmp_path)


def test_tally_tells_what_has_arrived():
    counts = Counts()
    tally = Tally(counts, 5)
    tally.add(b"ab")
    tally.add(b"cde")
    assert counts.seen == [(2, 5), (5, 5)]
    Tally(None, None).add(b"a")


@pytest.mark.parametrize(
    ("headers", "size"),
    [
        ({"content-length": "12"}, 12),
        ({"content-length": "12", "content-encoding": "identity"}, 12),
        ({"content-length": "12", "content-encoding": "gzip"}, None),
        ({"content-length": "-1"}, None),
        ({"content-length": "x"}, None),
        ({}, None),
    ],
)
def test_size_is_known_from_the_head(headers: dict[str, str], size: int | None):
    assert announced_size(headers) == size


@pytest.mark.parametrize("method", ["write_to_file", "stream_to_file", "read", "iter_bytes"])
async def test_progress_of_a_download(caller: Any, server: Any, tmp_path: Path, method: str):
    server.play(server.answer(200, DATA, content_type="audio/mpeg"))
    counts = Counts()
    options: dict[str, Any] = {"progress": counts}
    given = [tmp_path / "a"] if method.endswith("file") else []
    async with caller.client() as client:
        files = client.files.with_streaming_response
        if caller.threads:
            with files.content("f") as response:
                result = getattr(response, method)(*given, **options)
                result = b"".join(result) if method == "iter_bytes" else result
        else:
            async with files.content("f") as response:
                if method == "iter_bytes":
                    result = b"".join([piece async for piece in response.iter_bytes(**options)])
                else:
                    result = await getattr(response, method)(*given, **options)
    assert (given[0].read_bytes() if given else result) == DATA
    assert counts.seen[-1] == (len(DATA), len(DATA))
    assert counts.seen == sorted(counts.seen)
    assert len(counts.seen) > 1


async def test_progress_of_a_compressed_download_has_no_total(caller: Any, server: Any):
    import gzip

    server.play(server.answer(200, gzip.compress(b"abc" * 100), content_encoding="gzip"))
    counts = Counts()
    async with caller.client() as client:
        manager = client.files.with_streaming_response.content("f")
        response = await caller.do(manager.__enter__ if caller.threads else manager.__aenter__)
        await caller.do(response.read, progress=counts)
    assert counts.seen[-1] == (300, None)


async def test_broken_download_leaves_no_file(caller: Any, server: Any, tmp_path: Path):
    server.play((server.answer(200, b"half", length=100), server.close))
    async with caller.client() as client:
        manager = client.files.with_streaming_response.content("f")
        response = await caller.do(manager.__enter__ if caller.threads else manager.__aenter__)
        with pytest.raises(APIConnectionError):
            await caller.do(response.stream_to_file, tmp_path / "a")
        await caller.do(response.close)
    assert left_in(tmp_path) == []


async def test_callback_that_fails_ends_the_download(caller: Any, server: Any, tmp_path: Path):
    def stop(received: int, total: int | None) -> None:
        raise RuntimeError(f"enough: {received} of {total}")

    server.play(server.answer(200, b"data"))
    async with caller.client() as client:
        file = await caller.do(client.files.content, "f")
        for call in (
            lambda: file.write_to_file(tmp_path / "a", progress=stop),
            lambda: file.stream_to_file(tmp_path / "a", progress=stop),
            lambda: file.read(progress=stop),
        ):
            with pytest.raises(RuntimeError, match="enough: 4 of 4"):
                call()
        for wait in (
            lambda: file.astream_to_file(tmp_path / "a", progress=stop),
            lambda: file.aread(progress=stop),
        ):
            with pytest.raises(RuntimeError, match="enough: 4 of 4"):
                await wait()
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("method", ["stream_to_file", "iter_bytes", "iter_text", "iter_lines"])
async def test_row_10_error_is_not_streamed_as_a_file(
    caller: Any, server: Any, tmp_path: Path, method: str
):
    server.play(server.json(200, {"error": {"message": "Overloaded"}}))
    given = [tmp_path / "a"] if method.endswith("file") else []
    async with caller.client() as client:
        manager = client.files.with_streaming_response.content("f")
        response = await caller.do(manager.__enter__ if caller.threads else manager.__aenter__)

        async def receive() -> None:
            if given:
                await caller.do(response.stream_to_file, *given)
            else:
                await caller.collect(getattr(response, method)(), [])

        with pytest.raises(APIStatusError, match="Overloaded"):
            await receive()
    assert left_in(tmp_path) == []


async def test_json_of_a_user_is_streamed_as_a_file(caller: Any, server: Any):
    server.play(server.json(200, {"mine": True}))
    async with caller.client() as client:
        manager = client.files.with_streaming_response.content("f")
        response = await caller.do(manager.__enter__ if caller.threads else manager.__aenter__)
        received: list[bytes] = []
        await caller.collect(response.iter_bytes(), received)
    assert b"".join(received) == b'{"mine": true}'


async def test_head_is_on_models_pages_files_and_responses(caller: Any, server: Any):
    limit = {"x_ratelimit_remaining_requests": "7", "x_request_id": "req_1"}
    server.play(
        server.json(200, {"id": "m"}, **limit),
        server.json(200, {"object": "list", "data": []}, **limit),
        server.answer(200, b"data", length=None, **limit),
        server.json(200, {"id": "m"}, **limit),
    )
    async with caller.client() as client:
        assert (await caller.do(client.models.retrieve, "m"))._request_id == "req_1"
        page = client.models.list
        got = await caller.do(page) if caller.threads else await page()
        assert got._request_id == "req_1"
        file = await caller.do(client.files.content, "f")
        assert (file._request_id, file.rate_limit.requests.remaining) == ("req_1", 7)
        raw = await caller.do(client.models.with_raw_response.retrieve, "m")
        assert (raw.request_id, raw.rate_limit.requests.remaining) == ("req_1", 7)


def test_file_that_cannot_be_put_in_its_place_is_removed(tmp_path: Path):
    place = tmp_path / "speech.mp3"

    def pieces() -> Iterator[bytes]:
        yield b"whole"
        place.mkdir()

    with pytest.raises(OSError):  # noqa: PT011 - each system has its own
        save(pieces(), place)
    assert [*tmp_path.iterdir()] == [place]
