from .conftest import Api


def test_session_is_forked_from_one_that_is_there(api: Api):
    body = {"session": {}, "transport": {"type": "webrtc", "sdp": "v=0"}}
    gone = api.refused("post", "/live/sessions/live_0/fork", body)
    assert (gone.status, "live_0" in gone.message) == (404, True)
