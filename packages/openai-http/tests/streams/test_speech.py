"""`client.audio.speech.stream` against the mock server, over real sockets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from openai_http import APIConnectionError, AsyncOpenAI, BadRequestError, OpenAI
from openai_stream import StreamTruncatedError

openai_mock = pytest.importorskip("openai_mock")
pytestmark = pytest.mark.anyio

# Any: the mock server, which need not be installed, and clients of either colour.

SPOKEN: dict[str, Any] = {
    "model": "gpt-4o-mini-tts",
    "input": "Is anybody there?",
    "voice": "alloy",
    "response_format": "wav",
}


@pytest.fixture(scope="module")
def mock() -> Iterator[Any]:
    with openai_mock.serve() as server:
        yield server


@pytest.fixture
def options(mock: Any) -> dict[str, Any]:
    return {"api_key": mock.api_key, "base_url": mock.base_url, "max_retries": 0}


def test_the_events_are_the_sound_that_create_gives(options: dict[str, Any]):
    with OpenAI(**options) as client:
        with client.audio.speech.stream(**SPOKEN, idle_timeout=60) as stream:
            kinds = [event.type for event in stream]
        whole = client.audio.speech.create(**SPOKEN).content
    assert stream.partial == whole
    assert stream.outcome == "complete"
    assert kinds == ["speech.audio.delta"] * (len(kinds) - 1) + ["speech.audio.done"]
    assert len(kinds) > 2


async def test_the_events_are_the_same_for_asynchronous_code(options: dict[str, Any]):
    async with AsyncOpenAI(**options) as client:
        async with await client.audio.speech.stream(**SPOKEN) as stream:
            kinds = [event.type async for event in stream]
        whole = await client.audio.speech.create(**SPOKEN)
    assert stream.partial == whole.content
    assert kinds[-1] == "speech.audio.done"


def test_the_head_of_the_response_can_be_had_before_the_events(options: dict[str, Any]):
    with OpenAI(**options) as client:
        raw = client.audio.speech.with_raw_response.stream(**SPOKEN)
        assert raw.headers["content-type"].startswith("text/event-stream")
        assert [event.type for event in raw.parse()][-1] == "speech.audio.done"


def test_sound_that_is_cut_off_is_an_error_that_has_it(options: dict[str, Any]):
    cut = {"x-mock-fault": "no_end"}
    with OpenAI(**options) as client:
        stream = client.audio.speech.stream(**SPOKEN, extra_headers=cut)
        with pytest.raises(StreamTruncatedError, match=r"without speech\.audio\.done") as caught:
            list(stream)
        assert stream.outcome == "truncated"
        whole = client.audio.speech.create(**SPOKEN).content
    assert isinstance(caught.value.partial, bytes)
    assert caught.value.partial == whole


def test_a_connection_that_breaks_off_leaves_what_came(options: dict[str, Any]):
    cut = {"x-mock-fault": "cut:after_events=2"}
    with OpenAI(**options) as client:
        stream = client.audio.speech.stream(**SPOKEN, extra_headers=cut)
        with pytest.raises(APIConnectionError):
            list(stream)
        whole = client.audio.speech.create(**SPOKEN).content
    assert stream.outcome == "truncated"
    assert whole.startswith(stream.partial)
    assert 0 < len(stream.partial) < len(whole)


def test_a_model_that_cannot_stream_says_so(options: dict[str, Any]):
    with OpenAI(**options) as client, pytest.raises(BadRequestError, match="stream_format"):
        client.audio.speech.stream(model="tts-1", input="Hi", voice="alloy")


def test_what_create_does_not_know_is_refused_before_it_is_sent(options: dict[str, Any]):
    with OpenAI(**options) as client, pytest.raises(TypeError, match="did you mean 'voice'"):
        client.audio.speech.stream(**SPOKEN, voic="ash")  # type: ignore[call-arg]
