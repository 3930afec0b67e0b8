"""Whatever has JSON arrives as it was given; whatever has none ends in the documented error."""

import json
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st
from openai_http import NOT_GIVEN, OpenAI, omit
from openai_http.requests import CallOptions, build_request
from openai_http.resources.chat import CHAT_COMPLETIONS_CREATE
from openai_http.sentinels import is_given
from openai_types.errors import OpenAIError

CLIENT = OpenAI(api_key="sk-test", base_url="https://h/v1")

texts = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)
anything = st.recursive(
    json_values | st.floats() | st.text() | st.binary() | st.builds(object),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=8,
)


omitted = st.sampled_from([omit, NOT_GIVEN])
with_omitted = st.recursive(
    json_values | omitted,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=12,
)


def without_omitted(value: Any) -> Any:
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return {key: without_omitted(each) for key, each in pairs if is_given(each)}
    if isinstance(value, list):
        return [without_omitted(each) for each in cast("list[Any]", value) if is_given(each)]
    return value


def built(options: CallOptions | None = None, **params: Any) -> Any:
    given: dict[str, Any] = {"model": "m", "messages": [], **params}
    return build_request(CLIENT._settings, CHAT_COMPLETIONS_CREATE, given, options or CallOptions())


@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(sorted(CHAT_COMPLETIONS_CREATE.body), json_values)
    )
)
def test_any_json_arrives_equal(params: dict[str, Any]):
    assert json.loads(built(**params).content) == {"model": "m", "messages": [], **params}


@given(with_omitted)
def test_what_is_omitted_is_not_sent_wherever_it_is(value: Any):
    content = built(CallOptions(extra_body={"x": value}), metadata={"y": value}).content
    assert json.loads(content) == {
        "model": "m",
        "messages": [],
        "metadata": without_omitted({"y": value}),
        **without_omitted({"x": value}),
    }


@given(anything)
def test_anything_else_is_refused_as_documented(value: Any):
    try:
        content = built(metadata=value).content
    except OpenAIError as error:
        assert "chat.completions.create()" in str(error)  # noqa: PT017 - or it passes
    else:
        json.loads(content)


@given(st.dictionaries(texts, texts))
def test_any_query_arrives_equal(query: dict[str, str]):
    url: str = built(CallOptions(extra_query=query)).url
    assert dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)) == query
