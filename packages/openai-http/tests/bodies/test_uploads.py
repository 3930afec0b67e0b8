"""Files that are sent: what is taken for one, and how it arrives."""

import io
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from openai_http.bodies.uploads import Form, Part, is_file, parts_of
from openai_types.errors import InvalidArgumentError, InvalidTypeError

FILE: dict[str, Any] = {"id": "file_1", "object": "file"}


def only(name: str, value: object) -> Part:
    [part] = parts_of(name, value)
    return part


def form_in(request: Any) -> list[Message]:
    """The parts of a multipart body, read by the standard library."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = message_from_bytes(head + request.body)
    assert message.is_multipart()
    return [part for part in message.walk() if not part.is_multipart()]


def disposition(part: Message) -> tuple[Any, Any]:
    return part.get_param("name", header="content-disposition"), part.get_filename()


def test_row_39_bytes_get_a_name():
    assert only("file", b"abc") == Part("file", "upload", b"abc")
    assert only("file", bytearray(b"abc")).content == b"abc"
    assert only("file", memoryview(b"abc")).content == b"abc"


def test_path_is_read_and_gives_the_name(tmp_path: Path):
    path = tmp_path / "notes.txt"
    path.write_bytes(b"abc")
    assert only("file", path) == Part("file", "notes.txt", b"abc")


def test_open_file_gives_the_name_and_is_handed_on(tmp_path: Path):
    path = tmp_path / "notes.txt"
    path.write_bytes(b"abc")
    with path.open("rb") as opened:
        part = only("file", opened)
        assert (part.filename, part.content) == ("notes.txt", opened)
    assert only("file", io.BytesIO(b"abc")).filename == "upload"


@pytest.mark.parametrize(
    ("given", "part"),
    [
        (("a.txt", b"abc"), Part("file", "a.txt", b"abc")),
        ((None, b"abc"), Part("file", "upload", b"abc")),
        (("a.txt", "ü"), Part("file", "a.txt", "ü".encode())),
        (("a", b"abc", "text/x"), Part("file", "a", b"abc", "text/x")),
        (("a", b"abc", None, {"x": "1"}), Part("file", "a", b"abc", None, {"x": "1"})),
    ],
)
def test_tuple_says_more(given: tuple[object, ...], part: Part):
    assert is_file(given)
    assert only("file", given) == part


def test_several_files_have_brackets():
    assert [part.name for part in parts_of("image", [b"a", ("b", b"b")])] == ["image[]", "image[]"]


@pytest.mark.parametrize("wrong", ["text", 5, None, {"a": 1}, io.StringIO("text")])
def test_what_is_no_file_is_refused(wrong: object):
    with pytest.raises(InvalidTypeError, match=r"file takes a file, not .*pathlib\.Path"):
        list(parts_of("file", wrong))


class AsyncFile:
    """Like an UploadFile of Starlette, of which a form would be written for ever."""

    async def read(self, size: int = -1) -> bytes:
        return b"abc"[:size]


@pytest.mark.parametrize("file", [AsyncFile(), ("a.txt", AsyncFile())])
def test_file_that_must_be_awaited_is_refused(file: object):
    with pytest.raises(InvalidTypeError, match=r"of a AsyncFile gives must be awaited"):
        list(parts_of("file", file))


def test_text_file_is_refused(tmp_path: Path):
    path = tmp_path / "notes.txt"
    path.write_text("abc")
    with path.open() as opened, pytest.raises(InvalidArgumentError, match='opened with "rb"'):
        list(parts_of("file", opened))


def test_missing_file_is_named(tmp_path: Path):
    with pytest.raises(InvalidArgumentError, match=r"file cannot be read.*nowhere\.txt"):
        list(parts_of("file", tmp_path / "nowhere.txt"))


@pytest.mark.anyio
async def test_upload_is_a_form(server: Any, caller: Any):
    server.play(server.json(200, FILE))
    async with caller.client() as client:
        given: dict[str, Any] = {"anchor": "created_at", "seconds": 60}
        await caller.do(
            client.files.create,
            file=("ü.jsonl", b"{}\n", "application/jsonl"),
            purpose="batch",
            expires_after=given,
        )
    [request] = server.requests
    parts = form_in(request)
    assert [disposition(part)[0] for part in parts] == [
        "purpose",
        "expires_after[anchor]",
        "expires_after[seconds]",
        "file",
    ]
    assert [part.get_payload(decode=True) for part in parts] == [
        b"batch",
        b"created_at",
        b"60",
        b"{}\n",
    ]
    assert parts[-1].get_content_type() == "application/jsonl"
    assert disposition(parts[0])[1] is None


@pytest.mark.anyio
async def test_retried_upload_sends_the_same_again(server: Any, caller: Any):
    server.play(server.json(500, {}, retry_after_ms="0"), server.json(200, FILE))
    async with caller.client(max_retries=1) as client:
        await caller.do(client.files.create, file=io.BytesIO(b"abc"), purpose="batch")
    first, second = (form_in(request)[-1].get_payload(decode=True) for request in server.requests)
    assert first == second == b"abc"


@pytest.mark.anyio
async def test_form_arrives_without_a_file(server: Any, caller: Any):
    server.play(server.json(200, {"id": "video_1"}))
    async with caller.client() as client:
        await caller.do(client.videos.create, prompt="A fox.")
    [request] = server.requests
    [part] = form_in(request)
    assert disposition(part) == ("prompt", None)
    assert part.get_payload(decode=True) == b"A fox."


@pytest.mark.anyio
async def test_json_arrives_where_an_object_says_where_the_file_is(server: Any, caller: Any):
    server.play(server.json(200, {"id": "video_2"}))
    async with caller.client() as client:
        await caller.do(client.videos.edit, prompt="Colder.", video={"id": "video_1"})
    [request] = server.requests
    assert request.headers["content-type"] == "application/json"
    assert request.json() == {"prompt": "Colder.", "video": {"id": "video_1"}}


@pytest.mark.anyio
async def test_extra_body_is_a_part_of_the_form(server: Any, caller: Any):
    server.play(server.json(200, FILE))
    async with caller.client() as client:
        extra = {"vendor": True, "purpose": "vision"}
        await caller.do(client.files.create, file=b"a", purpose="batch", extra_body=extra)
    [request] = server.requests
    fields = {disposition(part)[0]: part.get_payload(decode=True) for part in form_in(request)}
    assert fields == {"vendor": b"true", "purpose": b"vision", "file": b"a"}


@pytest.mark.parametrize("session", [None, {"type": "realtime", "model": "gpt-realtime"}])
@pytest.mark.anyio
async def test_offer_of_a_call(server: Any, caller: Any, session: Any):
    server.play(server.answer(201, b"v=0", content_type="application/sdp"))
    given = {} if session is None else {"session": session}
    async with caller.client() as client:
        answer = await caller.do(client.realtime.calls.create, sdp="v=0\r\n", **given)
    assert answer.text == "v=0"
    [request] = server.requests
    if session is None:
        assert request.headers["content-type"] == "application/sdp"
        assert request.body == b"v=0\r\n"
    else:
        offer, settings = form_in(request)
        assert offer.get_content_type() == "application/sdp"
        assert settings.get_payload(decode=True) == b'{"type":"realtime","model":"gpt-realtime"}'


def test_form_is_made_ready_to_be_sent_again():
    file = io.BytesIO(b"12345")
    form = Form((), (Part("a", "a", b"bytes"), Part("b", "b", file)))
    file.read()
    form.rewind()
    assert file.read() == b"12345"


def test_file_that_cannot_be_read_again_is_named():
    file = io.BytesIO()
    file.close()
    with pytest.raises(InvalidArgumentError, match=r"the file for image\[\] cannot be read again"):
        Part("image[]", "a.png", file).rewind()
