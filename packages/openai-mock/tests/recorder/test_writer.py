import base64
import json
import logging
import string
from io import BufferedWriter
from pathlib import Path
from typing import cast
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock import TapeError
from openai_mock.recorder import tape
from openai_mock.recorder.asked import Asked
from openai_mock.recorder.exchange import Accepted, Chunk, End, Event, Head, Message
from openai_mock.recorder.redaction import Redactor
from openai_mock.recorder.writer import TapeWriter

from .unhurried import unhurried

GET = Asked("GET", b"/v1/models", b"", [])


class Clock:
    """Gives the time that it is set to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tapes")


def test_tape_appears_when_it_is_saved(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "openai_mock.recorder")
    clock, path = Clock(), tmp_path / "new" / "a.jsonl"
    writer = TapeWriter(path, base="/v1", redactor=Redactor(), clock=clock)
    first, second = writer.begin(GET), writer.begin(GET)
    clock.now += 0.25
    second.add(Head(200, (), second.elapsed()))
    second.add(Chunk(b"x", second.elapsed()))
    second.add(End("complete", second.elapsed()))
    second.add(End("abandoned", 999))  # it has ended already
    writer.finish(second)
    (unfinished,) = path.parent.iterdir()
    assert b'"request": 2' in unfinished.read_bytes()  # a machine that dies leaves that much
    first.add(End("cut", first.elapsed()))
    writer.finish(first)
    assert not path.exists()
    writer.save()
    assert list(path.parent.iterdir()) == [path]
    found = tape.read(path).exchanges
    assert [each.number for each in found] == [1, 2]
    assert found[1].events == (Head(200, (), 250), Chunk(b"x", 250), End("complete", 250))
    assert caplog.messages == [
        "2: GET /v1/models: 200, 1 chunks, complete",
        "1: GET /v1/models: cut",
    ]


def test_discarded_recording_leaves_the_old_tape(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    path.write_text("old")
    writer = TapeWriter(path, base="/v1", redactor=Redactor())
    writer.discard()
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text() == "old"


def test_folder_that_cannot_be_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TapeError, match="cannot be written") as caught:
        TapeWriter(tmp_path / "file" / "a.jsonl", base="", redactor=Redactor())
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
def test_disk_that_is_full_is_told_when_it_ends(tmp_path: Path):
    writer = TapeWriter(tmp_path / "a.jsonl", base="", redactor=Redactor())
    writer._file.close()
    full = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115 - the writer closes it
    writer._file = cast("BufferedWriter", full)
    take = writer.begin(GET)
    take.add(End("cut", 0))
    writer.finish(take)
    with pytest.raises(TapeError, match="No space left"):
        writer.save()
    assert not (tmp_path / "a.jsonl").exists()


def test_tape_that_cannot_be_put_in_its_place_is_told(tmp_path: Path):
    writer = TapeWriter(tmp_path / "a.jsonl", base="", redactor=Redactor())
    (unfinished,) = tmp_path.iterdir()
    unfinished.unlink()
    with pytest.raises(TapeError, match="cannot be written"):
        writer.save()


WORD = st.text(st.sampled_from(string.ascii_letters + string.digits), min_size=24, max_size=40)
SHAPES = ("sk-{}7", "ek_{}7", "whsec_{}7", "Bearer {}7", '"client_secret":"{}7"', "?api_key={}7")
SECRET_HEADERS = (
    *(b"authorization", b"api-key", b"x-api-key", b"cookie"),
    *(b"openai-organization", b"openai-project"),
)
AROUND = st.text(st.sampled_from('ab1 "\\\n{}:é/,'), max_size=12)
PLACES = ("header", "json", "form", "text", "query", "path", "answer", "answer header", "message")


def recorded(path: Path, asked: Asked, *events: Event) -> str:
    """All that a tape says of this, in the file and decoded."""
    writer = TapeWriter(path, base="/v1", redactor=Redactor())
    take = writer.begin(asked)
    for event in (*events, End("complete", 0)):
        take.add(event)
    writer.finish(take)
    writer.save()
    lines = [json.loads(line) for line in path.read_bytes().split(b"\n") if line]
    chunks = [line["chunk"] for line in lines if "chunk" in line]
    decoded = [
        each if isinstance(each, str) else base64.b64decode(each["base64"]).decode("latin-1")
        for each in chunks
    ]
    messages = [
        base64.b64decode(line["client"]["base64"]).decode("latin-1")
        for line in lines
        if isinstance(line.get("client"), dict)
    ]
    return "\n".join([path.read_text(), "".join(decoded), *messages])


def sent(place: str, text: str) -> Asked:
    """A request with a text somewhere."""
    quoted = quote(text).encode()
    as_json = json.dumps({"a": [text]}).encode()
    form = f'--B\r\ncontent-disposition: form-data; name="x"\r\n\r\n{text}\r\n--B--'.encode()
    bodies = {"json": as_json, "form": form, "text": text.encode()}
    kinds = {"form": b"multipart/form-data; boundary=B", "text": b"text/plain"}
    headers = [
        (b"content-type", kinds.get(place, b"application/json")),
        (b"accept", text.encode("latin-1", "ignore") if place == "header" else b"*/*"),
    ]
    return Asked(
        "POST",
        b"/v1/" + (quoted if place == "path" else b""),
        b"q=" + (quoted if place == "query" else b""),
        headers,
        bodies.get(place, b""),
    )


def followed(place: str, cut: int, text: str) -> list[Event]:
    """An answer, or messages, with a text somewhere."""
    body = json.dumps({"a": [text]})
    if place == "message":
        both = (Message("client", body, 0), Message("server", body, 0))
        return [Accepted(None, 0), *both, Message("client", body.encode(), 0)]
    header = text if place == "answer header" else ""
    data = body.encode() if place == "answer" else b""
    return [Head(200, (("x", header),), 0), Chunk(data[:cut], 0), Chunk(data[cut:], 0)]


@unhurried
@given(
    word=WORD,
    shape=st.sampled_from(SHAPES),
    around=st.tuples(AROUND, AROUND),
    at=st.tuples(st.sampled_from(PLACES), st.integers(1, 100)),
)
def test_planted_secret_never_reaches_the_file(
    folder: Path, word: str, shape: str, around: tuple[str, str], at: tuple[str, int]
):
    text = f"{around[0]} {shape.format(word)} {around[1]}"
    path = folder / "planted.jsonl"
    assert word not in recorded(path, sent(at[0], text), *followed(*at, text))


@unhurried
@given(
    word=WORD.map(lambda text: f"7{text}"),
    came=st.tuples(st.sampled_from(SECRET_HEADERS), st.sampled_from(("", "Bearer ", "Basic "))),
    around=st.tuples(AROUND, AROUND),
    at=st.tuples(st.sampled_from(PLACES), st.integers(1, 100)),
)
def test_secret_of_the_request_never_reaches_the_file_wherever_it_is_repeated(
    folder: Path,
    word: str,
    came: tuple[bytes, str],
    around: tuple[str, str],
    at: tuple[str, int],
):
    text = f"{around[0]}{word}{around[1]}"
    asked = sent(at[0], text)
    asked.headers.append((came[0], f"{came[1]}{word}".encode()))
    path = folder / "repeated.jsonl"
    assert word not in recorded(path, asked, *followed(*at, text))
