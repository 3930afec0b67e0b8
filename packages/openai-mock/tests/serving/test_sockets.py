"""Sessions on real sockets: who may open one, and how events get there."""

import json
import socket
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest
from openai_mock import MockServer, faults, serve
from openai_types import Decoder
from openai_types.live import ServerEvent
from openai_types.realtime import RealtimeServerEvent
from openai_types.responses import ResponsesServerEvent
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

server_event = Decoder[Any](RealtimeServerEvent, strict=True)
response_event = Decoder[Any](ResponsesServerEvent, strict=True)
live_event = Decoder[Any](ServerEvent, strict=True)

REALTIME, RESPONSES, LIVE = "/realtime?model=gpt-realtime", "/responses", "/live/sessions"
RESPONSE = {"type": "response.create", "model": "gpt-5.5", "input": "Are you there?"}
START = {"type": "session.start", "session": {"model": "gpt-live-1"}}


def item(text: str) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    message = {"type": "message", "role": "user", "content": content}
    return {"type": "conversation.item.create", "item": message}


def send(websocket: Any, *events: object) -> None:
    for event in events:
        websocket.send(json.dumps(event))


def until(websocket: Any, kind: str, decode: Any = server_event) -> list[Any]:
    events: list[Any] = []
    while not events or events[-1].type != kind:
        events.append(decode(websocket.recv()))
    return events


def test_realtime_conversation(talk: Any):
    with talk() as websocket:
        assert server_event(websocket.recv()).type == "session.created"
        send(websocket, item("Are you there?"))
        websocket.send(json.dumps({"type": "response.create"}).encode())  # a binary frame
        done = until(websocket, "response.done")[-1].response
    assert done.output[0].content[0].transcript == "You wrote: Are you there?"


def test_responses_one_after_the_other(talk: Any):
    with talk(RESPONSES) as websocket:
        send(websocket, {**RESPONSE, "store": False})
        first = until(websocket, "response.completed", response_event)[-1].response
        send(websocket, {**RESPONSE, "input": "Yes?", "previous_response_id": first.id})
        second = until(websocket, "response.completed", response_event)[-1].response
    assert (first.output_text, second.output_text) == (
        "You wrote: Are you there?",
        "You wrote: Yes?",
    )


def test_live_session_and_another_connection_to_it(talk: Any):
    with talk(LIVE) as websocket:
        send(websocket, START)
        started = live_event(websocket.recv())
        with talk(f"{LIVE}/{started.session.id}/attach") as attached:
            send(attached, {"type": "session.input_audio.mute"})
            assert live_event(attached.recv()).type == "session.input_audio.muted"
        with talk(f"{LIVE}/{started.session.id}/fork") as forked:
            send(forked, {"type": "session.start", "session": {}})
            assert live_event(forked.recv()).session.id != started.session.id
        send(websocket, {"type": "session.close"})
        assert live_event(websocket.recv()).type == "session.closed"
        with pytest.raises(ConnectionClosed) as caught:
            websocket.recv()
    assert caught.value.rcvd
    assert caught.value.rcvd.code == 1000


def test_session_over_webrtc_can_be_attached_to(talk: Any, client: httpx.Client):
    body = {"session": {"model": "gpt-live-1"}, "transport": {"type": "webrtc", "sdp": "v=0"}}
    session_id = client.post(LIVE, json=body).json()["session"]["id"]
    with talk(f"{LIVE}/{session_id}/attach") as attached:
        send(attached, {"type": "session.update", "session": {}})
        assert live_event(attached.recv()).session.id == session_id


def test_translation(talk: Any):
    with talk("/realtime/translations?model=gpt-realtime-translate") as websocket:
        assert json.loads(websocket.recv())["session"]["type"] == "translation"
        send(websocket, {"type": "session.close"})
        assert json.loads(websocket.recv())["type"] == "session.closed"


def test_wrong_frame_is_answered_and_the_session_goes_on(talk: Any):
    with talk() as websocket:
        websocket.recv()
        websocket.send("{")
        assert server_event(websocket.recv()).error.code == "invalid_json"
        send(websocket, {"type": "input_audio_buffer.clear"})
        assert server_event(websocket.recv()).type == "input_audio_buffer.cleared"


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        ({"key": "sk-wrong-but-secret"}, 401, "Incorrect API key"),
        ({"path": RESPONSES, "key": "sk-wrong-but-secret"}, 401, "Incorrect API key"),
        ({"path": LIVE, "key": "sk-wrong-but-secret"}, 401, "Incorrect API key"),
        ({"path": "/realtime?model=gpt-imaginary"}, 404, "gpt-imaginary"),
        ({"path": "/realtime"}, 400, "'model'"),
        ({"path": "/nowhere"}, 404, "/v1/nowhere"),
        ({"path": f"{LIVE}/sess_x/attach"}, 404, "sess_x"),
        ({"key": "ek_unknown"}, 401, "client secret is unknown"),
    ],
)
def test_websocket_is_refused_before_it_opens(
    talk: Any, options: dict[str, str], status: int, words: str
):
    with pytest.raises(InvalidStatus) as caught, talk(**options):
        pass
    response = caught.value.response
    assert response.status_code == status
    assert words in json.loads(response.body or b"")["error"]["message"]


# Browsers


def test_subprotocol_of_browsers_is_accepted(talk: Any):
    with talk(subprotocols=["other", "realtime"]) as websocket:
        assert websocket.subprotocol == "realtime"


opening: Any = connect  # the library is changing what its function returns


def browser(mock: MockServer, key: str, path: str = "/realtime") -> AbstractContextManager[Any]:
    offered = ["realtime", f"openai-insecure-api-key.{key}"]
    return opening(mock.base_url.replace("http", "ws") + path, subprotocols=offered, proxy=None)


def test_browser_has_its_secret_in_a_subprotocol(mock: MockServer, client: httpx.Client):
    session = {"type": "realtime", "model": "gpt-realtime", "instructions": "Be brief."}
    made = client.post("/realtime/client_secrets", json={"session": session}).json()
    with browser(mock, made["value"]) as websocket:
        assert websocket.subprotocol == "realtime"
        created = server_event(websocket.recv())
        assert created.session.instructions == "Be brief."
    for path in (RESPONSES, LIVE):
        with pytest.raises(InvalidStatus) as caught, browser(mock, made["value"], path):
            pass
        assert caught.value.response.status_code == 401


def test_secret_expires_by_the_clock_of_the_server():
    with serve() as server:
        headers = {"authorization": f"Bearer {server.api_key}"}
        url = f"{server.base_url}/realtime/client_secrets"
        lasting = {"anchor": "created_at", "seconds": 60}
        body = {"session": {"type": "transcription"}, "expires_after": lasting}
        made = httpx.post(url, json=body, headers=headers, trust_env=False).json()
        with browser(server, made["value"]) as websocket:
            assert server_event(websocket.recv()).session.type == "transcription"
            server.clock.advance(60)
            send(websocket, {"type": "input_audio_buffer.clear"})  # what is open stays open
            assert server_event(websocket.recv()).type == "input_audio_buffer.cleared"
        with pytest.raises(InvalidStatus) as caught, browser(server, made["value"]):
            pass
        assert caught.value.response.status_code == 401
        (handshake, *_) = server.requests.to("realtime.connect")
        assert made["value"] not in str(handshake)


# Providers


@pytest.mark.parametrize("root", ["/v1", "/openai/v1"])
def test_provider_has_its_own_paths_and_header_of_the_key(root: str):
    with serve(personality="azure") as server:
        url = f"{server.url.replace('http', 'ws')}{root}/responses"
        key = {"api-key": server.api_key}
        with opening(url, additional_headers=key, proxy=None) as websocket:
            send(websocket, {**RESPONSE, "model": "my-deployment"})
            done = until(websocket, "response.completed", response_event)[-1].response
        with (
            pytest.raises(InvalidStatus) as caught,
            opening(url, additional_headers={"api-key": "wrong"}, proxy=None),
        ):
            pass
    assert done.model == "my-deployment"
    assert caught.value.response.status_code == 401


# Faults


@pytest.mark.parametrize("path", [REALTIME, RESPONSES, LIVE])
def test_every_kind_of_session_is_closed_by_a_fault(talk_to: Any, mock: MockServer, path: str):
    close = "close_socket:4000,after_events=1"
    with talk_to(mock, path, x_mock_fault=close) as websocket:
        if path != REALTIME:  # there, the server speaks first
            send(websocket, RESPONSE if path == RESPONSES else START)
        websocket.recv()
        with pytest.raises(ConnectionClosed) as caught:
            websocket.recv()
    assert caught.value.rcvd
    assert caught.value.rcvd.code == 4000


STALL = "stall:after_events=2,seconds=60"


def test_response_that_stalls_is_cancelled(talk_to: Any, mock: MockServer):
    with talk_to(mock, REALTIME, x_mock_fault=STALL) as websocket:
        send(websocket, item("Hi"), {"type": "response.create"})
        until(websocket, "rate_limits.updated")
        send(websocket, {"type": "response.cancel"})
        done = until(websocket, "response.done")[-1].response
    assert done.status == "cancelled"


def test_response_that_stalls_is_steered_and_goes_on_when_time_passes(talk_to: Any):
    with serve() as server, talk_to(server, RESPONSES, x_mock_fault=STALL) as websocket:
        send(websocket, RESPONSE)
        created = until(websocket, "response.in_progress", response_event)[0].response
        steer = {"previous_response_id": created.id, "input": "And then?"}
        send(websocket, {"type": "response.steer", **steer})
        assert response_event(websocket.recv()).type == "response.steer.accepted"
        server.clock.advance(60)
        until(websocket, "response.completed", response_event)
        until(websocket, "response.in_progress", response_event)
        server.clock.advance(60)
        second = until(websocket, "response.completed", response_event)[-1].response
    assert second.previous_response_id == created.id
    assert second.output_text == "You wrote: And then?"


def test_cut_closes_the_connection(talk_to: Any):
    with serve(fault=faults.cut(after_events=2)) as server, talk_to(server, RESPONSES) as websocket:
        send(websocket, RESPONSE)
        until(websocket, "response.in_progress", response_event)
        with pytest.raises(ConnectionClosed) as caught:
            websocket.recv()
    assert caught.value.rcvd
    assert caught.value.rcvd.code == 1011


# Leaving


@pytest.mark.parametrize("politely", [True, False])
@pytest.mark.parametrize("path", [REALTIME, RESPONSES])
def test_client_that_leaves_in_the_middle_is_no_error(
    talk: Any, client: httpx.Client, caplog: pytest.LogCaptureFixture, politely: bool, path: str
):
    words = "word " * 50_000  # more than sockets take up
    wanted = {"input": [item(words)["item"]], "output_modalities": ["text"]}
    with talk(path) as websocket:
        if path == REALTIME:
            websocket.recv()
            send(websocket, {"type": "response.create", "response": wanted})
        else:
            send(websocket, {**RESPONSE, "input": words})
        websocket.recv()
        if politely:
            websocket.close()
        else:
            websocket.socket.shutdown(socket.SHUT_RDWR)
    answer = client.post("/responses", json={"model": "gpt-5.5", "input": "Hi"})
    assert answer.status_code == 200
    assert [record for record in caplog.records if record.name == "openai_mock"] == []


def test_journal_has_the_frames_of_all_sessions(talk_to: Any):
    with serve() as server:
        for path, name, event in (
            (RESPONSES, "responses.connect", RESPONSE),
            (LIVE, "live.connect", START),
        ):
            with talk_to(server, path) as websocket:
                send(websocket, event)
                websocket.recv()
            (exchange,) = server.requests.to(name)
            assert exchange.frames[0].json() == event


def test_client_that_leaves_in_the_middle_is_no_fault_of_the_server():
    with serve() as server:
        url = f"{server.base_url.replace('http', 'ws')}/responses"
        headers = {"authorization": f"Bearer {server.api_key}"}
        with connect(url, additional_headers=headers, proxy=None) as session:
            session.send(json.dumps({**RESPONSE, "input": "word " * 1000}))
            session.recv()
    exchange = server.requests[-1]
    assert exchange.ended in ("complete", "client left")
    assert exchange.problem is None
