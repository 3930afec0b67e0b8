from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.files.retrieval import passes, pieces_of, similarity
from openai_mock.refusals import Refusal

texts = st.text(st.sampled_from("ab \n"), max_size=60)


@given(texts, st.integers(1, 8), st.integers(0, 7))
def test_pieces_have_all_words_in_their_order(text: str, size: int, overlap: int):
    overlap = min(overlap, size - 1)
    pieces = [piece.split() for piece in pieces_of(text, size, overlap)]
    assert all(len(piece) <= size for piece in pieces)
    again = pieces[0] if pieces else []
    for piece in pieces[1:]:
        again = again + piece[overlap:]
    if not text[:1].isspace():  # a blank at the beginning counts as a token
        assert again == text.split()


@given(texts, texts)
def test_similarity_is_between_none_and_the_same(one: str, other: str):
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, other) == pytest.approx(similarity(other, one))
    if one.split():
        assert similarity(one, one) == pytest.approx(1)


def test_similarity_is_of_words_whatever_their_case():
    assert similarity("Red fox", "the FOX, red!") > similarity("Red fox", "a fox")
    assert similarity("red", "blue") == 0


ATTRIBUTES: dict[str, object] = {"n": 2, "s": "b", "t": True}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("eq", 2, True),
        ("ne", 2, False),
        ("gt", 1, True),
        ("gt", 2, False),
        ("gte", 2, True),
        ("lt", 2, False),
        ("lte", 2, True),
        ("in", [1, 2], True),
        ("nin", [1, 2], False),
        ("gt", "a", False),  # of another kind
    ],
)
def test_comparisons(kind: str, value: Any, expected: bool):
    assert passes({"type": kind, "key": "n", "value": value}, ATTRIBUTES) is expected


@pytest.mark.parametrize(("kind", "expected"), [("eq", False), ("ne", True), ("nin", True)])
def test_attribute_that_is_not_there(kind: str, expected: bool):
    assert passes({"type": kind, "key": "x", "value": [1]}, ATTRIBUTES) is expected


def test_filters_are_joined():
    yes = {"type": "eq", "key": "s", "value": "b"}
    no = {"type": "eq", "key": "s", "value": "c"}
    assert passes(
        {"type": "or", "filters": [no, {"type": "and", "filters": [yes, yes]}]}, ATTRIBUTES
    )
    assert not passes({"type": "and", "filters": [yes, no]}, ATTRIBUTES)


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"type": "like", "key": "n", "value": 1},
        {"type": "eq"},
        {"type": "or", "filters": [None]},
        {"type": "or", "filters": [1]},
    ],
)
def test_what_is_no_filter_is_refused(condition: dict[str, Any]):
    with pytest.raises(Refusal) as refused:
        passes(condition, ATTRIBUTES)
    assert refused.value.param == "filters"
