from typing import Any

import pytest
from openai_stream import PartialJSON, parse_partial
from openai_stream.parsing.partial_json import MAX_DEPTH, Completed, PartialMode
from openai_types.errors import DecodeError, InvalidArgumentError
from pydantic import JsonValue
from pydantic_core import from_json

UNKNOWN = "unknown"


@pytest.mark.parametrize(
    ("text", "on", "strings", "everything"),
    [
        ("", UNKNOWN, UNKNOWN, UNKNOWN),
        (" \n", UNKNOWN, UNKNOWN, UNKNOWN),
        ("{", {}, {}, {}),
        ('{"a', {}, {}, {}),
        ('{"a":', {}, {}, {}),
        ('{"a": "b', {}, {"a": "b"}, {"a": "b"}),
        ('{"a": ["b", "c', {"a": ["b"]}, {"a": ["b", "c"]}, {"a": ["b", "c"]}),
        ('{"a": 12', {}, {}, {"a": 12}),
        ('{"a": 12, ', {"a": 12}, {"a": 12}, {"a": 12}),
        ("[12.", [], [], [12]),
        ("[12.5e", [], [], [12.5]),
        ("[-", [], [], []),
        ("[t", [], [], [True]),
        ("[nul", [], [], [None]),
        ("[fals", [], [], [False]),
        ('["a\\', [], ["a"], ["a"]),
        ('["a\\u00', [], ["a"], ["a"]),
        ('["a\\ud83d', [], ["a"], ["a"]),
        ('["a\\ud83d\\ude0', [], ["a"], ["a"]),
        ('["a\\ud83d\\ude00', [], ["a😀"], ["a😀"]),
        ('["a\\ud83db', [], ["a\ufffdb"], ["a\ufffdb"]),
        ('["', [], [""], [""]),
        ("12", UNKNOWN, UNKNOWN, 12),
        ('\ufeff{"a": []}', {"a": []}, {"a": []}, {"a": []}),
    ],
)
def test_parse_partial_gives_what_each_mode_allows(
    text: str, on: JsonValue, strings: JsonValue, everything: JsonValue
):
    modes: list[PartialMode] = ["on", "trailing-strings", "all"]
    values = [parse_partial(text, mode, default=UNKNOWN) for mode in modes]
    assert values == [on, strings, everything]


@pytest.mark.parametrize("mode", ["off", "", True, None, []])
def test_a_mode_that_there_is_not_is_refused(mode: Any):
    with pytest.raises(InvalidArgumentError, match=r"^mode is .* one of on, trailing-strings, all"):
        parse_partial("[1]", mode)


def test_parse_partial_with_half_a_character_leaves_it_out():
    assert parse_partial('["aé'.encode()[:-1]) == ["a"]


def test_parse_partial_with_bytes_that_are_no_utf8_replaces_them():
    assert parse_partial(b'["a\xffb"]') == ["a\ufffdb"]


def test_parse_partial_with_a_key_that_comes_twice_keeps_the_later_value():
    assert parse_partial('{"a": 1, "a": "x') == {"a": "x"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[1 2", "expected a comma or ], at character 4: '2'"),
        ('{"a" 1', "expected a colon, at character 6: '1'"),
        ('{"a": 1 "b"', "expected a comma or }, at character 9: '\"b\"'"),
        ("{1", "expected a key or }, at character 2: '1'"),
        ('{"a": 1,}', "expected a key, at character 9: '}'"),
        ("[1,]", "expected a value, at character 4: ']'"),
        ("[NaN", "expected a value or ], at character 2: 'NaN'"),
        ("[-Infinity", "- is no number, at character 3: 'Infinity'"),
        ("[01]", "01 is no number, at character 4: ']'"),
        ("[nuL", "expected null, at character 3: 'uL'"),
        ('["a\nb', "control characters in strings are escaped, at character 4"),
        ('["\\x', "no such escape, at character 3"),
        ('["\\u12x', "no such escape, at character 3"),
        ('{"a": 1}x', "expected nothing more, at character 9: 'x'"),
        ("]", "expected a value, at character 1: ']'"),
    ],
)
def test_parse_partial_with_what_is_no_json_says_where_and_why(text: str, reason: str):
    with pytest.raises(DecodeError) as caught:
        parse_partial(text)
    assert reason in str(caught.value)
    assert caught.value.data == text.encode()


def test_feed_gives_each_value_once_with_its_path_when_it_is_whole():
    parser = PartialJSON()
    assert parser.feed('{"lines": [{"id": 1') == []
    assert parser.feed("2}, {") == [
        Completed(("lines", 0, "id"), 12),
        Completed(("lines", 0), {"id": 12}),
    ]
    assert parser.feed('"id": 3}') == [
        Completed(("lines", 1, "id"), 3),
        Completed(("lines", 1), {"id": 3}),
    ]
    assert not parser.complete
    lines: JsonValue = [{"id": 12}, {"id": 3}]
    assert parser.feed("]}") == [Completed(("lines",), lines), Completed((), {"lines": lines})]
    assert parser.complete
    assert parser.finish() == []


def test_finish_completes_a_number_at_the_top():
    parser = PartialJSON()
    assert parser.feed("12") == []
    assert parser.finish() == [Completed((), 12)]
    assert parser.complete


def test_finish_in_the_middle_says_so():
    parser = PartialJSON()
    parser.feed('{"a')
    assert parser.finish() == []
    assert parser.error == "it ends after 3 characters, before its value does"


def test_what_is_no_json_keeps_what_was_read_and_ignores_the_rest():
    parser = PartialJSON()
    assert parser.feed('{"a": 1, oh') == [Completed(("a",), 1)]
    assert parser.feed(' "b": 2}') == []
    assert parser.value() == {"a": 1}
    assert parser.error == "expected a key, at character 10: 'oh'"
    assert not parser.complete


def test_the_place_of_an_error_counts_all_pieces():
    parser = PartialJSON()
    for piece in ('["a', "\\u00", "e9", '" x'):
        parser.feed(piece)
    assert parser.error == "expected a comma or ], at character 12: 'x'"


def test_a_value_that_was_given_does_not_change_with_what_comes():
    parser = PartialJSON()
    parser.feed('{"a": [1, ')
    before = parser.value()
    parser.feed('2], "b": "')
    assert before == {"a": [1]}
    assert parser.value() == {"a": [1, 2], "b": ""}


def test_a_number_with_more_digits_than_python_reads_is_refused():
    parser = PartialJSON()
    parser.feed("[" + "1" * 5000 + "]")
    assert parser.error is not None
    assert parser.error.startswith("a number of 5000 digits")


def test_depth_has_a_limit_that_pydantic_core_does_not_fall_short_of():
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert parse_partial(deepest) == from_json(deepest)
    with pytest.raises(DecodeError, match="nested deeper than 200, at character 201"):
        parse_partial(f"[{deepest}]")
