"""What takes time on the mock server, as users see it: from the client, over a socket."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from openai_http import BadRequestError, OpenAI
from openai_mock import MockServer, serve
from openai_mock.state.clock import Clock

STEPS = 10.0  # more than any job here takes


@pytest.fixture
def mock() -> Iterator[MockServer]:
    clock = Clock()
    clock.freeze()
    with serve(clock=clock) as server:
        yield server


@pytest.fixture
def client(mock: MockServer) -> Iterator[OpenAI]:
    with OpenAI(
        api_key=mock.api_key,
        base_url=mock.base_url,
        max_retries=0,
        _strict_response_validation=True,
    ) as made:
        yield made


def upload(client: OpenAI, name: str, content: bytes) -> str:
    purpose = "fine-tune" if name == "train.jsonl" else "batch"
    return client.files.create(file=(name, content), purpose=purpose).id


def test_batch_gives_the_answers_of_its_lines(mock: MockServer, client: OpenAI):
    body = {"model": "gpt-5.5", "input": "Is anybody there?"}
    line = {"custom_id": "a", "method": "POST", "url": "/v1/responses", "body": body}
    batch = client.batches.create(
        input_file_id=upload(client, "in.jsonl", json.dumps(line).encode()),
        endpoint="/v1/responses",
        completion_window="24h",
    )
    assert client.batches.retrieve(batch.id).status == "validating"
    mock.clock.advance(STEPS)
    done = client.batches.retrieve(batch.id)
    assert done.output_file_id
    (answer,) = client.files.content(done.output_file_id).text.splitlines()
    given = json.loads(answer)["response"]["body"]["output"][0]["content"][0]["text"]
    assert "Is anybody there?" in given


def test_model_is_tuned_used_and_deleted(mock: MockServer, client: OpenAI):
    line = b'{"messages": [{"role": "user", "content": "Hi"}]}\n'
    file_id = upload(client, "train.jsonl", line)
    job = client.fine_tuning.jobs.create(model="gpt-4o-mini", training_file=file_id)
    mock.clock.advance(STEPS)
    name = client.fine_tuning.jobs.retrieve(job.id).fine_tuned_model
    assert name
    assert name in [each.id for each in client.models.list()]
    assert client.responses.create(model=name, input="Hi").model == name
    assert len(list(client.fine_tuning.jobs.list_events(job.id, limit=2))) > 2
    assert client.models.delete(name).deleted


def test_files_are_found_in_a_vector_store(client: OpenAI):
    store = client.vector_stores.create(name="notes")
    content = b"The meeting is on Monday."
    file = client.files.create(file=("notes.txt", content), purpose="assistants")
    attached = client.vector_stores.files.create(store.id, file_id=file.id)
    assert client.vector_stores.files.retrieve(file.id, vector_store_id=store.id).status == (
        "completed"
    )
    (found,) = client.vector_stores.search(store.id, query="When is the meeting?")
    assert (found.file_id, found.content[0].text) == (attached.id, content.decode())


def test_video_can_be_downloaded_once_it_is_completed(mock: MockServer, client: OpenAI):
    video = client.videos.create(prompt="A cat")
    with pytest.raises(BadRequestError, match="queued"):
        client.videos.download_content(video.id)
    mock.clock.advance(STEPS)
    assert client.videos.retrieve(video.id).status == "completed"
    assert client.videos.download_content(video.id).content[4:8] == b"ftyp"


def test_file_is_uploaded_in_parts(client: OpenAI):
    upload = client.uploads.create(
        bytes=6, filename="a.txt", mime_type="text/plain", purpose="user_data"
    )
    parts = [client.uploads.parts.create(upload.id, data=each) for each in (b"abc", b"def")]
    done = client.uploads.complete(upload.id, part_ids=[each.id for each in parts])
    assert done.file
    assert client.files.content(done.file.id).content == b"abcdef"
