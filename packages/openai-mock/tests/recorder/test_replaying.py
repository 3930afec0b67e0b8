"""What a tape gives back, byte for byte, without any other server."""

import json
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from openai_mock import record, replay
from openai_mock.recorder import tape
from openai_mock.recorder.exchange import Chunk, End, Event, Exchange, Head, Request

from .mismatches import mismatched
from .raw_server import CHUNKED, PATIENCE, RawServer, Seen, ask, chunk, cut, whole

SSE = (("content-type", "text/event-stream"),)
Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes a tape on which a GET of `/v1/models` was followed by these events each time."""

    def write(*followed: tuple[Event, ...]) -> Path:
        request = Request("GET", "/v1/models", (), {})
        exchanges = [Exchange(number, request, each) for number, each in enumerate(followed, 1)]
        path = tmp_path / "a.jsonl"
        path.write_bytes(tape.first_line("/v1") + b"".join(map(tape.lines_of, exchanges)))
        return path

    return write


def test_two_replays_of_a_recording_give_the_same_bytes(upstream: RawServer, tmp_path: Path):
    upstream.expect(CHUNKED + b"".join(map(chunk, [b"data: \xc3", b"\xa9\n\n", b"\x00\xff", b""])))
    upstream.expect(whole(b"{}", "date: Mon, 01 Jan 2024 00:00:00 GMT", "server: theirs"))
    upstream.expect(whole(b'{"error": {}}', "x-a: 1", "x-a: 2", status="500 Oh"))
    upstream.expect(CHUNKED + chunk(b"half"), cut)
    path = tmp_path / "a.jsonl"

    def asked(base_url: str) -> list[bytes]:
        bodies = [b'{"n": 1}', b'{"n": 2}', b'{"n": 3}', b""]
        return [ask(base_url, "/x", body).data for body in bodies]

    with record(upstream.base_url, path) as server:
        recorded = asked(server.base_url)
    with replay(path) as server:
        first = asked(server.base_url)
    with replay(path) as server:
        second = asked(server.base_url)
    assert first == second == recorded
    assert len(upstream.requests) == 4


def test_chunks_come_as_they_are_on_the_tape(written: Written):
    pieces = [b"a", b"\xff\xfe", "é".encode()]
    path = written((Head(200, SSE, 1), *(Chunk(each, 2) for each in pieces), End("complete", 3)))
    with replay(path) as server:
        seen = ask(server.base_url)
    assert seen.body == b"".join(map(chunk, [*pieces, b""]))
    lines = seen.data.partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
    assert lines[0] == b"http/1.1 200 ok"
    expected = {b"connection: close", b"content-type: text/event-stream"}
    assert set(lines[1:]) - {b"transfer-encoding: chunked"} == expected


@pytest.mark.parametrize("headers", [SSE, (("content-length", "100"),)])
def test_cut_is_replayed(written: Written, headers: tuple[tuple[str, str], ...]):
    path = written((Head(200, headers, 1), Chunk(b"half", 2), End("cut", 3)), (End("cut", 1),))
    with replay(path) as server:
        seen = ask(server.base_url)
        assert b"half" in seen.body
        assert not seen.body.endswith(chunk(b""))
        assert not seen.was_reset
        assert ask(server.base_url).data == b""


def test_reset_is_replayed(written: Written):
    path = written((Head(200, SSE, 1), Chunk(b"half", 2), End("reset", 3)), (End("reset", 1),))
    with replay(path) as server:
        assert ask(server.base_url).was_reset
        assert ask(server.base_url).was_reset


@pytest.mark.parametrize("how", ["timeout", "abandoned"])
def test_silence_is_replayed_until_the_client_leaves(written: Written, how: str):
    silent = (Head(200, SSE, 1), Chunk(b"half", 2), End(how, 3))  # type: ignore[arg-type]
    whole = (Head(200, SSE, 1), End("complete", 2))
    with replay(written(silent, whole)) as server:
        parts = urlsplit(server.base_url)
        with socket.create_connection((parts.hostname, parts.port), PATIENCE) as connection:
            connection.sendall(b"GET /v1/models HTTP/1.1\r\nhost: h\r\n\r\n")
            data = b""
            while not data.endswith(chunk(b"half")):
                data += connection.recv(1000)
            assert ask(server.base_url).body == chunk(b"")  # the server has gone on
            connection.setblocking(False)
            with pytest.raises(BlockingIOError):
                connection.recv(1000)


def test_same_request_is_answered_in_order_and_no_oftener(written: Written):
    answers = [(Head(200, SSE, 1), Chunk(each, 2), End("complete", 3)) for each in (b"1", b"2")]
    seen, mismatch = mismatched(
        written(*answers), lambda base_url: [ask(base_url) for _ in range(3)]
    )
    assert [each.body for each in seen[:2]] == [chunk(n) + chunk(b"") for n in (b"1", b"2")]
    assert seen[2].data.startswith(b"HTTP/1.1 400 ")
    (told,) = mismatch.unexpected
    assert "asked for more often" in told


def test_unknown_request_is_refused_so_that_clients_do_not_try_again(written: Written):
    path = written((Head(200, SSE, 1), End("complete", 3)))
    key = "sk-Ab34567890123456"

    def asked(base_url: str) -> list[Seen]:
        headers = (f"api-key: {key}",)
        return [ask(base_url, "/models?limit=2", headers=headers), ask(base_url, f"/x/{key}")]

    (refused, repeated), mismatch = mismatched(path, asked)
    assert b"x-should-retry: false" in refused.data
    error = json.loads(refused.body)["error"]
    assert (error["code"], error["type"]) == ("not_on_tape", "invalid_request_error")
    assert '- query.limit: not recorded, now ["2"]' in error["message"]
    assert mismatch.unused == ("number 1, GET /v1/models",)
    assert "sk-Ab" not in str(mismatch) + repeated.body.decode()


def test_recorded_times_are_waited_for_with_a_speed(written: Written):
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    events = (Head(200, SSE, 100), Chunk(b"a", 150), Chunk(b"b", 150), End("complete", 400))
    with replay(written(events), speed=2.0, sleep=sleep) as server:
        ask(server.base_url)
    assert waits == [0.05, 0.025, 0.0, 0.125]


def test_nothing_is_waited_for_without_a_speed(written: Written):
    async def sleep(_: float) -> None:
        raise AssertionError

    hour = 3_600_000
    path = written((Head(200, SSE, hour), Chunk(b"a", 2 * hour), End("complete", 3 * hour)))
    with replay(path, sleep=sleep) as server:
        assert ask(server.base_url).body == chunk(b"a") + chunk(b"")


def test_json_forms_and_queries_are_compared_by_what_they_say(upstream: RawServer, tmp_path: Path):
    path = tmp_path / "a.jsonl"

    def form(boundary: str) -> tuple[bytes, str]:
        lines = [f"--{boundary}", 'content-disposition: form-data; name="a"', "", "1"]
        body = "\r\n".join([*lines, f"--{boundary}--", ""]).encode()
        return body, f"content-type: multipart/form-data; boundary={boundary}"

    for _ in range(3):
        upstream.expect(whole(b"{}"))
    with record(upstream.base_url, path) as server:
        ask(server.base_url, "/x?a=1&b=2")
        ask(server.base_url, "/x", b'{"a": 1, "b": [1.0]}')
        ask(server.base_url, "/x", form("one")[0], headers=(form("one")[1],))
    with replay(path) as server:
        ask(server.base_url, "/x?b=2&a=1")
        ask(server.base_url, "/x", b'{"b":[1],"a":1}')
        ask(server.base_url, "/x", form("other")[0], headers=(form("other")[1],))


def test_another_key_is_the_same_request(upstream: RawServer, tmp_path: Path):
    path = tmp_path / "a.jsonl"
    upstream.expect(whole(b"{}"))

    def asked(base_url: str, key: str) -> bytes:
        body = json.dumps({"tools": [{"authorization": f"Bearer {key}", "url": f"u?{key}"}]})
        headers = (f"authorization: Bearer {key}",)
        return ask(base_url, f"/x?api_key={key}", body.encode(), headers=headers).body

    with record(upstream.base_url, path) as server:
        asked(server.base_url, "0123456789abcdef")
    with replay(path) as server:
        assert asked(server.base_url, "another-key-of-9876") == b"{}"


def test_many_at_once(written: Written):
    body = [(Head(200, SSE, 1), Chunk(b"%d" % n, 2), End("complete", 3)) for n in range(50)]
    with replay(written(*body)) as server, ThreadPoolExecutor(10) as pool:
        seen = [pool.submit(ask, server.base_url) for _ in range(50)]
    assert sorted(each.result().body for each in seen) == sorted(
        chunk(b"%d" % n) + chunk(b"") for n in range(50)
    )
