"""Whatever comes instead of an answer is read, its messages can be shown, and nothing is lost."""

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from openai_types.error_body import LONGEST, find_message, read_error

KEYS = st.sampled_from(["message", "error", "errors", "detail", "msg", "loc", "title", "code"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
TREES: st.SearchStrategy[Any] = st.recursive(  # Any: JSON of any shape
    LEAVES,
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(KEYS | st.text(max_size=2), inside, max_size=3)
        | inside.map(json.dumps)
    ),
    max_leaves=12,
)
MARKUP = st.sampled_from(["<", ">", "<html>", "</", "<title>", "</title>", "<script>", "a"])


@given(body=st.binary() | st.text() | st.lists(MARKUP).map("".join))
@example(body=b"\xef\xbb\xbf")
@example(body='"\\ud83d"')
def test_any_body_is_read(body: bytes | str):
    read = read_error(body)
    if read.message is not None:
        assert read.message.encode()
        assert read.message == read.message.strip()
        assert len(read.message) <= LONGEST or not isinstance(read.body, str)


@given(text=st.text())
def test_text_that_is_no_json_is_the_body(text: str):
    try:
        json.loads(text)
    except ValueError:
        assert read_error(text).body == text.removeprefix("\ufeff")


@given(tree=TREES)
def test_any_json_is_read_as_when_it_is_parsed(tree: Any):
    read = read_error(json.dumps(tree))
    if not isinstance(tree, str):
        assert read.message == find_message(tree)


@given(tree=st.dictionaries(st.text(), TREES, min_size=1), code=st.integers())
def test_error_object_is_the_body_wherever_it_is(tree: dict[str, Any], code: int):
    error = {**tree, "message": "m", "code": code}
    for sent in ({"error": error}, [{"error": error}], {"error": [error], "id": "x"}):
        read = read_error(json.dumps(sent))
        assert (read.message, read.body) == ("m", error)
