from typing import Any

import pytest
from openai_mock.refusals import Refusal
from openai_mock.serving.sockets import PATHS
from openai_mock.sessions.live import LiveSession
from openai_mock.sessions.opening import Handshake, open_session
from openai_mock.sessions.realtime import RealtimeSession
from openai_mock.sessions.responses import ResponsesSession
from openai_mock.sessions.translation import TranslationSession
from openai_mock.world import World

KINDS: dict[str, Any] = {
    "realtime": RealtimeSession,
    "realtime/translations": TranslationSession,
    "responses": ResponsesSession,
}
SECRET = {"session": {"type": "translation", "model": "gpt-realtime-translate"}}


@pytest.fixture
def known(world: World) -> str:
    world.store.put("live/sessions", "sess_1", {"id": "sess_1", "model": "gpt-live-1"})
    return "sess_1"


@pytest.mark.parametrize("path", PATHS)
def test_each_address_has_its_kind_of_session(world: World, path: str, known: str):
    handshake = Handshake(path, {"session_id": known}, {"model": "gpt-realtime"})
    assert type(open_session(handshake, world)) is KINDS.get(path, LiveSession)


@pytest.mark.parametrize("path", PATHS)
def test_client_secret_opens_only_what_it_is_for(world: World, path: str, known: str):
    handshake = Handshake(path, {"session_id": known}, {}, secret=SECRET)
    if path == "realtime/translations":
        assert open_session(handshake, world).opening()
        return
    with pytest.raises(Refusal) as caught:
        open_session(handshake, world)
    assert caught.value.status == (400 if path == "realtime" else 401)
