import pytest
from openai_mock.conversation import Conversation
from openai_mock.refusals import Refusal


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
