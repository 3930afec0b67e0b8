import pytest
from openai_mock.body import kind_of, parse_object, read_object
from openai_mock.refusals import Refusal


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=utf-8"])
def test_object_is_read(content_type: str):
    assert read_object(content_type, b'{"a": [1, "\xc3\xbc"]}') == {"a": [1, "ü"]}


@pytest.mark.parametrize(
    "content_type", [None, "", "text/plain", "multipart/form-data; boundary=x"]
)
def test_other_content_type_is_refused(content_type: str | None):
    with pytest.raises(Refusal, match="Content-Type: application/json") as caught:
        read_object(content_type, b"{}")
    assert (caught.value.status, caught.value.code) == (400, "unsupported_content_type")


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
