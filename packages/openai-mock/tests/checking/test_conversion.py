from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired

import pytest
from openai_mock.calls import Upload
from openai_mock.checking.conversion import typed
from typing_extensions import TypedDict

UPLOAD = Upload("a.txt", "text/plain", b"")


class Range(TypedDict):
    least: int
    names: NotRequired[Sequence[str]]


class Anchor(TypedDict):
    anchor: str
    seconds: float


@pytest.mark.parametrize(
    ("given", "annotation", "expected"),
    [
        ("5", int, 5),
        ("-5", int | None, -5),
        ("5", str, "5"),
        ("5", str | int, 5),
        ("5.0", int, "5.0"),
        ("0.5", float, 0.5),
        ("1e3", float, 1000.0),
        ("nan", float, "nan"),
        ("true", bool, True),
        ("false", Literal[False], False),
        ("True", bool, "True"),
        ("1", bool, "1"),
        ("auto", Literal["auto"] | int, "auto"),
        ("5", Literal["5", "6"] | int, "5"),
        ("5", Annotated[int, "x"], 5),
        ("a", list[str], ["a"]),
        ("5", Sequence[int], [5]),
        ("a", str | list[str], "a"),
        (["1", "2"], list[int], [1, 2]),
        (["1", "2"], int, ["1", "2"]),
        ({"least": "1", "names": ["a"]}, Range, {"least": 1, "names": ["a"]}),
        ({"least": "1", "names": "a"}, Range, {"least": 1, "names": ["a"]}),
        ({"anchor": "x", "seconds": "2.5"}, Range | Anchor, {"anchor": "x", "seconds": 2.5}),
        ({"least": "1", "other": "2"}, Range | Anchor, {"least": 1, "other": "2"}),
        ({"a": "1"}, Mapping[str, float], {"a": 1.0}),
        ({"a": "1"}, int, {"a": "1"}),
        ('{"least": 1}', Range, {"least": 1}),
        ("[1, 2]", list[int], [1, 2]),
        ("{no json", Range, "{no json"),
        ('{"a": 1}', str, '{"a": 1}'),
        (UPLOAD, Upload, UPLOAD),
        (UPLOAD, list[Upload], [UPLOAD]),
        (UPLOAD, Upload | list[Upload], UPLOAD),
    ],
)
def test_text_becomes_what_it_may_mean(given: object, annotation: Any, expected: object):
    found = typed(given, annotation)
    assert found == expected
    assert type(found) is type(expected)
