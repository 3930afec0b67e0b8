import json
from collections.abc import Iterator
from typing import Any

import pytest
from openai_mock.refusals import Refusal
from openai_mock.sessions.session import Session


class Echo(Session):
    client_events = "live.ClientEventParam"

    def _answers(self, event: Any) -> Iterator[Any]:
        yield {"type": "first"}
        if event["type"] == "session.close":
            raise Refusal("It cannot be closed.", code="open")

    def _error(self, refusal: Refusal, event: Any) -> Any:
        return {"type": "error", "code": refusal.code, "of": event.get("type")}


def answers(frame: object) -> list[Any]:
    return list(Echo().receive(frame if isinstance(frame, str | bytes) else json.dumps(frame)))


def test_event_is_answered():
    assert answers({"type": "response.create"}) == [{"type": "first"}]


@pytest.mark.parametrize(
    ("frame", "code", "of"),
    [
        ("{", "invalid_json", None),
        (b"\xff", "invalid_json", None),
        ("[]", "invalid_json", None),
        ({}, "missing_required_parameter", None),
        ({"type": "nothing"}, "invalid_value", "nothing"),
        ({"type": "response.create", "more": 1}, "unknown_parameter", "response.create"),
    ],
)
def test_what_is_no_event_is_told(frame: object, code: str, of: str | None):
    assert answers(frame) == [{"type": "error", "code": code, "of": of}]


def test_refusal_comes_after_what_was_told_already():
    assert answers({"type": "session.close"}) == [
        {"type": "first"},
        {"type": "error", "code": "open", "of": "session.close"},
    ]


def test_session_that_does_nothing_has_nothing_in_progress():
    session = Echo()
    assert (list(session.opening()), session.proceed(), session.closing) == ([], None, None)
