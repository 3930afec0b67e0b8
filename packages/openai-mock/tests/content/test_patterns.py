import re
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.content.errors import PatternError
from openai_mock.content.patterns import Pattern, compiled

PATTERNS = {
    r"^[A-Z]{2}\d{4}$": r"[A-Z]{2}[0-9]{4}",
    r"^@[a-zA-Z0-9_]+$": r"@[a-zA-Z0-9_]+",
    r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$": r"[+-]?(\d+\.?\d*|\.\d+)",  # pydantic's decimals
    r"^(?=.*[a-z])(?=.*\d)(?=.*[A-Z]).{8,}$": r".{8,}",
    r"^(?<year>\d{4})-\k<year>$": r"(\d{4})-\1",
    r"^\p{Lu}\p{Ll}+[\p{N}]$": r"[A-Z][a-z]+[0-9]",
    r"^[\[\]a&&b|~]{3}\/$": r"[]\[a&b|~]{3}/",
    r"^[^\s@]+@[^\s@]+\.\w{2,}$": r"[^\s@]+@[^\s@]+\.\w\w+",
    r"^\u{1F600}?[\u4e00-\u9fff]$": "😀?[一-鿿]",
    r"^(?:cat|dog)s?$": r"(cat|dog)s?",
    r"^(a+?b*){2,3}\b$": r"(a+b*){2,3}",
    r"(?<=a)b": "ab",
    r"^a$|^$": "a?",
    r"^(?>a|b)(?i:c)[^a-y\u{61}]$": "[ab]c[^a-y]",
    r"^(?:){5}[\p{L}$]$": "[a-zA-Z$]",
    r"x": "x",
}


@pytest.mark.parametrize(("source", "meant"), PATTERNS.items())
def test_texts_are_what_the_expression_means(source: str, meant: str):
    found = list(islice(Pattern(source).texts(), 5))
    assert found
    assert len(set(found)) == len(found)
    for text in found:
        assert re.fullmatch(meant, text), text


@given(st.integers(0, 40), st.integers(0, 10))
def test_texts_have_the_length_that_is_asked_for(least: int, more: int):
    text = next(Pattern(r"^[a-z]+(-[a-z]+)*$").texts(max(least, 1), max(least, 1) + more))
    assert max(least, 1) <= len(text) <= max(least, 1) + more
    unanchored = next(Pattern("abc").texts(least, max(least, 3)))
    assert "abc" in unanchored
    assert len(unanchored) >= least


@given(st.from_regex(r"[a-c]{0,3}(\([a-c]+\|[x-z]*\))?(\[\^?[a-f]\]){0,2}[+*?]?", fullmatch=True))
def test_texts_are_found_for_any_expression_without_assertions(source: str):
    try:
        expected = re.compile(source)
    except re.error:
        return
    assert expected.search(next(Pattern(source).texts()))


@given(st.text())
def test_any_text_is_read_or_refused(source: str):
    try:
        pattern = Pattern(source)
    except PatternError as error:
        assert repr(source) in str(error)  # noqa: PT017 - or it is read
    else:
        assert all(map(pattern.matches, islice(pattern.texts(), 3)))


@pytest.mark.parametrize(
    "source", ["a{4294967294}", "^(a{1000}){1000}$", "(?!)", r"^[^\s\S]$", "b^a"]
)
def test_expression_without_a_text_of_bearable_length_gives_none(source: str):
    assert not list(Pattern(source).texts())


def test_expression_that_is_longer_than_the_most_gives_none():
    assert not list(Pattern("^a{5}$").texts(0, 4))


def test_what_cannot_be_read_says_what_it_is():
    with pytest.raises(PatternError, match="unterminated character set"):
        Pattern("[a")
    with pytest.raises(PatternError, match="property 'Script=Greek'"):
        Pattern(r"\p{Script=Greek}")


def test_end_is_the_end_of_the_text_and_digits_are_ascii():
    assert not Pattern("^a$").matches("a\n")
    assert Pattern(r"^\d$").matches("1")
    assert not Pattern(r"^\d$").matches("\u0661")
    assert not Pattern(r"^\W$").matches("é")


def test_surrogates_are_never_written():
    assert not list(Pattern(r"^[\ud800-\udbff]$").texts())


def test_pattern_is_compiled_once():
    assert compiled("^a$") is compiled("^a$")
