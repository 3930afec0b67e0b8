import json

import pytest
from openai_mock import MockServerError
from openai_mock.journal.naming import About, Target, about, operation_of
from openai_mock.routing.routes import ROOT, fixed_query, template
from openai_types.catalogue import operations


@pytest.mark.parametrize("name", operations())
def test_every_operation_is_recognised_by_its_route(name: str):
    operation = operations()[name]
    steps = template(operation).split("/")
    filled = ROOT + "/".join("x_1" if "{" in step else step for step in steps)
    found = operation_of(operation.method, filled, fixed_query(operation), operation.accept)
    assert found
    assert (operations()[found].method, operations()[found].path) == (
        operation.method,
        operation.path,
    )


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("WEBSOCKET", "/v1/realtime", "realtime.connect"),
        ("WEBSOCKET", "/v1/responses", "responses.connect"),
        ("WEBSOCKET", "/v1/live/sessions", "live.connect"),
        ("WEBSOCKET", "/v1/live/sessions/sess_1/attach", "live.sideband.connect"),
        ("WEBSOCKET", "/v1/live/sessions/sess_1/fork", "live.forks.connect"),
        ("WEBSOCKET", "/v1/nowhere", None),
        ("POST", "/v1/responses/compact", "responses.compact"),
        ("POST", "/responses", "responses.create"),
        ("POST", "/openai/v1/responses", "responses.create"),
        ("GET", "/v1/responses/", None),
        ("PUT", "/v1/responses", None),
        ("GET", "/", None),
    ],
)
def test_other_routes(method: str, path: str, name: str | None):
    assert operation_of(method, path) == name


def accepts(target: str, method: str, path: str, query: bytes = b"") -> bool:
    return Target(target).accepts(method, path, query)


def test_targets():
    assert accepts("responses.create", "POST", "/v1/responses")
    assert not accepts("responses.create", "GET", "/v1/responses")
    assert accepts("/v1/responses", "GET", "/v1/responses")
    assert accepts("post /v1/responses", "POST", "/v1/responses")
    assert not accepts("POST /v1/responses", "GET", "/v1/responses")
    assert accepts("/v1/responses/{id}/cancel", "POST", "/v1/responses/resp_1/cancel")
    assert not accepts("/v1/responses/{id}", "GET", "/v1/responses/")
    assert accepts("realtime.connect", "WEBSOCKET", "/v1/realtime")
    assert accepts("live.forks.connect", "WEBSOCKET", "/v1/live/sessions/sess_1/fork")
    assert accepts("beta.responses.create", "POST", "/v1/responses", b"beta=true")
    assert not accepts("beta.responses.create", "POST", "/v1/responses")


def test_operation_that_does_not_exist_is_told_with_similar_names():
    with pytest.raises(MockServerError, match=r"responses\.creates.*responses\.create,? ?"):
        Target("responses.creates")


def about_json(body: object) -> About:
    return about("x.create", {}, "application/json", json.dumps(body).encode())


@pytest.mark.parametrize(
    ("body", "excerpt"),
    [
        ({"input": "Hello"}, "Hello"),
        ({"prompt": "a" * 300}, "a" * 200),
        ({"messages": [{"content": "first"}, {"content": "last"}]}, "last"),
        ({"input": [{"content": [{"type": "input_text", "text": "part"}, {"x": 1}]}]}, "part"),
        ({"input": [{"type": "function_call_output", "output": "42"}]}, "42"),
        ({"input": [1, None]}, None),
        ({"input": None}, None),
        (["input"], None),
    ],
)
def test_excerpt_is_the_last_text(body: object, excerpt: str | None):
    assert about_json(body).excerpt == excerpt


@pytest.mark.parametrize(("model", "named"), [("gpt-5.5", "gpt-5.5"), (7, None), (None, None)])
def test_model_of_a_body(model: object, named: str | None):
    assert about_json({"model": model}).model == named


def test_model_of_a_query_and_of_a_form():
    assert about(None, {"model": "gpt-realtime"}, "", b"") == About(None, "gpt-realtime")
    form = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n'
        b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n--b--\r\n'
    )
    assert about(None, {}, "multipart/form-data", form) == About(None, "whisper-1")


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000])
def test_body_that_is_no_json_says_nothing(body: bytes):
    assert about("x.create", {}, "application/json", body) == About("x.create")
