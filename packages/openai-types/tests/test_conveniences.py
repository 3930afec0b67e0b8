import json
from typing import Any

import pytest
from openai_types import Decoder
from openai_types.responses import Response

# Any: JSON of any shape.

DECODE = Decoder[Response](Response)


def message(*contents: Any) -> dict[str, Any]:
    return {"type": "message", "content": list(contents)}


def text(text: Any) -> dict[str, Any]:
    return {"type": "output_text", "text": text}


OUTPUTS: list[tuple[Any, str]] = [
    ([message(text("Hello"), text(", ")), message(text("world"))], "Hello, world"),
    ([{"type": "reasoning", "content": [text("thought")]}, message(text("said"))], "said"),
    ([message({"type": "refusal", "refusal": "no"}, text("but"))], "but"),
    ([message({"type": "new_text", "text": "newer"})], ""),
    ([message(text(None), text(5), text(["a"]), text("b"))], "b"),
    ([message(None, 3, "odd", [], text("kept"))], "kept"),
    ([{"type": "message", "content": None}, {"type": "message"}], ""),
    ([{"type": "message", "content": {"type": "output_text", "text": "bare"}}], ""),
    ([{"type": "message", "content": 5}, message(text("after"))], "after"),
    ([None, 5, "message", [], {}, message(text("a"))], "a"),
    ([], ""),
    (None, ""),
    (5, ""),
    ("message", ""),
    ({"type": "message"}, ""),
]


@pytest.mark.parametrize(("output", "expected"), OUTPUTS)
def test_output_text_of_whatever_came(output: Any, expected: str):
    assert DECODE(json.dumps({"output": output})).output_text == expected


def test_output_text_without_an_output():
    assert DECODE(b"{}").output_text == ""


def test_output_text_is_no_field():
    assert "output_text" not in DECODE(b'{"output": []}').to_dict()
