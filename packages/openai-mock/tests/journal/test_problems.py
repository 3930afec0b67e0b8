import json
from typing import Any

import pytest
from openai_mock.journal import Close, Event, Frame
from openai_mock.journal.problems import find_problem, problem_of_frames
from openai_mock.refusals import missing_key, unknown_model, wrong_method


def of_error(status: int, **error: object):
    return find_problem(status, json.dumps({"error": error}).encode(), ())


def test_no_problem():
    assert find_problem(None, b"", ()) is None
    assert find_problem(200, b"", (Event(0, "response.created", "{}"),), ended="complete") is None
    assert find_problem(101, b"", (), close=Close(1000, "", "server"), ended="complete") is None
    assert find_problem(101, b"", (), close=Close(4000, "", "client"), ended="complete") is None


@pytest.mark.parametrize("refusal", [missing_key(), unknown_model("x"), wrong_method("A", "/", {})])
def test_refusals_of_this_server_are_explained(refusal: Any):
    found = of_error(refusal.status, **refusal.error)
    assert found
    assert (found.message, found.code, found.param) == (
        refusal.message,
        refusal.code,
        refusal.param,
    )
    assert found.remedy


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, None, "Authorization"),
        (404, None, "/v1"),
        (409, None, "retrieve"),
        (429, "rate_limit_exceeded", "retry-after"),
        (429, "insufficient_quota", "cannot help"),
        (400, "integer_below_min_value", "range"),
        (400, "something_new", "as the message says"),
        (500, None, "openai_mock"),
    ],
)
def test_remedies(status: int, code: str | None, words: str):
    found = of_error(status, message="No.", code=code)
    assert found
    assert words in found.remedy


def test_parameter_that_was_probably_meant_is_named():
    error = {"message": "No.", "code": "unknown_parameter", "param": "temprature"}
    body = json.dumps({"error": error}).encode()
    found = find_problem(400, body, (), operation="responses.create")
    assert found
    assert "'temperature'" in found.remedy
    assert find_problem(400, body, (), operation=None) != found


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error": null}', b"\xff"])
def test_error_in_whatever_body_is_a_problem(body: bytes):
    found = find_problem(503, body, ())
    assert found
    assert found.message


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("error", '{"type":"error","code":"c","message":"Broke.","sequence_number":3}'),
        (None, '{"error": {"message": "Broke.", "code": "c"}}'),
        (
            "response.failed",
            '{"type":"response.failed","response":{"error":{"code":"c","message":"Broke."}}}',
        ),
    ],
)
@pytest.mark.parametrize("after", [(), (Event(1, None, "[DONE]"),)])
def test_error_inside_a_stream(name: str | None, data: str, after: tuple[Event, ...]):
    found = find_problem(200, b"", (Event(0, name, data), *after), ended="complete")
    assert found
    assert (found.message, found.code) == ("Broke.", "c")


def test_failed_response_without_an_error_is_a_problem_all_the_same():
    for data in ("{", "[]", '{"response": null}', '{"response": {"error": null}}'):
        assert find_problem(200, b"", (Event(0, "response.failed", data),))


def test_ends_that_are_problems():
    left = find_problem(200, b"", (), ended="client left")
    broken = find_problem(200, b"", (), ended="server error")
    cut = find_problem(200, b"", (), ended="fault", fault="cut(after_events=1)")
    closed = find_problem(101, b"", (), close=Close(1011, "why", "server"), ended="complete")
    assert left
    assert "client" in left.message
    assert broken
    assert "server" in broken.message
    assert cut
    assert "cut(after_events=1)" in cut.message
    assert closed
    assert "1011: why" in closed.message


def test_last_error_of_a_socket():
    def out(event: object) -> Frame:
        return Frame(0, "out", json.dumps(event))

    first = out({"type": "error", "error": {"message": "First.", "param": "a"}})
    last = out({"type": "error", "error": {"message": "Last.", "param": "b"}})
    other = out({"type": "response.done", "response": {"error": {"message": "No."}}})
    incoming = Frame(0, "in", first.data)
    found = problem_of_frames([first, last, other, incoming, Frame(0, "out", b'"error"')])
    assert found
    assert (found.message, found.param) == ("Last.", "b")
    assert find_problem(101, b"", (), framed=found, ended="client left") == found
    assert problem_of_frames([other, incoming, Frame(0, "out", '"error" {')]) is None
