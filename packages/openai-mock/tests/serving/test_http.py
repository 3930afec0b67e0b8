import json
import socket
from collections.abc import Iterator
from pathlib import Path
from select import select

import httpx
import pytest
from openai_mock import MockServer, serve
from openai_mock.answers.chat import ChatAnswer

PATIENCE = 30.0  # seconds; reached only when something is broken


def test_form_that_cannot_be_read_is_refused(client: httpx.Client):
    headers = {"content-type": "multipart/form-data"}  # without its boundary
    answer = client.post("/files", content=b"--x\r\n", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_form")
    said = answer.json()["error"]["message"]
    assert said.startswith("We could not read the form: Missing boundary in multipart. Send")
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = client.post("/files", content=b"no form", headers=headers)
    assert answer.status_code == 400


def test_form_that_stops_too_early_is_refused(client: httpx.Client):
    headers = {"content-type": "multipart/form-data; boundary=x"}
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nHi\r\n--x'
    answer = client.post("/files", content=part, headers=headers)
    assert answer.json()["error"]["code"] == "invalid_form"
    assert "its last boundary is missing" in answer.json()["error"]["message"]
    answer = client.post("/files", content=b"".join((part, b"--", b"after it")), headers=headers)
    assert answer.json()["error"]["param"] == "purpose"


def test_large_fields_and_files_are_taken(client: httpx.Client):
    large = b"x" * (3 * 2**20)
    made = client.post("/files", files={"file": ("a", large)}, data={"purpose": "evals"}).json()
    assert client.get(f"/files/{made['id']}/content").content == large
    answer = client.post(
        "/videos", files={"input_reference": ("a", b"x")}, data={"prompt": large.decode()}
    )
    assert answer.status_code == 200


def test_encoded_slash_stays_in_its_segment(client: httpx.Client):
    answer = client.get("/files/a%2Fcontent")
    assert answer.status_code == 404
    assert "'a/content'" in answer.json()["error"]["message"]


def test_state_file_outlives_the_server(tmp_path: Path):
    ids: list[str] = []
    for _ in range(2):
        with serve(path=tmp_path / "state") as server:
            headers = {"authorization": f"Bearer {server.api_key}"}
            url = f"{server.base_url}/vector_stores"
            made = httpx.post(url, json={}, headers=headers, trust_env=False).json()
            ids.append(made["id"])
            listed = httpx.get(url, headers=headers, trust_env=False).json()["data"]
            assert [each["id"] for each in reversed(listed)] == ids
    assert len({*ids}) == 2


def test_everything_is_dated_by_the_clock_of_the_server():
    with serve() as server:
        server.clock.freeze(at=1_700_000_000)
        server.clock.advance(60)
        headers = {"authorization": f"Bearer {server.api_key}"}
        for path, body, name in (
            ("/vector_stores", {}, "created_at"),
            ("/responses", {"model": "gpt-5.5", "input": "Hi"}, "created_at"),
        ):
            url = server.base_url + path
            made = httpx.post(url, json=body, headers=headers, trust_env=False).json()
            assert made[name] == 1_700_000_060


def asked(server: MockServer, path: str, body: object) -> bytes:
    """A whole request."""
    content = json.dumps(body).encode()
    head = (
        f"POST /v1{path} HTTP/1.1\r\nhost: mock\r\nauthorization: Bearer {server.api_key}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def test_others_are_answered_while_a_long_stream_is_sent(
    watched: MockServer, monkeypatch: pytest.MonkeyPatch
):
    address = watched.url.removeprefix("http://").split(":")
    plain = asked(watched, "/responses", {"model": "gpt-5.5", "input": "Hi"})
    stream = {"model": "gpt-5.5", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
    answered_after: list[int] = []

    with (
        socket.create_connection((address[0], int(address[1])), PATIENCE) as first,
        socket.create_connection((address[0], int(address[1])), PATIENCE) as second,
    ):
        second.sendall(plain)  # a connection that is already there
        assert second.recv(2**16).startswith(b"HTTP/1.1 200")

        def chunks(_: object) -> Iterator[object]:
            second.sendall(plain)
            for number in range(600):  # less than what has to be read before more is sent
                yield {"text": "x" * 80}
                if select([second], [], [], 0)[0]:
                    answered_after.append(number)
                    return

        monkeypatch.setattr(ChatAnswer, "chunks", chunks)
        first.sendall(asked(watched, "/chat/completions", stream))
        while not first.recv(2**16).endswith(b"0\r\n\r\n"):
            pass
        assert second.recv(2**16).startswith(b"HTTP/1.1 200")
    assert answered_after


def test_client_that_leaves_before_its_body_is_there_is_no_bug(
    watched: MockServer, caplog: pytest.LogCaptureFixture
):
    address = watched.url.removeprefix("http://").split(":")
    whole = asked(watched, "/responses", {"model": "gpt-5.5", "input": "Hi"})
    with socket.create_connection((address[0], int(address[1])), PATIENCE) as connection:
        connection.sendall(whole[:-1])
    [exchange] = watched.requests.wait_for(1, PATIENCE, ended=True)
    assert (exchange.ended, exchange.response) == ("client left", None)
    assert [record for record in caplog.records if record.name == "openai_mock"] == []
