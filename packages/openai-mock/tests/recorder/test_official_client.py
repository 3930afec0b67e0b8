"""The official package as the client of recordings and replays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openai_mock import MockServer, TapeServer, record, replay

from .mismatches import mismatched

pytestmark = pytest.mark.peer
openai = pytest.importorskip("openai")


def client(server: TapeServer, key: str) -> Any:  # Any: the package is not always installed
    return openai.OpenAI(base_url=server.base_url, api_key=key)


def told(server: TapeServer, key: str) -> list[str]:
    with client(server, key) as opened:
        whole = opened.responses.create(model="gpt-5.5", input="Hi")
        stream = opened.chat.completions.create(
            model="gpt-5.5", messages=[{"role": "user", "content": "Is it you?"}], stream=True
        )
        with pytest.raises(openai.BadRequestError) as caught:
            opened.responses.create(model="gpt-5.5", input="Hi", temperature=9)
        return [whole.to_json(), *(each.to_json() for each in stream), str(caught.value)]


def test_replay_says_what_the_mock_said(mock: MockServer, tmp_path: Path):
    path = tmp_path / "a.jsonl"
    with record(mock.base_url, path) as server:
        recorded = told(server, mock.api_key)
    assert mock.api_key not in path.read_text()
    for _ in range(2):
        with replay(path) as server:
            assert told(server, server.api_key) == recorded


def test_request_that_is_not_on_the_tape_is_asked_once(mock: MockServer, tmp_path: Path):
    path = tmp_path / "a.jsonl"
    with record(mock.base_url, path) as server, client(server, mock.api_key) as opened:
        opened.responses.create(model="gpt-5.5", input="Hi")

    def other(base_url: str) -> str:
        with (
            openai.OpenAI(base_url=base_url, api_key="any") as opened,
            pytest.raises(openai.BadRequestError) as caught,
        ):
            opened.responses.create(model="gpt-5.5", input="Ho")
        return str(caught.value)

    told, mismatch = mismatched(path, other)
    assert 'body.input: recorded "Hi", now "Ho"' in told
    assert len(mismatch.unexpected) == 1
