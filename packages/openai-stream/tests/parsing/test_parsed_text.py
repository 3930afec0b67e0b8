import pytest
from openai_stream import StructuredOutputError
from openai_stream.parsing.parsed_text import ParsedText
from openai_stream.parsing.text_buffer import TextBuffer
from pydantic import BaseModel


class Answer(BaseModel):
    city: str
    degrees: int


PIECES = ('{"city"', ': "Pa', 'ris", "degrees"', ": 21}")
WHOLE = Answer(city="Paris", degrees=21)


def test_values_grow_with_the_text_and_earlier_ones_can_be_had_later():
    buffer = TextBuffer()
    parsed = ParsedText(Answer, buffer)
    lengths: list[int] = []
    for piece in PIECES:
        buffer.append(piece)
        lengths.append(len(buffer))

    assert parsed.partial(lengths[1]) == {"city": "Pa"}
    assert parsed.partial(lengths[3]) == {"city": "Paris", "degrees": 21}
    assert parsed.partial(lengths[1]) == {"city": "Pa"}


def test_the_mode_says_what_of_a_cut_value_is_given():
    buffer = TextBuffer('{"city": "Pa')

    assert ParsedText(Answer, buffer, mode="on").partial(len(buffer)) == {}


def test_what_is_known_is_validated_once_it_is_whole():
    buffer = TextBuffer()
    parsed = ParsedText(Answer, buffer)
    known: list[object] = []
    for piece in PIECES:
        buffer.append(piece)
        known.append(parsed.known())

    assert known == [{}, {"city": "Pa"}, {"city": "Paris"}, WHOLE]
    assert parsed.whole() is known[-1]


def test_a_text_is_whole_as_it_was():
    buffer = TextBuffer("".join(PIECES))
    parsed, length = ParsedText(Answer, buffer), len(buffer)
    assert parsed.whole() == WHOLE
    buffer.append("oops")

    assert parsed.whole(length) == WHOLE
    with pytest.raises(StructuredOutputError, match="not JSON"):
        parsed.whole()


def test_what_does_not_fit_is_known_as_json_and_is_no_whole():
    parsed = ParsedText(Answer, TextBuffer('{"city": 5}'))

    assert parsed.known() == {"city": 5}
    with pytest.raises(StructuredOutputError, match="city") as caught:
        parsed.whole()
    assert caught.value.text == '{"city": 5}'


def test_what_is_no_json_is_known_to_be_nothing():
    assert ParsedText(Answer, TextBuffer("Sorry!")).known() is None


def test_a_blank_text_is_what_stands_for_it():
    assert ParsedText(dict, TextBuffer(" "), default="{}").whole() == {}
