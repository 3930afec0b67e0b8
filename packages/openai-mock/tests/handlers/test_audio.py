import base64
import io
import json
import wave
from typing import Any

import httpx
import pytest
from openai_http import OpenAI
from openai_mock import MockServer

SAID = {"model": "gpt-4o-mini-tts", "input": "Good morning.", "voice": "alloy"}


def heard(client: httpx.Client, recording: bytes, **more: Any) -> httpx.Response:
    files = {"file": ("a.wav", recording, "audio/wav")}
    data = {"model": "gpt-4o-transcribe", **more}
    return client.post("/audio/transcriptions", data=data, files=files)


@pytest.mark.parametrize("format_", ["mp3", "opus", "aac", "flac", "wav"])
def test_speech_is_understood_again(client: httpx.Client, format_: str):
    spoken = client.post("/audio/speech", json={**SAID, "response_format": format_})
    assert spoken.headers["content-type"].startswith("audio/")
    assert heard(client, spoken.content).json()["text"] == "Good morning."


def test_sound_lasts_longer_when_it_is_slow(client: httpx.Client):
    lengths: list[int] = []
    for speed in (0.5, 2.0):
        asked = {**SAID, "response_format": "wav", "speed": speed}
        with wave.open(io.BytesIO(client.post("/audio/speech", json=asked).content)) as sound:
            lengths.append(sound.getnframes())
    assert lengths[0] > 3 * lengths[1]


def test_samples_come_whole_or_as_events(client: httpx.Client):
    asked = {**SAID, "response_format": "pcm"}
    whole = client.post("/audio/speech", json=asked).content
    streamed = client.post("/audio/speech", json={**asked, "stream_format": "sse"})
    assert streamed.headers["content-type"].startswith("text/event-stream")
    lines = streamed.text.split("\n\n")
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line]
    assert b"".join(base64.b64decode(each["audio"]) for each in events[:-1]) == whole
    assert events[-1]["type"] == "speech.audio.done"


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"input": ""}, "input"),
        ({"input": "a" * 4097}, "input"),
        ({"speed": 5}, "speed"),
        ({"model": "tts-1", "stream_format": "sse"}, "stream_format"),
    ],
)
def test_what_the_api_does_not_take_is_refused(
    client: httpx.Client, more: dict[str, Any], param: str
):
    answer = client.post("/audio/speech", json={**SAID, **more})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


def test_other_recordings_are_described_the_same_each_time(client: httpx.Client):
    first, second = (heard(client, b"\xff" * 999).json()["text"] for _ in range(2))
    assert first == second
    assert "999" in first


def test_plain_formats_are_plain_text(client: httpx.Client):
    answer = heard(client, b"sound", response_format="vtt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.startswith("WEBVTT")


def test_empty_recording_is_refused(client: httpx.Client):
    assert heard(client, b"").json()["error"]["param"] == "file"


def test_translation_is_in_the_form_that_is_asked_for(client: httpx.Client):
    files = {"file": ("a.wav", b"sound", "audio/wav")}
    for format_, expected in (("json", {"text"}), ("verbose_json", {"text", "segments"})):
        data = {"model": "whisper-1", "response_format": format_}
        answer = client.post("/audio/translations", data=data, files=files)
        assert answer.json().keys() >= expected


def test_client_reads_the_stream(mock: MockServer):
    with OpenAI(
        api_key=mock.api_key, base_url=mock.base_url, _strict_response_validation=True
    ) as openai:
        stream: Any = openai.audio.transcriptions.create(
            file=("a.wav", b"sound"), model="gpt-4o-transcribe", stream=True
        )
        events = list(stream)
        assert "".join(each.delta for each in events[:-1]) == events[-1].text
