import json
from typing import Any

import httpx
import pytest
from openai_http import OpenAI
from openai_mock import MockServer, serve
from openai_mock.settings import DEFAULT_JOB_STEP_SECONDS as STEP

ASKED: dict[str, Any] = {"model": "gpt-5.5", "input": "Hi", "background": True}


@pytest.fixture
def server():
    with serve() as made:
        made.clock.freeze(at=1_750_000_000)
        yield made


@pytest.fixture
def client(server: MockServer):
    headers = {"authorization": f"Bearer {server.api_key}"}
    with httpx.Client(base_url=server.base_url, headers=headers, trust_env=False) as made:
        yield made


def begun(client: httpx.Client, **more: Any) -> dict[str, Any]:
    return client.post("/responses", json={**ASKED, **more}).json()


def now(client: httpx.Client, key: str) -> dict[str, Any]:
    return client.get(f"/responses/{key}").json()


def events(client: httpx.Client, key: str, **query: Any) -> list[dict[str, Any]]:
    text = client.get(f"/responses/{key}", params={"stream": "true", **query}).text
    return events_in(text)


def events_in(text: str) -> list[dict[str, Any]]:
    lines = [line for line in text.splitlines() if line.startswith("data: ")]
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def test_response_goes_on_by_the_clock(server: MockServer, client: httpx.Client):
    response = begun(client)
    key = response["id"]
    assert (response["status"], response["output"], response["usage"]) == ("queued", [], None)
    assert now(client, key)["status"] == "queued"
    server.clock.advance(STEP)
    assert now(client, key)["status"] == "in_progress"
    server.clock.advance(STEP)
    done = now(client, key)
    assert done["status"] == "completed"
    assert done["output"][0]["content"][0]["text"] == "You wrote: Hi"
    assert done["completed_at"] == server.clock.seconds()
    assert done["created_at"] == 1_750_000_000


def test_stream_is_told_again_from_any_event(client: httpx.Client):
    streamed = client.post("/responses", json={**ASKED, "stream": True}).text
    first = events_in(streamed)
    key = first[0]["response"]["id"]
    for after in (0, 4, len(first) - 2):
        again = events(client, key, starting_after=after)
        assert again == first[after + 1 :]
        assert again[0]["sequence_number"] == after + 1
    assert events(client, key) == first


def test_to_be_told_all_is_to_have_waited(client: httpx.Client):
    key = begun(client)["id"]
    assert events(client, key)[-1]["type"] == "response.completed"
    assert now(client, key)["status"] == "completed"


def test_response_is_cancelled_before_it_is_over(server: MockServer, client: httpx.Client):
    key = begun(client)["id"]
    server.clock.advance(STEP)
    cancelled = client.post(f"/responses/{key}/cancel").json()
    assert (cancelled["status"], cancelled["output"]) == ("cancelled", [])
    server.clock.advance(STEP)
    assert now(client, key) == cancelled
    assert client.post(f"/responses/{key}/cancel").json() == cancelled
    assert [event["type"] for event in events(client, key, starting_after=0)] == [
        "response.queued",
        "response.in_progress",
    ]


def test_response_that_is_over_is_not_cancelled(server: MockServer, client: httpx.Client):
    key = begun(client)["id"]
    server.clock.advance(2 * STEP)
    assert client.post(f"/responses/{key}/cancel").json()["status"] == "completed"


def test_limit_leaves_it_incomplete(server: MockServer, client: httpx.Client):
    key = begun(client, input="one " * 30, max_output_tokens=16)["id"]
    server.clock.advance(2 * STEP)
    done = now(client, key)
    assert (done["status"], done["completed_at"]) == ("incomplete", None)


def test_client_polls_and_resumes(server: MockServer):
    with OpenAI(
        api_key=server.api_key, base_url=server.base_url, _strict_response_validation=True
    ) as openai:
        response = openai.responses.create(model="gpt-5.5", input="Hi", background=True)
        server.clock.advance(2 * STEP)
        assert openai.responses.retrieve(response.id).output_text == "You wrote: Hi"
        again: Any = openai.responses.retrieve(response.id, stream=True, starting_after=3)
        assert next(event.sequence_number for event in again) == 4
