from typing import Any

import pytest
from openai_mock.refusals import Refusal
from openai_mock.sessions.realtime_opening import open_realtime, open_translation
from openai_mock.world import World

TRANSCRIBING: dict[str, Any] = {"session": {"type": "transcription", "audio": {}}}
TALKING = {"session": {"type": "realtime", "model": "gpt-realtime-mini", "instructions": "Hi"}}
TRANSLATING = {"session": {"type": "translation", "model": "gpt-realtime-translate"}}


def begun(talk: Any, *args: Any) -> Any:
    return talk(open_realtime(*args)).opening[0].session


@pytest.mark.parametrize(
    ("query", "secret", "opened"),
    [
        ({"model": "gpt-realtime"}, None, ("realtime", "gpt-realtime")),
        ({"call_id": "rtc_1"}, None, ("realtime", "gpt-realtime")),
        ({}, TALKING, ("realtime", "gpt-realtime-mini")),
        ({"model": "gpt-realtime"}, TALKING, ("realtime", "gpt-realtime")),
        ({"intent": "transcription"}, None, ("transcription", None)),
        ({}, TRANSCRIBING, ("transcription", None)),
    ],
)
def test_kind_and_model_are_from_the_address_or_the_secret(
    talk: Any, world: World, query: Any, secret: Any, opened: tuple[str, str | None]
):
    session = begun(talk, query, secret, world)
    assert (session.type, session.to_dict().get("model")) == opened


def test_secret_brings_its_settings(talk: Any, world: World):
    assert begun(talk, {}, TALKING, world).instructions == "Hi"


@pytest.mark.parametrize(
    ("query", "secret", "status"),
    [({}, None, 400), ({"model": "gpt-5.5"}, None, 404), ({}, TRANSLATING, 400)],
)
def test_handshakes_that_are_refused(world: World, query: Any, secret: Any, status: int):
    with pytest.raises(Refusal) as caught:
        open_realtime(query, secret, world)
    assert (caught.value.status, caught.value.param) == (status, "model")


def test_translations_are_opened_by_their_own_secrets(talk: Any, world: World):
    session = talk(open_translation({}, TRANSLATING, world)).opening[0].session
    assert session.model == "gpt-realtime-translate"
    for secret in (None, TALKING):
        with pytest.raises(Refusal):
            open_translation({}, secret, world)
