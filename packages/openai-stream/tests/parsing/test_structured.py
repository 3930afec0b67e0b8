import pickle
from datetime import date
from typing import Any, cast

import pytest
from openai_stream import StructuredOutput, StructuredOutputError
from openai_stream.parsing.structured import CompletedPart
from openai_types.errors import OpenAIError
from pydantic import BaseModel, ValidationError, field_validator


class Line(BaseModel):
    name: str
    day: date

    seen: list[str] = []

    @field_validator("name")
    @classmethod
    def note(cls, name: str) -> str:
        VALIDATED.append(name)
        return name


class Order(BaseModel):
    number: int
    lines: list[Line]
    tags: list[str]


VALIDATED: list[str] = []
TEXT = (
    '{"number": 12, "lines": [{"name": "a", "day": "2026-01-02"},'
    ' {"name": "b", "day": "2026-01-03"}], "tags": ["x", "y"]}'
)


def parts_of(output: StructuredOutput[Any], pieces: list[str]) -> list[list[CompletedPart]]:
    found: list[list[CompletedPart]] = []
    for piece in pieces:
        output.feed(piece)
        found.append(output.completed())
    return found


def test_partial_is_what_is_known_so_far():
    output = StructuredOutput(Order)
    assert output.partial is None
    output.feed('{"number": 12, "lines": [{"na')
    assert output.partial == {"number": 12, "lines": [{}]}
    output.feed('me": "long st')
    assert output.partial == {"number": 12, "lines": [{"name": "long st"}]}
    assert output.value("on") == {"number": 12, "lines": [{}]}
    assert output.text == '{"number": 12, "lines": [{"name": "long st'


def test_completed_gives_each_object_and_element_once_as_its_type():
    output = StructuredOutput(Order)
    first, second, third = parts_of(output, [TEXT[:62], TEXT[62:100], TEXT[100:]])
    a, b = Line(name="a", day=date(2026, 1, 2)), Line(name="b", day=date(2026, 1, 3))
    assert [(part.path, part.value) for part in first] == [(("lines", 0), a)]
    assert [(part.path, part.value) for part in second] == [(("lines", 1), b)]
    assert [(part.path, part.value) for part in third] == [(("tags", 0), "x"), (("tags", 1), "y")]
    assert first[0].raw == {"name": "a", "day": "2026-01-02"}
    assert output.completed() == []
    assert output.final() == Order(number=12, lines=[a, b], tags=["x", "y"])


def test_each_object_is_validated_once_however_the_text_comes():
    VALIDATED.clear()
    output = StructuredOutput(Order)
    parts_of(output, list(TEXT))
    assert VALIDATED == ["a", "b"]
    assert output.final() is output.final()
    assert VALIDATED == ["a", "b", "a", "b"]  # once more as a whole


def test_a_part_that_does_not_fit_says_so_and_the_others_come():
    output = StructuredOutput(Order)
    output.feed('{"lines": [{"name": "a"}, {"name": "b", "day": "2026-01-03"}')
    wrong, right = output.completed()
    assert wrong.value == {"name": "a"}
    assert isinstance(wrong.error, StructuredOutputError)
    assert "does not fit at lines.0: day: Field required" in str(wrong.error)
    assert isinstance(wrong.error.__cause__, ValidationError)
    assert right.value == Line(name="b", day=date(2026, 1, 3))


def test_a_part_of_which_the_type_says_nothing_is_plain_json():
    output = StructuredOutput(Order)
    output.feed('{"extra": {"a": [1')
    assert output.completed() == []
    output.feed("]}")
    paths = {part.path: part.value for part in output.completed()}
    assert paths == {("extra", "a", 0): 1, ("extra",): {"a": [1]}}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not JSON: it ends after 0 characters"),
        ('{"number": 1', "is not JSON: it ends after 12 characters, before its value does"),
        ("Sorry, no.", "is not JSON: expected a value, at character 1: 'Sorry, no.'"),
        ('{"number": NaN}', "is not JSON: expected a value, at character 12: 'NaN}'"),
        (
            '{"number": "x", "lines": 1}',
            "as an integer; lines: Input should be a valid array; tags: Field required",
        ),
        ("[]", "does not fit: the top: Input should be an object"),
    ],
)
def test_final_with_what_is_no_such_value_says_why_and_loses_nothing(text: str, problem: str):
    output = StructuredOutput(Order)
    output.feed(text)
    with pytest.raises(StructuredOutputError) as caught:
        output.final()
    assert str(caught.value).startswith("What the model wrote is not Order: it ")
    assert problem in str(caught.value)
    assert caught.value.text == text
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert copy.text == text


def test_final_with_half_a_surrogate_pair_replaces_it():
    output = StructuredOutput(list[str])
    output.feed('["a\\ud83d", "\\ude00b"]')
    assert output.final() == ["a\ufffd", "\ufffdb"]


def test_final_with_half_a_surrogate_pair_that_is_not_escaped_replaces_it():
    output = StructuredOutput(list[str])
    output.feed('["a\ud83d"]')
    assert output.final() == ["a\ufffd"]
    output = StructuredOutput(list[str])
    output.feed('["a\ud83d"')
    with pytest.raises(StructuredOutputError) as caught:
        output.final()
    assert caught.value.text.startswith('["a')


def test_final_with_a_number_at_the_top_takes_it_as_whole():
    output = StructuredOutput(int)
    output.feed("12")
    assert output.final() == 12


def test_a_type_that_cannot_be_validated_is_refused_at_once():
    class Odd:
        pass

    with pytest.raises(OpenAIError, match="Odd cannot be the type of an answer"):
        StructuredOutput(Odd)


def test_error_is_none_until_the_text_cannot_be_json():
    output = StructuredOutput(cast("type[object]", Order))
    output.feed("{")
    assert output.error is None
    output.feed("]")
    assert output.error == "expected a key or }, at character 2: ']'"
