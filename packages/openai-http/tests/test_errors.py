import pickle
from typing import Any

import httpx
import openai_http
import pytest
from openai_http import errors
from openai_http.messages import Request, Response
from openai_types import errors as root
from openai_types.chat import ChatCompletion

BY_STATUS: list[tuple[int, type[errors.APIStatusError]]] = [
    (400, errors.BadRequestError),
    (401, errors.AuthenticationError),
    (403, errors.PermissionDeniedError),
    (404, errors.NotFoundError),
    (409, errors.ConflictError),
    (422, errors.UnprocessableEntityError),
    (429, errors.RateLimitError),
]
SECRET = "sk-test-0123456789"
REQUEST = httpx.Request("POST", "https://h/v1/x")
COMPLETION = ChatCompletion.model_validate(
    {"id": "c", "choices": [], "usage": {"completion_tokens": 9}}
)


def copied(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own bytes


@pytest.mark.parametrize(("status", "kind"), BY_STATUS)
def test_status_has_its_class(status: int, kind: type[errors.APIStatusError]):
    assert errors.status_error_class(status) is kind
    assert kind.status_code == status


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (418, errors.APIStatusError),
        (500, errors.InternalServerError),
        (599, errors.InternalServerError),
        (302, errors.APIStatusError),
    ],
)
def test_other_statuses_have_a_class(status: int, kind: type[errors.APIStatusError]):
    assert errors.status_error_class(status) is kind


def test_status_error_takes_a_response_of_httpx():
    response = httpx.Response(429, headers={"x-request-id": "req_1"}, request=REQUEST)
    body = {"message": "Slow", "code": "rate", "param": None, "type": "limit"}
    error = errors.RateLimitError("Slow down", response=response, body=body)
    assert (str(error), error.message) == ("Slow down", "Slow down")
    assert (error.status_code, error.request_id) == (429, "req_1")
    assert (error.response, error.request, error.body) == (response, REQUEST, body)
    assert (error.code, error.param, error.type) == ("rate", None, "limit")
    assert error.events == []


def test_connection_errors_have_messages_of_their_own():
    assert str(errors.APIConnectionError(request=REQUEST)) == "Connection error."
    error = errors.APIConnectionError(message="unplugged", request=REQUEST)
    assert (error.message, error.request, error.body) == ("unplugged", REQUEST, None)
    timeout = errors.APITimeoutError(REQUEST)
    assert (str(timeout), timeout.request) == ("Request timed out.", REQUEST)
    assert isinstance(errors.APITimeoutError(request=REQUEST), errors.APIConnectionError)


def test_validation_error_has_a_message_of_its_own():
    response = httpx.Response(200, request=REQUEST)
    error = errors.APIResponseValidationError(response, "body")
    assert str(error) == "The answer is not what the API describes."
    assert (error.status_code, error.response, error.body) == (200, response, "body")
    assert str(errors.APIResponseValidationError(response, None, message="Other")) == "Other"


def test_finish_reason_errors_keep_the_completion():
    cut = errors.LengthFinishReasonError(completion=COMPLETION)
    assert cut.completion is COMPLETION
    assert "after 9 tokens" in str(cut)
    without = ChatCompletion.model_validate({"id": "c", "choices": []})
    assert "limit, so" in str(errors.LengthFinishReasonError(completion=without))
    assert errors.ContentFilterFinishReasonError().completion is None
    stopped = errors.ContentFilterFinishReasonError(completion=COMPLETION)
    assert stopped.completion is COMPLETION
    assert copied(cut).completion == COMPLETION
    assert str(copied(stopped)) == str(stopped)


def wire_response(status: int) -> Response:
    headers = {"authorization": f"Bearer {SECRET}", "x-extra": "1"}
    request = Request("POST", f"https://h/v1/x?key={SECRET}", headers, b"{}")
    response = Response(status, [(b"x-request-id", b"req_1")], request)
    response.content = b'{"error": {"message": "No", "code": "c"}}'
    return response


@pytest.mark.parametrize(("status", "kind"), [*BY_STATUS, (500, errors.InternalServerError)])
def test_status_errors_can_be_pickled_and_hold_no_secret(
    status: int, kind: type[errors.APIStatusError]
):
    error = kind("No", response=wire_response(status), body={"message": "No", "code": "c"})
    error.events = [COMPLETION]
    assert SECRET.encode() not in pickle.dumps(error)
    back = copied(error)
    assert type(back) is kind
    assert (str(back), back.message, back.status_code) == ("No", "No", status)
    assert (back.code, back.body, back.request_id) == ("c", error.body, "req_1")
    assert back.request == error.request
    back_response: Any = back.response
    assert back_response.content == b'{"error": {"message": "No", "code": "c"}}'
    assert back.response.headers["X-Request-Id"] == "req_1"
    assert back.events == [COMPLETION]
    assert error.request is not None
    assert error.request.headers == {"authorization": "[removed]", "x-extra": "1"}
    assert SECRET not in f"{error!r}{error.request}{error.response.request.headers}"


def test_other_errors_can_be_pickled():
    response = wire_response(200)
    error = errors.APIResponseValidationError(response, "body")
    back = copied(error)
    assert (back.status_code, back.body, back.response.text) == (200, "body", response.text)
    timeout = errors.APITimeoutError(response.request)
    timeout.body = b"so far"
    back = copied(timeout)
    assert (type(back), back.body, back.request) == (
        errors.APITimeoutError,
        b"so far",
        response.request,
    )


def test_errors_are_below_one_root():
    for name in dir(errors):
        value = getattr(errors, name)
        if isinstance(value, type) and issubclass(value, Exception):
            assert issubclass(value, root.OpenAIError)


COMPARED = sorted(name for name in openai_http.__all__ if name.endswith("Error"))
OURS = {
    "InvalidArgumentError",  # the official package raises a plain ValueError
    "StreamTruncatedError",  # it takes half an answer for a whole one
}


@pytest.mark.peer
@pytest.mark.parametrize("name", [name for name in COMPARED if name not in OURS])
def test_errors_are_those_of_the_official_package(name: str):
    official_errors = pytest.importorskip("openai")
    ours: Any = getattr(openai_http, name)
    official: Any = getattr(official_errors, name)
    names = [base.__name__ for base in official.__mro__]
    assert [base.__name__ for base in ours.__mro__] == names
    attributes = {key for base in official.__mro__ for key in getattr(base, "__annotations__", {})}
    known = {key for base in ours.__mro__ for key in getattr(base, "__annotations__", {})}
    assert attributes <= known
    assert getattr(ours, "status_code", None) == getattr(official, "status_code", None)


@pytest.mark.peer
def test_errors_of_the_official_package_are_here():
    official: Any = pytest.importorskip("openai")
    later = {  # webhooks and realtime have these; those of credentials come with them
        "InvalidWebhookSignatureError",
        "OAuthError",
        "SubjectTokenProviderError",
        "WebSocketConnectionClosedError",
        "WebSocketQueueFullError",
    }
    names = {name for name in official.__all__ if name.endswith("Error")}
    assert names - later <= {*COMPARED}


@pytest.mark.peer
def test_errors_are_made_as_those_of_the_official_package():
    official: Any = pytest.importorskip("openai")
    module: Any = pytest.importorskip("httpx2")  # the HTTP library of the official package
    request = module.Request("POST", "https://h/v1/x")
    response = module.Response(404, headers={"x-request-id": "req_1"}, request=request)
    body = {"code": 7, "param": "model", "type": "t"}
    for name in ("APIStatusError", "NotFoundError"):
        pair = [
            getattr(package, name)("No", response=response, body=body)
            for package in (openai_http, official)
        ]
        for attribute in (
            "message",
            "code",
            "param",
            "type",
            "body",
            "status_code",
            "request_id",
            "request",
        ):
            assert getattr(pair[0], attribute) == getattr(pair[1], attribute)
    for package in (openai_http, official):
        assert package.APITimeoutError(request).request is request
        assert package.APITimeoutError(request=request).message == "Request timed out."
        assert package.APIConnectionError(message="m", request=request).message == "m"
        assert package.APIConnectionError(request=request).message == "Connection error."
        assert package.APIResponseValidationError(response, None).status_code == 404
