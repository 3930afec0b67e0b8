from openai_stream.accumulators.growing import (
    MOST_WAITING,
    Growing,
    GrowingFields,
    dumped,
    sent_fields,
)
from openai_types.beta.threads import Message, MessageDelta


def grown(*deltas: object) -> dict[str, object]:
    fields = GrowingFields()
    for delta in deltas:
        fields.add(delta)
    return fields.joined()


def test_text_grows_and_names_are_replaced():
    assert grown(
        {"id": "a", "type": "x", "file_id": "f", "value": "Hel", "reasoning_content": "th"},
        {"id": "a", "type": "y", "file_id": "g", "value": "lo", "reasoning_content": "ought"},
    ) == {"id": "a", "type": "y", "file_id": "g", "value": "Hello", "reasoning_content": "thought"}


def test_numbers_are_replaced_and_null_changes_nothing():
    first = {"start": 1, "text": "a", "flag": True, "unknown": None}
    assert grown(first, {"start": 2, "text": None, "flag": None}) == {**first, "start": 2}


def test_objects_are_merged():
    assert grown({"a": {"b": "1", "c": 1}}, {"a": {"b": "2"}}) == {"a": {"b": "12", "c": 1}}


def test_items_are_merged_by_index_in_any_order():
    assert grown(
        {"content": [{"index": 1, "text": "b"}]},
        {"content": [{"index": 0, "text": "a"}, {"index": 1, "text": "B"}]},
    ) == {"content": [{"text": "a"}, {"text": "bB"}]}


def test_items_without_index_are_appended():
    assert grown({"list": [1, {"a": 1}]}, {"list": [{"a": 1}, None]}) == {
        "list": [1, {"a": 1}, {"a": 1}, None]
    }


def test_what_has_another_shape_than_before_takes_its_place():
    assert grown({"a": "text"}, {"a": {"b": 1}}) == {"a": {"b": 1}}
    assert grown({"a": {"b": 1}}, {"a": [1]}) == {"a": [1]}
    assert grown({"a": [{"index": 0}, 2]}, {"a": [{"index": 1, "b": "x"}]}) == {
        "a": [{}, {"b": "x"}]
    }


def test_a_document_takes_nothing_from_what_deltas_have_said():
    fields = GrowingFields()
    fields.add({"content": [{"index": 0, "text": "a"}], "status": "in_progress", "at": 1})
    fields.update({"content": [], "status": "completed", "at": 2, "new": "n"})
    fields.add({"new": "ew"})
    assert fields.joined() == {
        "content": [{"text": "a"}],
        "status": "completed",
        "at": 2,
        "new": "new",
    }


def test_a_snapshot_is_typed_and_made_once_until_something_comes():
    message = Growing(Message)
    message.add({"id": "m", "content": [{"index": 0, "type": "text", "text": {"value": "Hi"}}]})
    before = message.snapshot()
    assert message.snapshot() is before
    message.add(MessageDelta.model_validate({"content": [{"index": 0, "text": {"value": " you"}}]}))
    after = message.snapshot()
    assert [each.content[0].type for each in (before, after)] == ["text", "text"]
    assert [each.to_dict()["content"][0]["text"] for each in (before, after)] == [
        {"value": "Hi"},
        {"value": "Hi you"},
    ]


def test_what_is_no_object_says_nothing():
    assert grown(None, 3, "text", [1]) == {}


def test_what_was_sent_of_a_model_is_its_fields_and_others():
    delta = MessageDelta.model_validate({"content": [{"index": 0}], "new": {"a": 1}})
    assert dumped(delta) == {"content": [{"index": 0}], "new": {"a": 1}}
    assert sent_fields(delta) == {"content": delta.content, "new": {"a": 1}}
    assert sent_fields({"a": 1}) == {"a": 1}
    assert [sent_fields(each) for each in (None, 3, "text")] == [None] * 3


def test_a_part_can_be_had_alone():
    message = Growing(Message)
    message.add({"content": [{"index": 3, "text": {"value": "Hi"}}]})
    message.add({"content": [{"index": 3, "text": {"value": "!"}}]})
    assert message.part("content", 3, "text") == {"value": "Hi!"}
    assert message.part("content", 0, "text") is None
    assert message.part("id", "text") is None


def test_deltas_that_nobody_has_looked_at_do_not_pile_up():
    message = Growing(Message)
    for _ in range(MOST_WAITING + 1):
        message.add({"content": [{"index": 0, "type": "text", "text": {"value": "ab"}}]})
    assert len(message._waiting) == 1
    [content] = message.snapshot().content
    assert content.type == "text"
    assert content.text.value == "ab" * (MOST_WAITING + 1)
