import httpx
import pytest
from openai_mock import MockServerError, serve
from openai_mock.replies import JsonReply, check_headers, check_json, check_status


@pytest.mark.parametrize("status", [100, 199, 600])
def test_status_that_no_answer_has_is_told(status: int):
    with pytest.raises(MockServerError, match="Give 200 to 599"):
        check_status(status)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("a", "b\r\nc: d", "one line"),
        ("a", "é", "ASCII"),
        ("a", 5, "ASCII"),
        ("a b", "c", "letters"),
        ("", "c", "letters"),
        ("Content-Length", "5", "fault cut"),
    ],
)
def test_header_that_cannot_be_sent_is_told(name: str, value: object, told: str):
    with pytest.raises(MockServerError, match=told):
        check_headers({name: value})


def test_header_that_can_be_sent():
    check_headers({"X-One_2": "a,\tb", "x": ""})


@pytest.mark.parametrize("value", [object(), "\ud800", {"a": [print]}])
def test_what_is_no_json_is_told(value: object):
    with pytest.raises(MockServerError, match="cannot be written as JSON"):
        check_json(value)


@pytest.mark.parametrize("status", [204, 304])
@pytest.mark.parametrize("fault", [None, "empty", "duplicate:1"])
def test_answer_whose_status_has_no_body_has_none(
    status: int, fault: str | None, caplog: pytest.LogCaptureFixture
):
    with serve(fault=fault) as server:
        server.on.models.list().reply(status=status)
        server.on.models.list().reply(JsonReply({"data": []}, status=status))
        headers = {"authorization": f"Bearer {server.api_key}"}
        with httpx.Client(base_url=server.base_url, headers=headers, trust_env=False) as client:
            answers = [client.get("/models") for _ in range(2)]
    assert [(each.status_code, each.content) for each in answers] == [(status, b"")] * 2
    assert not caplog.records
