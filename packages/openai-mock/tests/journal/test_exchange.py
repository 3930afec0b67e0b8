import pickle
from datetime import UTC, datetime
from typing import Any

import pytest
from openai_mock.journal import Event, Exchange, Frame, Problem, Request, Response
from openai_types import DecodeError
from starlette.datastructures import Headers, QueryParams


def request(
    body: bytes = b"{}", *, dropped: int = 0, read: bool = True, query: str = ""
) -> Request:
    headers = Headers({"content-type": "application/json; charset=utf-8"})
    return Request(headers, body, dropped, "POST", "/v1/responses", QueryParams(query), read)


def response(status: int = 200, body: bytes = b"{}", events: tuple[Event, ...] = ()) -> Response:
    return Response(Headers(), body, 0, status, events)


def exchange(**changes: Any) -> Exchange:
    made: dict[str, Any] = {
        "number": 3,
        "operation": "responses.create",
        "model": "gpt-5.5",
        "request": request(b'{"model": "gpt-5.5"}', query="a=1"),
        "response": response(),
        "frames": (),
        "frames_dropped": 0,
        "close": None,
        "started": datetime(2026, 1, 1, tzinfo=UTC),
        "duration": 0.5,
        "ended": "complete",
        "problem": None,
    }
    return Exchange(**{**made, **changes})


def test_exchange_gives_what_its_request_has():
    made = exchange()
    assert made.json()["model"] == "gpt-5.5"
    assert (made.method, made.path, made.query["a"]) == ("POST", "/v1/responses", "1")
    assert (made.body, made.status) == (b'{"model": "gpt-5.5"}', 200)
    assert made.headers["Content-Type"] == "application/json; charset=utf-8"
    assert made.request.content_type == "application/json"
    assert exchange(response=None).status is None


def test_exchanges_are_compared_and_pickled_by_what_they_hold():
    assert exchange() == exchange()
    assert exchange() != exchange(number=4)
    assert pickle.loads(pickle.dumps(exchange())) == exchange()  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "<#3 POST /v1/responses (responses.create, gpt-5.5): 200>"),
        (
            {"operation": None, "model": None, "response": None, "ended": None},
            "<#3 POST /v1/responses: no answer so far>",
        ),
        ({"ended": None}, "<#3 POST /v1/responses (responses.create, gpt-5.5): 200 so far>"),
        (
            {"ended": "client left"},
            "<#3 POST /v1/responses (responses.create, gpt-5.5): 200, client left>",
        ),
        (
            {"response": response(400), "problem": Problem("Wrong.", "Mend it.", "c", "input[0]")},
            "<#3 POST /v1/responses (responses.create, gpt-5.5): 400 c about input[0]>",
        ),
        (
            {"response": response(500), "problem": Problem("Wrong.", "Mend it.")},
            "<#3 POST /v1/responses (responses.create, gpt-5.5): 500 Wrong.>",
        ),
    ],
)
def test_repr_of_an_exchange(changes: dict[str, object], shown: str):
    assert repr(exchange(**changes)) == shown


def test_reprs_of_requests_and_responses():
    assert repr(request(query="a=1", dropped=5)) == (
        "<Request POST /v1/responses?a=1, 2 bytes and 5 dropped>"
    )
    events = (Event(0.1, None, "[DONE]"),)
    assert repr(response(events=events)) == "<Response 200, 2 bytes, 1 events>"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (request(b"{"), "is not JSON"),
        (request(b"\xff"), "is not JSON"),
        (request(b"[" * 100_000), "is not JSON"),
        (request(dropped=9), "9 were dropped.*body_limit"),
        (request(b"", read=False), "without reading"),
    ],
)
def test_body_that_cannot_be_read_as_json_is_told(wrong: Request, words: str):
    with pytest.raises(DecodeError, match=words) as caught:
        wrong.json()
    assert caught.value.data == wrong.body


def test_events_and_frames_are_read_as_json():
    assert Event(0, "a", '{"n": 1}').json() == {"n": 1}
    assert Frame(0, "in", '{"n": 1}').json() == Frame(0, "out", b'{"n": 1}').json() == {"n": 1}
    with pytest.raises(DecodeError, match=r"data of this event.*\[DONE\]"):
        Event(0, None, "[DONE]").json()


def test_text_of_a_body_never_fails():
    assert request(b"a\xff").text == "a�"
