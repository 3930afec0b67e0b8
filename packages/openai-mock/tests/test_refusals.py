import pytest
from openai_mock.refusals import Refusal, server_failed, unknown_model, wrong_key, wrong_method


def test_error_object_has_the_fields_of_the_api():
    refusal = Refusal("No.", code="invalid_value", param="model")
    assert refusal.status == 400
    assert refusal.error == {
        "message": "No.",
        "type": "invalid_request_error",
        "param": "model",
        "code": "invalid_value",
    }


@pytest.mark.parametrize("key", ["x", "short-key", "sk-proj-" + "secret" * 20])
def test_key_is_masked(key: str):
    assert key not in wrong_key(key).message
    assert "**" in wrong_key("sk-long-enough-to-show-its-ends").message


def test_short_key_is_masked_to_the_last_letter():
    assert "short" not in wrong_key("short-key").message


def test_unknown_model_is_named():
    refusal = unknown_model("gpt-imaginary")
    assert (refusal.status, refusal.code, refusal.param) == (404, "model_not_found", "model")
    assert "gpt-imaginary" in refusal.message


def test_wrong_method_keeps_the_allow_header():
    assert wrong_method("GET", "/v1/responses", {"allow": "POST"}).headers == {"allow": "POST"}
    assert wrong_method("GET", "/v1/responses", None).headers == {}


def test_failure_is_a_server_error_and_says_nothing_of_the_data():
    refusal = server_failed(KeyError("secret"))
    assert (refusal.status, refusal.kind) == (500, "server_error")
    assert "KeyError" in refusal.message
    assert "secret" not in refusal.message
