"""Whatever a server answers, with any status: a documented error or a result, never a crash."""

import copy
import json
import pickle
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openai_http import APIError, APIStatusError, OpenAI

KEYS = st.sampled_from(
    [
        *("error", "errors", "message", "code", "type", "param", "detail", "msg", "loc", "status"),
        *("id", "object", "choices", "data", "innererror", "metadata", "raw", "base_resp"),
        *("status_code", "n_ctx", "content_filter_result", "error_description"),
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(["insufficient_quota", "content_filter", "context_length_exceeded", "402"])
    | st.sampled_from([400, 402, 429, 502, 10**30])
)
TREES: st.SearchStrategy[Any] = st.recursive(  # Any: JSON of any shape
    LEAVES,
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(KEYS | st.text(max_size=2), inside, max_size=4)
        | inside.map(json.dumps)
    ),
    max_leaves=15,
)
STATUSES = st.sampled_from([200, 400, 402, 403, 413, 422, 429, 500, 599])
HEADERS = st.dictionaries(
    st.sampled_from(["x-request-id", "x-ratelimit-reset-tokens", "retry-after", "content-type"]),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12),
)


def answered(status: int, content: bytes, headers: dict[str, str], *, how: str) -> Any:
    """What a call gives or raises."""

    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=content, headers=headers)

    with httpx.Client(transport=httpx.MockTransport(handler)) as http_client:
        client = OpenAI(api_key="sk-test-0123456", http_client=http_client, max_retries=0)
        try:
            if how == "stream":
                return list(client.chat.completions.create(model="m", messages=[], stream=True))
            if how == "file":
                return client.files.content("f")
            if how == "page":
                return client.models.list().data
            return client.chat.completions.create(model="m", messages=[])
        except APIError as error:
            return error


def check(found: Any, status: int) -> None:
    if status >= 400:
        assert isinstance(found, APIStatusError)
    if not isinstance(found, APIError):
        return
    assert len(str(found).encode()) < 100_000  # which it can be: no halves of surrogate pairs
    twin = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own bytes
    assert (str(twin), twin.code) == (str(found), found.code)
    assert repr(twin.body) == repr(found.body)  # as text: NaN is not equal to itself
    assert str(copy.deepcopy(found)) == str(found)
    for value in (found.code, found.param, found.type):
        assert value is None or isinstance(value, str)
    if isinstance(found, APIStatusError):
        assert isinstance(found.is_permanent, bool)
        assert found.rate_limit is None or found.rate_limit.tokens is not None


HOW = pytest.mark.parametrize("how", ["whole", "stream", "file", "page"])


@HOW
@settings(max_examples=60)
@given(tree=TREES, status=STATUSES, headers=HEADERS)
@example(tree={"error": 5}, status=400, headers={})
@example(tree={"error": []}, status=400, headers={})
@example(tree={"error": {"code": [[]], "message": {}}}, status=429, headers={})
def test_any_json_is_an_error_or_a_result(
    tree: Any, status: int, headers: dict[str, str], how: str
):
    content = json.dumps(tree).encode()
    if how == "stream":
        content = b"data: " + content + b"\n\n"
    check(answered(status, content, headers, how=how), status)


@HOW
@settings(max_examples=60)
@given(content=st.binary(), status=STATUSES)
@example(content=b"\xff\xfe", status=200)
@example(content=b"NaN", status=400)
@example(content=b"data: \xff\n\n", status=200)
@example(content=b"\xef\xbb\xbf{}", status=200)
@example(content=b'{"error": "\\ud83d"}', status=400)
def test_any_bytes_are_an_error_or_a_result(content: bytes, status: int, how: str):
    check(answered(status, content, {}, how=how), status)


DEEP = [
    b"[" * 100_000,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"error":' * 100_000 + b"1" + b"}" * 100_000,
    b'{"error": {"message": '
    + b"[" * 90
    + b"]" * 90
    + b', "code": '
    + b"[" * 900
    + b"]" * 900
    + b"}}",
    b'{"error": {"message": "m", "code": ' + b"9" * 10_000 + b"}}",
    b'{"error": {"message": "' + b"m" * 5_000_000 + b'"}}',
    b'{"error": [' + b'{"message": "m"},' * 100_000 + b"{}]}",
    b"<html>" * 100_000,
    b"x" * 5_000_000,
]


@HOW
@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("content", DEEP, ids=range(len(DEEP)))
def test_deep_and_huge_bodies_end_in_an_error(content: bytes, status: int, how: str):
    if how == "stream":
        content = b"data: " + content + b"\n\n"
    found = answered(status, content, {"content-type": "application/json"}, how=how)
    check(found, status)
    if how == "file" and status == 200:
        return  # a file may be anything
    assert isinstance(found, APIError)
