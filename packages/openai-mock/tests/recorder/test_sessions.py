import socket
import threading
from pathlib import Path

import pytest
from openai_mock import (
    MockServerError,
    TapeError,
    TapeMismatchError,
    record,
    record_or_replay,
    replay,
)
from openai_mock.recorder import tape

from .raw_server import RawServer, ask, whole

NOTHING = tape.first_line("/v1")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.jsonl"


@pytest.fixture
def recorded(upstream: RawServer, path: Path) -> Path:
    """A tape with one exchange."""
    upstream.expect(whole(b"one"))
    with record(upstream.base_url, path) as server:
        ask(server.base_url)
    return path


def test_server_has_what_clients_need(
    upstream: RawServer, path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-mine")
    with record(upstream.base_url, path) as server:
        assert server.base_url == f"{server.url}/v1"
        assert server.api_key == "sk-mine"
        assert server.tape == path
        assert repr(server) == f"TapeServer({server.url!r}, tape={str(path)!r})"
    with replay(path) as server:
        assert server.base_url == f"{server.url}/v1"
        assert server.api_key == "sk-openai-mock"


def test_once_records_and_then_replays(upstream: RawServer, path: Path):
    upstream.expect(whole(b"one"))
    for _ in range(3):
        with record_or_replay(upstream.base_url, path) as server:
            assert ask(server.base_url).body == b"one"
    assert len(upstream.requests) == 1


def test_tape_that_is_there_is_not_overwritten_by_mistake(recorded: Path, upstream: RawServer):
    before = recorded.read_bytes()
    with pytest.raises(TapeError, match="is there already"), record(upstream.base_url, recorded):
        pass
    assert recorded.read_bytes() == before
    with record(upstream.base_url, recorded, overwrite=True):
        pass
    assert recorded.read_bytes() == NOTHING


def test_block_that_fails_leaves_no_tape(upstream: RawServer, path: Path):
    with pytest.raises(KeyError), record(upstream.base_url, path):
        raise KeyError
    assert list(path.parent.iterdir()) == []


def test_port_in_use_leaves_no_tape(upstream: RawServer, path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(MockServerError), record(upstream.base_url, path, port=port):
            pass
    assert list(path.parent.iterdir()) == []


def test_end_leaves_no_thread(recorded: Path):
    before = {*threading.enumerate()}
    with replay(recorded) as server:
        ask(server.base_url)
    assert {*threading.enumerate()} <= before  # those of other tests may end meanwhile


def test_what_is_left_over_is_an_error_unless_it_is_allowed(recorded: Path):
    with (
        pytest.raises(TapeMismatchError, match="number 1, GET /v1/models") as caught,
        replay(recorded),
    ):
        pass
    assert caught.value.unused == ("number 1, GET /v1/models",)
    assert caught.value.unexpected == ()
    with replay(recorded, allow_unused=True):
        pass


def test_block_that_fails_tells_what_was_not_on_the_tape(recorded: Path):
    def failing() -> None:
        with replay(recorded) as server:
            ask(server.base_url, "/other")
            raise KeyError

    with pytest.raises(KeyError) as caught:
        failing()
    (note,) = caught.value.__notes__
    assert "GET /v1/other is not on the tape" in note
    assert "not asked for" not in note


def test_block_that_fails_for_another_reason_has_no_note(recorded: Path):
    with pytest.raises(KeyError) as caught, replay(recorded):
        raise KeyError
    assert not hasattr(caught.value, "__notes__")


def test_fields_can_be_ignored(upstream: RawServer, path: Path):
    upstream.expect(whole(b"one"))
    with record(upstream.base_url, path) as server:
        ask(server.base_url, "/x?run=1", b'{"run": 1, "input": "a"}')
    with replay(path, ignore=["run"]) as server:
        assert ask(server.base_url, "/x?run=2", b'{"run": 2, "input": "a"}').body == b"one"


def test_own_secrets_are_not_written(upstream: RawServer, path: Path):
    upstream.expect(whole(b"to Jane Doe"))
    with record(upstream.base_url, path, secrets=["Jane Doe"]) as server:
        assert ask(server.base_url, "/x?from=Jane%20Doe").body == b"to Jane Doe"
    assert "Jane" not in path.read_text()
    with replay(path, secrets=["Jane Doe"]) as server:
        assert ask(server.base_url, "/x?from=Jane+Doe").body == b"to ********"


@pytest.mark.parametrize("speed", [0, -1])
def test_impossible_speed_is_told(recorded: Path, speed: float):
    with pytest.raises(TapeError, match="not above 0"), replay(recorded, speed=speed):
        pass


def test_missing_httpx_is_told_with_the_remedy(path: Path, monkeypatch: pytest.MonkeyPatch):
    def absent(name: str) -> None:
        assert name == "httpx"

    monkeypatch.setattr("openai_mock.recorder.sessions.find_spec", absent)
    with pytest.raises(TapeError, match=r"pip install httpx"):
        record("http://127.0.0.1:1/v1", path).__enter__()
