import pytest
from openai_mock.answers.items import kept_items
from openai_mock.answers.responses import respond
from openai_mock.refusals import Refusal
from openai_mock.state.history import forget_response, items_before, keep_response, new_items
from openai_mock.world import World


@pytest.fixture
def world() -> World:
    return World()


def kept(world: World, said: str, previous: str | None = None) -> str:
    given = kept_items(said, world.ids)
    request = {"model": "gpt-5.5", "previous_response_id": previous}
    response = respond(request, given, ids=world.ids, created=1)
    keep_response(response, given, world.store)
    return str(response["id"])


def texts(world: World, request: dict[str, object]) -> list[object]:
    before: list[dict[str, object]] = items_before(request, world.store)
    return [part["text"] for item in before for part in item["content"]]  # type: ignore[index, attr-defined]


def test_turns_come_in_the_order_in_which_they_were_said(world: World):
    key = None
    for said in ("a", "b", "c"):
        key = kept(world, said, key)
    expected = ["a", "You wrote: a", "b", "You wrote: b", "c", "You wrote: c"]
    assert texts(world, {"previous_response_id": key}) == expected


def test_nothing_comes_before_a_first_turn(world: World):
    assert items_before({}, world.store) == []


def test_gap_is_told_by_its_id(world: World):
    first = kept(world, "a")
    second = kept(world, "b", first)
    response = world.store.get("responses", first)
    assert response
    forget_response(response, world.store)
    with pytest.raises(Refusal, match=first):
        items_before({"previous_response_id": second}, world.store)


def test_forgotten_output_cannot_be_referred_to(world: World):
    key = kept(world, "a")
    response = world.store.get("responses", key)
    assert response
    reference = [{"type": "item_reference", "id": response["output"][0]["id"]}]
    assert new_items(reference, [], world) == response["output"]
    forget_response(response, world.store)
    with pytest.raises(Refusal) as caught:
        new_items(reference, [], world)
    assert caught.value.status == 404
