import copy
import pickle
from collections.abc import Callable

import pytest
from openai_types import APIError, DecodeError, OpenAIError


class Request:
    method = "POST"
    url = "http://127.0.0.1/v1/responses"

    def __init__(self) -> None:
        self.headers = {"Accept": "application/json"}


class StatusError(APIError):
    """As subclasses do: other arguments, other attributes."""

    def __init__(self, status: int, *, reason: str) -> None:
        super().__init__(f"{status}: {reason}", body={"code": status})
        self.status = status


BODY = {"message": "Slow down", "code": "rate_limit", "param": "model", "type": "requests"}


def test_api_error_has_the_fields_of_the_error_object():
    request = Request()
    error = APIError("Slow down", request, body=BODY)
    assert isinstance(error, OpenAIError)
    assert str(error) == error.message == "Slow down"
    assert (error.code, error.param, error.type) == ("rate_limit", "model", "requests")
    assert error.request is request
    assert error.body is BODY
    assert error.events == []


@pytest.mark.parametrize("body", [None, "text", [], [BODY], 5, {}, {"code": None}, b"bytes"])
def test_api_error_with_a_body_without_fields_has_none(body: object):
    error = APIError("m", body=body)
    assert (error.code, error.param, error.type, error.request) == (None, None, None, None)
    assert error.body is body


@pytest.mark.parametrize(
    ("code", "expected"), [(502, "502"), ("1113", "1113"), (0, "0"), ("", ""), (["a"], None)]
)
def test_api_error_gives_its_code_as_text(code: object, expected: str | None):
    assert APIError("m", body={"code": code}).code == expected


def test_events_of_one_error_are_not_those_of_another():
    one, other = APIError("one"), APIError("other")
    one.events.append(1)
    assert other.events == []


def test_decode_error_keeps_the_bytes_and_is_a_value_error():
    error = DecodeError("not JSON", data=b"\xff")
    assert isinstance(error, ValueError)
    assert isinstance(error, OpenAIError)
    assert not isinstance(error, APIError)
    assert (str(error), error.data) == ("not JSON", b"\xff")


def pickled(error: OpenAIError) -> OpenAIError:
    twin: OpenAIError = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    return twin


@pytest.mark.parametrize("again", [pickled, copy.copy, copy.deepcopy])
@pytest.mark.parametrize(
    "error",
    [
        OpenAIError("plain"),
        APIError("with body", body=BODY),
        DecodeError("not JSON", data=b"{"),
        StatusError(429, reason="Slow down"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_can_be_pickled_and_copied(
    error: OpenAIError, again: Callable[[OpenAIError], OpenAIError]
):
    twin = again(error)
    assert type(twin) is type(error)
    assert twin is not error
    assert (str(twin), twin.args) == (str(error), error.args)
    assert vars(twin) == vars(error)


def test_error_keeps_its_notes_when_pickled():
    error = StatusError(500, reason="x")
    error.add_note("while testing")
    assert pickled(error).__notes__ == ["while testing"]
