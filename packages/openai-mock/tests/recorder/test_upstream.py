import gzip
import json
from pathlib import Path

import pytest
from openai_mock import TapeError, record
from openai_mock.network import forbidden_network
from openai_mock.recorder import tape
from openai_mock.recorder.exchange import Chunk, Head
from openai_mock.recorder.upstream import Upstream

from .raw_server import RawServer, ask, head, whole


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.jsonl"


def test_request_is_passed_on_as_it_was_asked(upstream: RawServer, path: Path):
    upstream.expect(whole(b"{}"))
    with record(upstream.base_url, path) as server:
        ask(
            server.base_url,
            "/files/a%2Fb%20c?x=%C3%A9&y=a+b",
            b'{"a":  1}',
            method="PATCH",
            headers=(
                "Authorization: Bearer k",
                "X-Mine: 1",
                "x-mine: 2",
                "Accept-Encoding: gzip",
                "Proxy-Authorization: Basic x",
            ),
        )
    first, *lines = upstream.requests[0].partition(b"\r\n\r\n")[0].decode().splitlines()
    assert first == "PATCH /v1/files/a%2Fb%20c?x=%C3%A9&y=a+b HTTP/1.1"
    assert upstream.requests[0].endswith(b'{"a":  1}')
    found = sorted(lines)
    host = upstream.base_url.removeprefix("http://").removesuffix("/v1")
    assert found == sorted(
        [
            "accept-encoding: identity",
            "authorization: Bearer k",
            "content-length: 9",
            f"Host: {host}",
            "x-mine: 1",
            "x-mine: 2",
        ]
    )


def test_what_is_for_one_hop_does_not_come_back(upstream: RawServer, path: Path):
    upstream.expect(whole(b"{}", "connection: close, x-hop", "x-hop: 1", "x-end: 1"))
    with record(upstream.base_url, path) as server:
        seen = ask(server.base_url)
    assert b"x-end: 1" in seen.data
    assert b"x-hop" not in seen.data


def test_redirect_is_passed_on_and_leads_to_the_recorder(upstream: RawServer, path: Path):
    origin = upstream.base_url.removesuffix("/v1")
    upstream.expect(whole(b"", f"location: {origin}/v1/other", status="307 Temporary Redirect"))
    upstream.expect(whole(b"", "location: https://elsewhere.test/", status="302 Found"))
    with record(upstream.base_url, path) as server:
        assert b"location: /v1/other\r\n" in ask(server.base_url).data
        assert b"location: https://elsewhere.test/\r\n" in ask(server.base_url).data


def test_answer_without_a_length_is_whole_when_the_connection_ends(upstream: RawServer, path: Path):
    upstream.expect(head("connection: close") + b"all", lambda each: each.shutdown(2))
    with record(upstream.base_url, path) as server:
        assert ask(server.base_url).body == b"3\r\nall\r\n0\r\n\r\n"
    assert tape.read(path).exchanges[0].events[-1].how == "complete"  # type: ignore[union-attr]


def test_answer_without_a_body(upstream: RawServer, path: Path):
    upstream.expect(head(status="204 No Content"))
    with record(upstream.base_url, path) as server:
        seen = ask(server.base_url, method="DELETE")
    assert seen.data.startswith(b"HTTP/1.1 204 ")
    assert seen.body == b""


def test_answer_that_was_compressed_all_the_same_is_unpacked(upstream: RawServer, path: Path):
    body = b'{"api_key": "abc", "text": "' + b"x" * 2000 + b'"}'
    upstream.expect(whole(gzip.compress(body), "content-encoding: gzip"))
    with record(upstream.base_url, path) as server:
        seen = ask(server.base_url)
    assert b"content-encoding" not in seen.data
    assert b"x" * 2000 in seen.body
    events = tape.read(path).exchanges[0].events
    assert isinstance(events[0], Head)
    assert events[0].headers == ()
    found = b"".join(each.data for each in events if isinstance(each, Chunk))
    assert found == body.replace(b"abc", b"***")


def test_answer_that_is_no_gzip_in_the_middle_is_cut(upstream: RawServer, path: Path):
    packed = gzip.compress(b"x" * 2000, mtime=0)
    upstream.expect(whole(packed[:15] + b"?" * 20, "content-encoding: gzip"))
    with record(upstream.base_url, path) as server:
        seen = ask(server.base_url)
    assert seen.data.startswith(b"HTTP/1.1 200 ")
    assert not seen.body.endswith(b"0\r\n\r\n")
    assert tape.read(path).exchanges[0].events[-1].how == "cut"  # type: ignore[union-attr]


def test_network_that_is_forbidden_is_told(path: Path):
    with record("http://example.test/v1", path) as server, forbidden_network():
        seen = ask(server.base_url)
    message = json.loads(seen.body)["error"]["message"]
    assert "leave out --openai-forbid-network" in message
    assert tape.read(path).exchanges == ()


def test_answer_that_cannot_be_searched_is_refused(upstream: RawServer, path: Path):
    upstream.expect(whole(b"?", "content-encoding: br"))
    with record(upstream.base_url, path) as server:
        seen = ask(server.base_url)
    assert seen.data.startswith(b"HTTP/1.1 502 ")
    assert "'br'" in json.loads(seen.body)["error"]["message"]
    assert tape.read(path).exchanges == ()


@pytest.mark.parametrize(
    ("url", "base", "origin"),
    [
        ("https://api.openai.com/v1/", "/v1", "https://api.openai.com"),
        ("http://localhost:8000", "", "http://localhost:8000"),
        ("https://x.openai.azure.com/openai/v1", "/openai/v1", "https://x.openai.azure.com"),
    ],
)
def test_parts_of_a_url(url: str, base: str, origin: str):
    upstream = Upstream(url, timeout=1)
    assert (upstream.base, upstream.origin) == (base, origin)
    assert upstream.is_loopback == ("localhost" in url)


@pytest.mark.parametrize("url", ["", "ftp://h/", "http://api.openai.com/v1", "no url"])
def test_url_that_no_server_can_have_is_told(url: str):
    with pytest.raises(TapeError, match="upstream cannot be recorded"):
        Upstream(url, timeout=1)
