import pytest
from openai_mock.content.turns import Turn, text_of, turn_of_items, turn_of_messages

CALL = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
RESULT = {"type": "function_call_output", "call_id": "c", "output": "1"}


@pytest.mark.parametrize(
    ("messages", "turn"),
    [
        ([], Turn("", is_of_user=True)),
        ([{"role": "system", "content": "Be brief."}], Turn("", is_of_user=True)),
        ([{"role": "user", "content": "Hi"}], Turn("Hi", is_of_user=True)),
        (
            [{"role": "user", "content": "Hi"}, {"role": "developer", "content": "!"}],
            Turn("Hi", is_of_user=True),
        ),
        (
            [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}],
            Turn("Hi", is_of_user=False),
        ),
        (
            [
                {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
                {"role": "assistant", "tool_calls": [{"id": "c"}]},
                {"role": "tool", "tool_call_id": "c", "content": "1"},
                {"role": "tool", "tool_call_id": "d", "content": [{"type": "text", "text": "2"}]},
            ],
            Turn("Hi", is_of_user=False, results=("1", "2")),
        ),
        ([{"role": "function", "name": "f", "content": None}], Turn("", False, ("",))),
    ],
)
def test_turn_of_messages(messages: list[dict[str, object]], turn: Turn):
    assert turn_of_messages(messages) == turn


@pytest.mark.parametrize(
    ("given", "turn"),
    [
        ("Hi", Turn("Hi", is_of_user=True)),
        (None, Turn("", is_of_user=True)),
        (
            [{"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}],
            Turn("Hi", is_of_user=True),
        ),
        ([{"role": "user", "content": "Hi"}, CALL], Turn("Hi", is_of_user=False)),
        (
            [
                {"role": "user", "content": "Hi"},
                {"type": "reasoning"},
                CALL,
                RESULT,
            ],
            Turn("Hi", is_of_user=False, results=("1",)),
        ),
        (
            [CALL, {**RESULT, "output": [{"type": "input_text", "text": "2"}]}],
            Turn("", is_of_user=False, results=("2",)),
        ),
        ([CALL, RESULT, {"role": "user", "content": "Hi"}], Turn("Hi", is_of_user=True)),
        (
            [{"role": "user", "content": "Hi"}, {"type": "item_reference", "id": "i"}],
            Turn("Hi", is_of_user=True),
        ),
    ],
)
def test_turn_of_items(given: str | list[dict[str, object]] | None, turn: Turn):
    assert turn_of_items(given) == turn


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a", "a"),
        (None, ""),
        ([{"type": "input_text", "text": "a"}, {"type": "input_image"}, {"text": "b"}], "a\nb"),
        ([{"type": "refusal", "refusal": "no"}], "no"),
        ([{"type": "input_audio", "transcript": "heard"}, {"text": 1}, "stray"], "heard"),
    ],
)
def test_text_of_a_content(content: object, text: str):
    assert text_of(content) == text
