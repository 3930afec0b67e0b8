import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.recorder.comparison import (
    SHOWN_DIFFERENCES,
    comparable,
    comparable_message,
    differences,
    key_of,
    nearest,
)
from openai_mock.recorder.exchange import End, Exchange, JsonObject, Request

from .unhurried import unhurried

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.5, 1.0]) | st.text("ab"),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("ab"), inner),
    max_leaves=4,
)


def request(path: str = "/v1/x", method: str = "POST", **body: object) -> Request:
    return Request(method, path, (), dict(body))


def same(one: Request, other: Request, *ignore: str) -> bool:
    return key_of(comparable(one, ignore)) == key_of(comparable(other, ignore))


def part(name: str, text: str) -> JsonObject:
    return {"headers": [["content-disposition", f'form-data; name="{name}"']], "text": text}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (request(json={"a": 1, "b": 2}), request(json={"b": 2, "a": 1.0})),
        (request("/v1/x?a=1&b=2"), request("/v1/x?b=2&a=1")),
        (request("/v1/x?a=%20b"), request("/v1/x?a=+b")),
        (
            request(multipart=[part("a", "1"), part("b", "2")]),
            request(multipart=[part("b", "2"), part("a", "1")]),
        ),
    ],
)
def test_same_request(one: Request, other: Request):
    assert same(one, other)
    assert list(differences(comparable(one, ()), comparable(other, ()))) == []


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (request(), request(method="PUT"), 'method: recorded "POST", now "PUT"'),
        (request(), request("/v1/y"), 'path: recorded "/v1/x", now "/v1/y"'),
        (request("/v1/x?a="), request(), 'query.a: recorded [""], now missing'),
        (request("/v1/x?a=1&a=2"), request("/v1/x?a=2&a=1"), 'query.a[0]: recorded "1", now "2"'),
        (request(json={"a": True}), request(json={"a": 1}), "body.a: recorded true, now 1"),
        (request(json={"a": None}), request(json={}), "body.a: recorded null, now missing"),
        (request(json=[1]), request(json=[1, 2]), "body[1]: not recorded, now 2"),
        (request(json=[1, 2]), request(json=[1]), "body[1]: recorded 2, now missing"),
        (request(json="a"), request(text="a"), 'kind of body: recorded "json", now "text"'),
        (request(json=None), request(), 'kind of body: recorded "json", now "nothing"'),
        (
            request(multipart=[part("a", "1"), part("a", "2")]),
            request(multipart=[part("a", "2"), part("a", "1")]),
            'body[0].text: recorded "1", now "2"',
        ),
    ],
)
def test_other_request(one: Request, other: Request, told: str):
    assert not same(one, other)
    assert told in list(differences(comparable(one, ()), comparable(other, ())))


def test_ignored_names_do_not_matter():
    one = request("/v1/x?id=1", json={"a": [{"id": 1}]})
    other = request("/v1/x?id=2", json={"a": [{"id": 2}]})
    assert same(one, other, "id")
    assert not same(one, other, "a")


@unhurried
@given(JSON, JSON)
def test_differences_are_told_exactly_if_there_are_some(one: object, other: object):
    assert (list(differences(one, other)) == []) == (key_of(one) == key_of(other))


def test_messages_are_compared_as_json_text_or_bytes():
    assert comparable_message('{"b": 1, "a": 2.0}', ("b",)) == {"a": 2}
    assert comparable_message("{", ()) == "{"
    assert comparable_message(b"\x01", ()) == "01"


def test_nearest_is_that_of_the_same_path_with_the_fewest_differences():
    exchanges = [
        Exchange(number, each, (End("complete", 0),))
        for number, each in enumerate(
            [
                request("/v1/responses", json={"model": "a", "input": "x"}),
                request("/v1/responses", json={"model": "b", "input": "y"}),
                request("/v1/files", json={"model": "b", "input": "x"}),
            ]
        )
    ]
    found = nearest(request("/v1/responses", json={"model": "b", "input": "x"}), exchanges, ())
    assert found == (exchanges[0], ['body.model: recorded "a", now "b"']) or found == (
        exchanges[1],
        ['body.input: recorded "y", now "x"'],
    )
    assert nearest(request(), [], ()) is None


def test_many_and_long_differences_are_shortened():
    recorded = Exchange(1, request(json={f"f{n}": "x" * 1000 for n in range(20)}), ())
    found = nearest(request(json={}), [recorded], ())
    assert found
    assert len(found[1]) == SHOWN_DIFFERENCES + 1
    assert found[1][-1] == f"and {20 - SHOWN_DIFFERENCES} more"
    assert max(map(len, found[1])) < 200


def test_key_is_json():
    assert json.loads(key_of({"b": 1, "a": [None]})) == {"a": [None], "b": 1}
