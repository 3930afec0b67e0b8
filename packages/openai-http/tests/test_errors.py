import copy
import pickle
from collections.abc import Callable
from typing import Any

import httpx
import openai_http
import pytest
from openai_http import errors
from openai_http.failures import combined
from openai_http.failures.kinds import Kind
from openai_http.messages import Request, Response
from openai_stream import errors as stream_errors
from openai_types import errors as root
from openai_types.chat import ChatCompletion
from openai_types.errors import DecodeError, OpenAIError

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
    "ContentFilterError",  # for the official package these are what their status says
    "ContextLengthError",
    "QuotaExceededError",
    "PoolExhaustedError",  # and this is one timeout among others
    "DeadlineExceededError",  # it has no deadlines
    "InvalidArgumentError",  # the official package raises a plain ValueError
    "InvalidTypeError",  # and a plain TypeError
    "StreamStalledError",  # it knows no limits of streams
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


WITH_DATA = DecodeError | stream_errors.StreamDecodeError | stream_errors.NotAStreamError
FINISHED = stream_errors.LengthFinishReasonError | stream_errors.ContentFilterFinishReasonError


def every_error() -> list[OpenAIError]:
    """One of each class that this package and those below it raise, with all it can have."""
    response = wire_response(429)
    body = {"message": "No", "code": "c"}
    classes = [
        cls
        for module in (root, errors, combined, stream_errors)
        for cls in vars(module).values()
        if isinstance(cls, type) and issubclass(cls, OpenAIError)
    ]
    made: list[OpenAIError] = []
    for cls in {*classes}:
        one: Any = cls
        if issubclass(cls, errors.APIStatusError):
            error = one("No", response=response, body=body)
        elif issubclass(cls, errors.APIResponseValidationError):
            error = one(response, body)
        elif issubclass(cls, errors.APITimeoutError):
            error = one(response.request, message="No")
        elif issubclass(cls, errors.APIConnectionError):
            error = one(message="No", request=response.request)
        elif issubclass(cls, FINISHED):
            error = one(completion=COMPLETION)
        elif issubclass(cls, stream_errors.NothingInStreamError):
            error = one("run", "thread.run.created")
        elif issubclass(cls, WITH_DATA):
            error = one("No", data=b"{")
        elif issubclass(cls, stream_errors.StreamStalledError):
            error = one("No", limit="idle_timeout", seconds=3)
        else:
            error = one("No")
        error.extra = {"set": "later"}
        made.append(error)
    return sorted(made, key=lambda error: type(error).__name__)


@pytest.mark.parametrize("error", every_error(), ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("again", [copied, copy.copy, copy.deepcopy])
def test_every_error_keeps_all_it_has(error: OpenAIError, again: Callable[[Any], Any]):
    twin = again(error)
    assert type(twin) is type(error)
    assert (str(twin), twin.args) == (str(error), error.args)
    assert vars(twin).keys() == vars(error).keys()
    for name, value in vars(error).items():
        found = getattr(twin, name)
        if isinstance(value, Response):
            assert (found.status_code, found.text) == (value.status_code, value.text)
            assert (found.headers, found.request) == (value.headers, value.request)
        else:
            assert found == value


def test_every_class_of_a_status_has_those_with_what_happened():
    for kind in (Kind.QUOTA, Kind.CONTEXT, Kind.FILTER):
        for status in (400, 402, 413, 429, 500, 503):
            cls = combined.error_class(kind, status)
            assert issubclass(cls, errors.status_error_class(status))
    for kind in (None, Kind.KEY, Kind.MODEL, Kind.SIZE):
        assert combined.error_class(kind, 429) is errors.RateLimitError
    assert issubclass(combined.error_class(Kind.QUOTA, 429), errors.QuotaExceededError)


def test_errors_without_a_status_of_their_own_have_what_they_say_by_default():
    response = wire_response(400)
    assert errors.QuotaExceededError("No", response=response, body=None).is_permanent
    context = errors.ContextLengthError("No", response=response, body=None)
    assert (context.limit, context.used, context.is_permanent) == (None, None, True)
    assert errors.ContentFilterError("No", response=response, body=None).result is None
    assert errors.BadRequestError("No", response=response, body=None).is_permanent
    assert not errors.RateLimitError("No", response=wire_response(429), body=None).is_permanent
