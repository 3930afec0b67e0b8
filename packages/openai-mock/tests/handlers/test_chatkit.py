import httpx

BETA = {"openai-beta": "chatkit_beta=v1"}


def test_session_is_begun_and_cancelled(client: httpx.Client):
    asked = {
        "user": "u",
        "workflow": {"id": "wf_1", "version": "2"},
        "chatkit_configuration": {"file_upload": {"enabled": True}},
    }
    session = client.post("/chatkit/sessions", json=asked, headers=BETA).json()
    assert session["client_secret"].startswith("ek_")
    assert session["workflow"]["tracing"] == {"enabled": True}
    assert session["chatkit_configuration"]["file_upload"]["enabled"] is True
    assert session["chatkit_configuration"]["history"]["enabled"] is True
    path = f"/chatkit/sessions/{session['id']}/cancel"
    assert client.post(path, headers=BETA).json() == {**session, "status": "cancelled"}
