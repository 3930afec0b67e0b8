import pytest
from openai_mock.checking.pairs import tree
from openai_mock.refusals import Refusal


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], {}),
        ([("a", "1"), ("b", "")], {"a": "1", "b": ""}),
        ([("a", "1"), ("a", "2"), ("a", "3")], {"a": ["1", "2", "3"]}),
        ([("a[]", "1")], {"a": ["1"]}),
        ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
        ([("a[b]", "1"), ("a[c][d]", "2")], {"a": {"b": "1", "c": {"d": "2"}}}),
        ([("a[b][]", "1"), ("a[b][]", "2")], {"a": {"b": ["1", "2"]}}),
    ],
)
def test_trees(pairs: list[tuple[str, str]], expected: object):
    assert tree(pairs) == expected


@pytest.mark.parametrize(
    "names",
    [["a["], ["[a]"], [""], ["a]b"], ["a[][b]"], ["a", "a[b]"], ["a[b]", "a"], ["a[]", "a[b]"]],
)
def test_names_that_make_no_tree(names: list[str]):
    with pytest.raises(Refusal, match="not readable") as caught:
        tree((name, "1") for name in names)
    assert caught.value.status == 400
