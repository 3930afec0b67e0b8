import pytest
from openai_mock.checking.body import kind_of, media_type_of, parse_object
from openai_mock.refusals import Refusal


@pytest.mark.parametrize(
    ("header", "media_type"),
    [
        (None, ""),
        ("", ""),
        ("Application/JSON; charset=utf-8", "application/json"),
        ("multipart/form-data; boundary=x", "multipart/form-data"),
    ],
)
def test_media_type_is_what_stands_before_its_parameters(header: str | None, media_type: str):
    assert media_type_of(header) == media_type


@pytest.mark.parametrize(
    "body", [b"", b"{", b"{'a': 1}", b'{"a": NaN}', b'"\xff"', b'{"a": "\\ud800"}', b"[" * 100_000]
)
def test_what_is_no_json_is_refused(body: bytes):
    with pytest.raises(Refusal, match="could not parse the JSON") as caught:
        parse_object(body)
    assert (caught.value.status, caught.value.code) == (400, "invalid_json")
    assert len(caught.value.message) < 400


@pytest.mark.parametrize("body", ["[]", "null", "1", '"a"'])
def test_json_that_is_no_object_is_refused(body: str):
    with pytest.raises(Refusal, match="Send one JSON object"):
        parse_object(body)


def test_kinds_have_the_names_of_json():
    values: list[object] = [None, True, 1, 1.5, "a", [], {}]
    assert [kind_of(value).split()[-1] for value in values] == [
        "null",
        "boolean",
        "integer",
        "decimal",
        "string",
        "array",
        "object",
    ]
