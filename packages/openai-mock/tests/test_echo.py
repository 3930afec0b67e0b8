import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock import echo


def test_answer_repeats_what_was_said_in_several_pieces():
    answer = echo.answer("Where does the sun rise?")
    assert "Where does the sun rise?" in answer.text
    assert len(answer.pieces) >= 3
    assert answer.tokens == len(answer.pieces)
    assert not answer.cut


@pytest.mark.parametrize("said", ["", "Hi", " ", "🌳"])
def test_shortest_answers_have_at_least_three_pieces(said: str):
    assert len(echo.answer(said).pieces) >= 3


def test_limit_cuts_the_answer():
    answer = echo.answer("one two three", limit=4)
    assert (answer.text, answer.tokens, answer.cut) == ("You wrote: one two", 4, True)
    assert not echo.answer("one two three", limit=5).cut


def test_answer_ends_before_the_first_stop():
    assert echo.answer("one two three", stop=["three", "two", "four", ""]).text == "You wrote: one "


@given(st.text())
def test_pieces_make_up_the_text(text: str):
    assert "".join(echo.split(text)) == text
    assert echo.tokens(text, text) == 2 * len(echo.split(text))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a", "a"),
        ([{"type": "text", "text": "a"}, {"type": "image_url"}, {"text": "b"}], "a\nb"),
        ([{"text": 1}, "stray"], ""),
        (None, ""),
    ],
)
def test_text_of_a_content(content: object, text: str):
    assert echo.text_of(content) == text


def test_last_words_are_the_users():
    messages = [
        {"role": "user", "content": "first"},
        {"role": "user", "content": "second"},
        {"role": "assistant", "content": "answer"},
        {"role": "user", "content": [{"type": "image_url"}]},
    ]
    assert echo.last_words(messages) == "second"
    assert echo.last_words(messages[2:]) == "answer"
    assert echo.last_words([{"type": "item_reference"}]) == ""
    assert echo.last_words([]) == ""
