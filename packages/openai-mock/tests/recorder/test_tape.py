import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock import TapeError
from openai_mock.recorder import tape
from openai_mock.recorder.exchange import (
    Accepted,
    Chunk,
    End,
    Event,
    Exchange,
    Head,
    JsonObject,
    Message,
    Request,
)

from .unhurried import unhurried

WHEN = st.integers(0, 10**6)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
HEADERS = st.lists(st.tuples(TEXT, TEXT), max_size=2).map(tuple)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=3,
)
NOTHING: JsonObject = {}
BODIES = st.just(NOTHING) | st.fixed_dictionaries({"json": JSON})
REQUESTS = st.builds(Request, st.sampled_from(["GET", "WEBSOCKET"]), TEXT, HEADERS, BODIES)
SIDES = st.sampled_from(["client", "server"])
HEADS = st.builds(Head, st.integers(100, 599), HEADERS, WHEN)
CHUNKS = st.lists(st.builds(Chunk, st.binary(max_size=8), WHEN), max_size=3)
MESSAGES = st.lists(st.builds(Message, SIDES, TEXT | st.binary(max_size=8), WHEN), max_size=3)
BROKEN = st.builds(End, st.sampled_from(["cut", "reset", "timeout", "abandoned"]), WHEN)
CLOSED = st.builds(End, st.just("closed"), WHEN, SIDES, st.integers(0, 4999), TEXT)
ANSWERS = st.tuples(HEADS, CHUNKS, BROKEN | st.builds(End, st.just("complete"), WHEN))
TALKS = st.tuples(st.builds(Accepted, st.none() | TEXT, WHEN), MESSAGES, CLOSED)
FOLLOWED: st.SearchStrategy[tuple[Event, ...]] = st.one_of(
    BROKEN.map(lambda end: (end,)),
    ANSWERS.map(lambda each: (each[0], *each[1], each[2])),
)
TALKED: st.SearchStrategy[tuple[Event, ...]] = TALKS.map(lambda each: (each[0], *each[1], each[2]))
TALKING = st.builds(Request, st.just("WEBSOCKET"), TEXT, st.just(()), st.just(NOTHING))
FOLLOWING = st.tuples(REQUESTS, FOLLOWED) | st.tuples(TALKING, TALKED)
NUMBERED = st.tuples(st.integers(1, 9), FOLLOWING)
TAPES = st.lists(NUMBERED, max_size=3, unique_by=lambda each: each[0])
HEAD = b'{"tape": 1, "base": "/v1"}\n'
REQUEST = b'{"request": 1, "method": "GET", "path": "/v1/models", "headers": []}\n'
END = b'{"end": "cut", "ms": 3}\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tapes")


def written(folder: Path, data: bytes) -> Path:
    path = folder / "tape.jsonl"
    path.write_bytes(data)
    return path


@unhurried
@given(base=TEXT, recorded=TAPES)
def test_what_is_written_is_read(
    folder: Path, base: str, recorded: list[tuple[int, tuple[Request, tuple[Event, ...]]]]
):
    exchanges = [Exchange(number, *followed) for number, followed in recorded]
    lines = [tape.first_line(base), *(tape.lines_of(each) for each in exchanges)]
    found = tape.read(written(folder, b"".join(lines)))
    assert found.base == base
    assert found.exchanges == tuple(sorted(exchanges, key=lambda each: each.number))


def test_exchanges_are_given_in_the_order_of_their_requests(folder: Path):
    second = REQUEST.replace(b"1", b"2", 1)
    found = tape.read(written(folder, HEAD + second + END + REQUEST + END))
    assert [each.number for each in found.exchanges] == [1, 2]


def test_blank_lines_and_windows_line_ends_do_not_matter(folder: Path):
    lines = HEAD + b"\n" + REQUEST + END
    plain = tape.read(written(folder, lines))
    assert tape.read(written(folder, lines.replace(b"\n", b"\r\n"))) == plain


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "stops too early: it is empty"),
        (b"hello\n", "Line 1 .* is not JSON"),
        (b"[]\n", "Line 1 .* is not a JSON object"),
        (b'{"tape": 2, "base": ""}\n', "Line 1 .* version 1.*it is of version 2"),
        (b'{"a": 1}\n', "Line 1 .* version 1"),
        (HEAD + b"{\n", "Line 2 .* is not JSON"),
        (HEAD + END, "Line 2 .* is not a request"),
        (HEAD + REQUEST.replace(b"}", b', "json": 1, "text": ""}'), "Line 2 .* at most one body"),
        (HEAD + REQUEST.replace(b"}", b', "xml": ""}'), "Line 2 .* at most one body"),
        (HEAD + REQUEST.replace(b"[]", b"{}"), "Line 2 .* headers as a list"),
        (HEAD + REQUEST.replace(b"[]", b'[["a"]]'), "Line 2 .* headers as pairs"),
        (HEAD + REQUEST, "stops too early: GET /v1/models has no end"),
        (HEAD + REQUEST + REQUEST, "Line 3 .* is not a status"),
        (HEAD + REQUEST + b'{"chunk": 1, "ms": 1}\n', "Line 3 .* is not text, or bytes"),
        (HEAD + REQUEST + b'{"chunk": {"base64": "?"}, "ms": 1}\n', "Line 3 .* correct base64"),
        (HEAD + REQUEST + b'{"end": "never", "ms": 1}\n', "Line 3 .* is not a status"),
        (HEAD + REQUEST + b'{"end": "closed", "ms": 1}\n', "Line 3 .* who closed the WebSocket"),
        (HEAD + REQUEST + b'{"end": "complete", "ms": 1}\n', "Line 3 .* how GET /v1/models was"),
        (HEAD + REQUEST + END + REQUEST + END, "Line 4 .* the only request with the number 1"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(folder: Path, data: bytes, told: str):
    path = written(folder, data)
    with pytest.raises(TapeError, match=told) as caught:
        tape.read(path)
    assert str(path) in str(caught.value)
    assert "anew" in str(caught.value)


def test_missing_tape_is_told_with_the_remedy(folder: Path):
    with pytest.raises(TapeError, match="openai-mock record --upstream") as caught:
        tape.read(folder / "missing.jsonl")
    assert isinstance(caught.value.__cause__, FileNotFoundError)


def test_docstring_shows_the_format(folder: Path):
    shown = (tape.__doc__ or "").splitlines()
    lines = [
        line.strip().replace("[...]", "[]").replace("{...}", "{}") for line in shown if "{" in line
    ]
    found = tape.read(written(folder, "\n".join(lines).encode()))
    assert [str(each) for each in found.exchanges] == [
        "number 1, POST /v1/responses",
        "number 2, WEBSOCKET /v1/realtime?model=...",
    ]
    again = tape.first_line(found.base) + b"".join(tape.lines_of(each) for each in found.exchanges)
    assert [json.loads(line) for line in again.splitlines()] == [json.loads(line) for line in lines]
