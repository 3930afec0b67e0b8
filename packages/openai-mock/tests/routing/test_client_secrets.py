import pytest
from openai_mock.refusals import Refusal
from openai_mock.routing.client_secrets import PREFIX, new_secret, secret_of
from openai_mock.state.clock import Clock
from openai_mock.world import World


@pytest.fixture
def world() -> World:
    clock = Clock()
    clock.freeze(1_800_000_000)
    return World(clock=clock)


def test_secret_is_good_until_it_expires(world: World):
    secret = new_secret(60, {"type": "realtime"}, world)
    header = f"Bearer {secret['value']}"
    world.clock.advance(59)
    found = secret_of(header, world)
    assert found
    assert found["session"] == {"type": "realtime"}
    world.clock.advance(1)
    with pytest.raises(Refusal, match="has expired") as caught:
        secret_of(header, world)
    assert caught.value.status == 401
    assert secret["value"] not in caught.value.message


def test_unknown_secret(world: World):
    with pytest.raises(Refusal, match="unknown"):
        secret_of(f"Bearer {PREFIX}x", world)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer sk-test"])
def test_other_keys_are_none(world: World, header: str | None):
    assert secret_of(header, world) is None
