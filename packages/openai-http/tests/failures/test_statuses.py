import json

import pytest
from openai_http import errors
from openai_http.bodies.uploads import Form
from openai_http.failures.statuses import error_within, status_error
from openai_http.messages import Request, Response
from openai_types.error_body import read_error

REQUEST = Request("POST", "https://h/v1/x", {"authorization": "Bearer sk-test-0123456789"})


def raised(
    status: int, body: bytes | str = b"", headers: list[tuple[bytes, bytes]] | None = None
) -> errors.APIStatusError:
    response = Response(status, headers or [], REQUEST)
    response.content = body.encode() if isinstance(body, str) else body
    return status_error(response)


@pytest.mark.parametrize(
    ("status", "kind", "remedy"),
    [
        (400, errors.BadRequestError, "without a word, if the input is too long"),
        (401, errors.AuthenticationError, "Check the API key in OPENAI_API_KEY"),
        (403, errors.PermissionDeniedError, "permissions, project and region"),
        (404, errors.NotFoundError, "Check the name of the model"),
        (407, errors.APIStatusError, "proxy=http://user:password@proxy"),
        (408, errors.APIStatusError, "Send the request again."),
        (409, errors.ConflictError, "Fetch the object anew"),
        (402, errors.QuotaExceededError, "add credit"),
        (413, errors.ContextLengthError, "Shorten the input"),
        (418, errors.APIStatusError, "Check base_url"),
        (422, errors.UnprocessableEntityError, "what the server objects to"),
        (429, errors.RateLimitError, "Wait and send fewer requests"),
        (500, errors.InternalServerError, "try again in a moment"),
        (599, errors.InternalServerError, "(a status that HTTP does not know)"),
        (302, errors.APIStatusError, "Check base_url"),
    ],
)
def test_status_has_its_class_and_its_remedy(status: int, kind: type[Exception], remedy: str):
    error = raised(status)
    assert type(error) is kind
    assert f"https://h/v1/x was answered with {status} " in str(error)
    assert remedy in str(error)
    assert error.status_code == status


def test_refused_request_says_where_the_objection_is():
    assert ".param and .code say what the server objects to" in str(raised(400, "Bad thing"))


def test_body_too_large_for_a_proxy_is_not_about_the_context():
    page = "<html><title>413 Request Entity Too Large</title></html>"
    error = raised(413, page)
    assert type(error) is errors.APIStatusError
    assert "413 Request Entity Too Large. Send less" in str(error)


def test_file_too_large_is_not_about_the_context():
    request = Request("POST", "https://h/v1/files", {}, form=Form((), ()))
    response = Response(413, [], request)
    response.content = b""
    assert type(status_error(response)) is errors.APIStatusError


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{"foo": "bar"}', '{"foo": "bar"}'),
        ("[1, 2]", "[1, 2]"),
        ('{"foo": "' + "x" * 1000 + '"}', '{"foo": "' + "x" * 490 + "…"),
        ('{"error": 5}', '{"error": 5}'),
        ('{"error": []}', '{"error": []}'),
        (b"\xff\xfe\x00", "\ufffd\ufffd\x00"),
        (" ", "it gave no reason"),
    ],
)
def test_body_that_says_nothing_known_is_shown(body: bytes | str, shown: str):
    assert f"502 Bad Gateway: {shown}" in str(raised(502, body))


def test_fields_are_on_the_error_whatever_the_shape():
    detail = [{"type": "missing", "loc": ["body", "model"], "msg": "Field required"}]
    error = raised(422, json.dumps({"detail": detail}))
    assert ": body.model: Field required. Correct" in str(error)
    assert (error.code, error.param, error.type) == (None, "model", "missing")
    listed = raised(400, json.dumps([{"error": {"code": 3, "message": "a"}}, {"message": "b"}]))
    assert (listed.code, listed.body) == (
        "3",
        [{"error": {"code": 3, "message": "a"}}, {"message": "b"}],
    )


def test_limits_are_on_the_error():
    error = raised(429, b"", [(b"X-RateLimit-Remaining-Tokens", b"0")])
    assert error.rate_limit is not None
    assert error.rate_limit.tokens.remaining == 0
    assert raised(429).rate_limit is None


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (502, 502, errors.InternalServerError),
        (429, "429", errors.RateLimitError),
        (200, None, errors.APIStatusError),
        (200, "busy", errors.APIStatusError),
        (200, 4000, errors.APIStatusError),
    ],
)
def test_error_with_the_status_of_success_has_the_class_of_its_code(
    status: int, code: object, kind: type[errors.APIStatusError]
):
    response = Response(200, [], REQUEST)
    response.content = json.dumps({"error": {"message": "Overloaded", "code": code}}).encode()
    error = error_within(response, read_error(response.content))
    assert type(error) is kind
    assert error.status_code == status
    assert error.response.status_code == 200
    assert "answered with 200 OK, but with an error in it: Overloaded. " in str(error)


def test_error_has_what_the_server_said():
    said = {"message": "Bad model", "type": "invalid", "param": "model", "code": 7}
    error = raised(400, json.dumps({"error": said}), [(b"x-request-id", b"req_1")])
    assert str(error) == error.message
    assert "400 Bad Request: Bad model. Correct" in str(error)
    assert str(error).endswith("(Request req_1.)")
    assert (error.code, error.param, error.type) == ("7", "model", "invalid")
    assert error.body == said
    assert error.request_id == "req_1"
    assert error.request == REQUEST.without_secrets()


@pytest.mark.parametrize(
    ("said", "shown"), [("Stop.", "Stop. "), ("Why?", "Why? "), ("No", "No. "), ("Go!", "Go! ")]
)
def test_what_the_server_said_ends_as_a_sentence(said: str, shown: str):
    assert f": {shown}Correct" in str(raised(400, json.dumps({"error": {"message": said}})))


def test_key_that_the_server_repeats_is_blotted_out():
    error = raised(401, json.dumps({"error": {"message": "Wrong: sk-test-0123456789"}}))
    response: object = error.response
    assert isinstance(response, Response)
    assert "sk-test" not in f"{error}{error.body}{response.text}"
    assert "Wrong: [removed]" in str(error)


def test_redirect_that_was_not_followed_says_where_it_leads():
    error = raised(307, b"Moved", [(b"location", b"/v2?token=abc")])
    assert "is redirected to https://h/v2?token=[removed], and not followed" in str(error)
    assert error.body == "Moved"
    assert "to a malformed URL, and" in str(raised(307, b"", [(b"location", b"//[::1")]))


def test_location_of_another_status_is_no_redirect():
    assert "redirected" not in str(raised(429, b"", [(b"location", b"/v2")]))
