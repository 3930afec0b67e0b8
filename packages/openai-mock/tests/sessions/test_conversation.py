import pytest
from openai_mock.refusals import Refusal
from openai_mock.sessions.conversation import Conversation


@pytest.fixture
def conversation() -> Conversation:
    made = Conversation()
    assert made.add({"id": "a"}, None) is None
    assert made.add({"id": "b"}, None) == "a"
    return made


def names(conversation: Conversation) -> list[str]:
    return [item["id"] for item in conversation]


def test_items_go_where_they_are_put(conversation: Conversation):
    assert conversation.add({"id": "first"}, "root") is None
    assert conversation.add({"id": "middle"}, "a") == "a"
    assert names(conversation) == ["first", "a", "middle", "b"]


def test_items_are_found_and_removed(conversation: Conversation):
    assert conversation.find("b") == {"id": "b"}
    conversation.remove("a")
    assert names(conversation) == ["b"]


def test_items_are_replaced_in_their_place(conversation: Conversation):
    conversation.replace({"id": "a", "new": True})
    conversation.replace({"id": "gone"})
    assert list(conversation) == [{"id": "a", "new": True}, {"id": "b"}]


def test_neighbours(conversation: Conversation):
    assert conversation.before("b") == "a"
    assert conversation.before("a") is None
    assert conversation.before("gone") is None
    assert conversation.last() == "b"
    assert Conversation().last() is None


def test_unknown_item_is_told(conversation: Conversation):
    with pytest.raises(Refusal, match="no item 'x'") as caught:
        conversation.add({"id": "c"}, "x")
    assert caught.value.param == "previous_item_id"
    with pytest.raises(Refusal, match="no item 'x'") as caught:
        conversation.remove("x")
    assert caught.value.param == "item_id"


def test_id_is_used_once(conversation: Conversation):
    with pytest.raises(Refusal, match="already has an item 'a'"):
        conversation.add({"id": "a"}, None)
