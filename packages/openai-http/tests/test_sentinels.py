import copy
import pickle

import pytest
from openai_http import NOT_GIVEN, NotGiven, Omit, not_given, omit
from openai_http.sentinels import is_given


@pytest.mark.parametrize(("sentinel", "name"), [(NOT_GIVEN, "NOT_GIVEN"), (omit, "omit")])
def test_sentinels_are_false_named_and_one_of_a_kind(sentinel: object, name: str):
    assert not sentinel
    assert repr(sentinel) == name
    assert pickle.loads(pickle.dumps(sentinel)) is sentinel  # noqa: S301 - our own bytes
    assert copy.deepcopy(sentinel) is sentinel
    assert not is_given(sentinel)


def test_not_given_has_two_names():
    assert not_given is NOT_GIVEN


def test_types_are_public():
    assert isinstance(NOT_GIVEN, NotGiven)
    assert isinstance(omit, Omit)


@pytest.mark.parametrize("value", [None, False, 0, "", {}])
def test_everything_else_is_given(value: object):
    assert is_given(value)
