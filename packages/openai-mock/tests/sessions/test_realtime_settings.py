from typing import Any

import pytest
from openai_mock.refusals import Refusal
from openai_mock.sessions.realtime_settings import (
    begun,
    check_wishes,
    input_of,
    merged,
    output_of,
    updated,
    voice_of,
)


def session(kind: Any = "realtime", **given: Any) -> dict[str, Any]:
    return begun(kind, "gpt-realtime", given, session_id="sess_1", expires_at=9)


def test_what_a_secret_says_is_laid_over_the_defaults():
    given: dict[str, Any] = {
        "id": "sess_other",
        "type": "realtime",
        "expires_at": 1,
        "instructions": "Be brief.",
        "prompt": None,
        "audio": {"output": {"voice": "cedar"}},
    }
    made = session(**given)
    assert (made["id"], made["expires_at"], made["instructions"]) == ("sess_1", 9, "Be brief.")
    assert voice_of(made) == "cedar"
    assert output_of(made)["format"] == {"type": "audio/pcm", "rate": 24_000}


def test_sessions_do_not_share_their_defaults():
    session()["audio"]["output"]["voice"] = "ash"
    assert voice_of(session()) == "marin"


def test_session_for_transcripts_has_no_output_and_no_model():
    made = session("transcription")
    assert made["object"] == "realtime.transcription_session"
    assert "model" not in made
    assert dict(output_of(made)) == {}
    assert "create_response" not in input_of(made)["turn_detection"]


def test_objects_of_another_type_are_replaced():
    old = {"a": {"type": "x", "b": 1}, "tracing": {"c": 1}}
    assert merged(old, {"a": {"d": 2}})["a"] == {"type": "x", "b": 1, "d": 2}
    assert merged(old, {"a": {"type": "x", "d": 2}})["a"] == {"type": "x", "b": 1, "d": 2}
    assert merged(old, {"a": {"type": "y", "d": 2}})["a"] == {"type": "y", "d": 2}
    assert merged(old, {"a": None})["a"] is None
    assert merged(old, {"tracing": {"d": 2}})["tracing"] == {"d": 2}


def test_update_leaves_the_session_before_as_it_was():
    before = session()
    after = updated(before, {"type": "realtime", "instructions": "x"}, has_spoken=True)
    assert (before["instructions"], after["instructions"]) == ("", "x")


def test_voice_may_be_said_again():
    changes = {"type": "realtime", "audio": {"output": {"voice": "marin"}}}
    assert voice_of(updated(session(), changes, has_spoken=True)) == "marin"


@pytest.mark.parametrize(
    "wanted",
    [
        {"output_modalities": []},
        {"output_modalities": ["audio", "text"]},
        {"max_output_tokens": 4097},
        {"audio": {"output": {"speed": 0.1}}},
    ],
)
def test_what_cannot_be_wished_for(wanted: Any):
    check_wishes({"output_modalities": ["audio"], "max_output_tokens": "inf"}, "response")
    with pytest.raises(Refusal) as caught:
        check_wishes(wanted, "response")
    assert (caught.value.param or "").startswith("response.")
