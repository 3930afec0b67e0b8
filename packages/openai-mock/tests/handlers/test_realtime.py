import httpx
from openai_mock import MockServer
from openai_mock.routing.client_secrets import SECRETS


def test_secret_is_for_the_session_that_was_asked_for(mock: MockServer, client: httpx.Client):
    asked = {
        "session": {"type": "realtime", "model": "gpt-realtime", "instructions": "Be brief."},
        "expires_after": {"anchor": "created_at", "seconds": 60},
    }
    made = client.post("/realtime/client_secrets", json=asked).json()
    assert made["value"].startswith("ek_")
    assert 0 < made["expires_at"] - mock.clock.seconds() <= 60
    assert made["session"].items() >= asked["session"].items()
    kept = mock.store.get(SECRETS, made["value"])
    assert kept
    assert kept["session"] == made["session"]


def test_each_secret_is_another(client: httpx.Client):
    values = {client.post("/realtime/client_secrets", json={}).json()["value"] for _ in range(2)}
    assert len(values) == 2


def test_sessions_of_transcription_translation_and_the_beta_have_secrets(client: httpx.Client):
    asked = {"session": {"type": "transcription"}}
    made = client.post("/realtime/client_secrets", json=asked).json()
    assert made["session"]["type"] == "transcription"
    assert made["session"]["object"] == "realtime.transcription_session"
    asked = {"session": {"model": "gpt-realtime-translate"}}
    made = client.post("/realtime/translations/client_secrets", json=asked).json()
    assert made["session"]["id"].startswith("sess_")
    for path in ("/realtime/sessions", "/realtime/transcription_sessions"):
        made = client.post(path, json={}).json()
        assert made["client_secret"]["value"].startswith("ek_")


def test_time_is_limited(client: httpx.Client):
    asked = {"expires_after": {"anchor": "created_at", "seconds": 9}}
    answer = client.post("/realtime/client_secrets", json=asked)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "expires_after.seconds")
