import json

from openai_mock.answers.words import NOTHING_SAID, plain_words, words
from openai_mock.content.turns import Turn

SAID = Turn("Hi", is_of_user=True)


def test_what_was_said_is_repeated():
    assert words(SAID, {}) == plain_words(SAID) == "You wrote: Hi"


def test_what_tools_gave_comes_first():
    turn = Turn("Hi", is_of_user=False, results=("1", "2"))
    assert plain_words(turn) == "The tools gave: 1\n2"


def test_nothing_is_told_too():
    assert plain_words(Turn("", is_of_user=True)) == NOTHING_SAID


def test_formats_of_both_apis_are_read():
    schema = {"type": "object", "properties": {"a": {"const": "b"}}, "required": ["a"]}
    of_chat = {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}
    of_responses = {"type": "json_schema", "name": "n", "schema": schema}
    assert words(SAID, of_chat) == words(SAID, of_responses) == '{"a":"b"}'
    assert json.loads(words(SAID, {"type": "json_object"})) == {"text": "You wrote: Hi"}
