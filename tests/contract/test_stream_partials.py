"""What a whole stream is together is what the same call gives that does not stream."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from typing import Any

import pytest
from openai_http import OpenAI
from openai_mock import MockServer, serve
from openai_stream import StreamTruncatedError

# Any: what calls of several kinds take and give.

PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82"
)
CALLS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "images.generate": (
        "images.generate",
        {"model": "gpt-image-1.5", "prompt": "A cat", "size": "1024x1024"},
        {"partial_images": 2},
    ),
    "images.edit": (
        "images.edit",
        {"model": "gpt-image-1.5", "prompt": "A cat", "size": "1024x1024", "image": PIXEL},
        {"partial_images": 2},
    ),
    "transcriptions": ("audio.transcriptions.create", {"model": "gpt-4o-transcribe"}, {}),
    "transcriptions with log probabilities": (
        "audio.transcriptions.create",
        {"model": "gpt-4o-transcribe", "include": ["logprobs"]},
        {},
    ),
    "completions": (
        "completions.create",
        {"model": "gpt-3.5-turbo-instruct", "prompt": ["Hello there", "Hi"], "n": 2, "logprobs": 2},
        {"stream_options": {"include_usage": True}},
    ),
}


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with serve() as server:
        yield server


@pytest.fixture(scope="module")
def client(mock: MockServer) -> Iterator[OpenAI]:
    with OpenAI(api_key=mock.api_key, base_url=mock.base_url, max_retries=0) as made:
        yield made


def recording() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16_000))
    return file.getvalue()


def method(client: OpenAI, case: str) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    name, params, streamed = CALLS[case]
    called: Any = client
    for part in name.split("."):
        called = getattr(called, part)
    if name.startswith("audio"):
        params = {**params, "file": ("sound.wav", recording())}
    return called, params, {**params, **streamed, "stream": True}


@pytest.mark.parametrize("case", CALLS)
def test_a_whole_stream_is_what_is_not_streamed(client: OpenAI, case: str):
    called, params, streamed = method(client, case)
    stream = called(**streamed)
    for _ in stream:
        pass
    assert stream.outcome == "complete"
    partial, whole = stream.partial.to_dict(), called(**params).to_dict()
    for each in (partial, whole):  # of each call its own
        each.pop("id", None)
        each.pop("created", None)
    assert partial == whole


def test_speakers_are_in_the_partial(client: OpenAI):
    called, params, streamed = method(client, "transcriptions")
    told: dict[str, Any] = {
        "model": "gpt-4o-transcribe-diarize",
        "response_format": "diarized_json",
    }
    stream = called(**streamed | told)
    for _ in stream:
        pass
    partial, whole = stream.partial.to_dict(), called(**params | told).to_dict()
    assert partial == {name: whole[name] for name in partial}
    assert {*whole} - {*partial} == {"duration", "task"}  # which no event has


@pytest.mark.parametrize("case", ["images.generate", "transcriptions", "completions"])
def test_a_stream_that_is_cut_says_so_and_has_what_came(client: OpenAI, case: str):
    called, _, streamed = method(client, case)
    fault = {"x-mock-fault": "no_end"}
    with pytest.raises(StreamTruncatedError) as caught:
        list(called(**streamed, extra_headers=fault))
    assert type(caught.value.partial) is type(called(**streamed).partial)
