from typing import Any

import pytest
from openai_mock.refusals import Refusal
from openai_mock.sessions.live_settings import begun, delegation_of, forked, format_of, updated
from openai_mock.sessions.sound import PCMU, SoundFormat
from openai_mock.world import World


def session(world: World, **given: Any) -> dict[str, Any]:
    return begun({"model": "gpt-live-1", **given}, "sess_1", world)


def test_defaults(world: World):
    made = session(world, type="live")
    assert (made["id"], made["status"], delegation_of(made)) == ("sess_1", "active", None)
    assert format_of(made) == SoundFormat()
    assert "type" not in made


def test_format_of_another_type_is_replaced(world: World):
    pcmu = {"type": PCMU, "rate": 8000}
    assert format_of(session(world, audio={"format": pcmu})) == SoundFormat(PCMU, 8000)


def test_null_changes_nothing(world: World):
    made = session(world, delegation={"type": "client"})
    assert updated(made, {"delegation": None, "triggers": None}) == made


def test_delegation_stays_that_of_the_session(world: World):
    made = session(world, delegation={"type": "client"})
    changes = {"delegation": {"type": "client", "acknowledgement_delay_ms": 5}}
    assert updated(made, changes)["delegation"]["acknowledgement_delay_ms"] == 5
    other = {"delegation": {"type": "responses"}}
    with pytest.raises(Refusal):
        updated(made, other)
    with pytest.raises(Refusal):
        forked(made, other, "sess_2")
    assert forked(made, {}, "sess_2") == {**made, "id": "sess_2"}
