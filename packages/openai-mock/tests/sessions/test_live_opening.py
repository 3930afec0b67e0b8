import pytest
from openai_mock.refusals import Refusal
from openai_mock.sessions.live_opening import open_live
from openai_mock.world import World


def test_session_that_is_not_there(world: World):
    for options in ({"attached_to": "sess_x"}, {"forked_from": "sess_x"}):
        with pytest.raises(Refusal, match="sess_x") as caught:
            open_live(world, **options)
        assert caught.value.status == 404


def test_running_session_is_attached_to_without_a_start(world: World):
    world.store.put("live/sessions", "sess_1", {"id": "sess_1", "model": "gpt-live-1"})
    assert open_live(world, attached_to="sess_1").client_events == ("live.ConnectClientEventParam")
