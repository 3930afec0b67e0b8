from typing import Any

import pytest
from openai_mock.checking.validation import check_chat, check_client_event, check_response
from openai_mock.refusals import Refusal

HI = [{"role": "user", "content": "Hi"}]


def test_valid_requests_are_given_back():
    chat: dict[str, Any] = {"model": "gpt-5.5", "messages": HI, "stream": True}
    assert check_chat(chat) == chat
    response: dict[str, Any] = {"model": "gpt-5.5", "input": HI, "stream": False}
    assert check_response(response) == response


@pytest.mark.parametrize(
    "request_",
    [
        {"prompt": {"id": "pmpt_1"}},
        {"model": "gpt-5.5", "previous_response_id": "resp_1"},
        {"model": "gpt-5.5", "conversation": "conv_1"},
    ],
)
def test_what_may_stand_in_for_an_input(request_: dict[str, Any]):
    assert check_response(request_) == request_


@pytest.mark.parametrize(
    ("request_", "param"),
    [({"model": "gpt-5.5"}, "input"), ({"input": "Hi"}, "model")],
)
def test_what_a_response_needs(request_: dict[str, Any], param: str):
    with pytest.raises(Refusal, match=f"Missing required parameter: '{param}'"):
        check_response(request_)


def test_limits_and_models_are_checked():
    with pytest.raises(Refusal, match="gpt-imaginary"):
        check_chat({"model": "gpt-imaginary", "messages": HI})
    with pytest.raises(Refusal, match="out of range"):
        check_chat({"model": "gpt-5.5", "messages": HI, "n": 0})
    with pytest.raises(Refusal, match="gpt-imaginary"):
        check_response({"model": "gpt-imaginary", "input": "Hi"})


@pytest.mark.parametrize(
    ("event", "code", "param"),
    [
        ({}, "missing_required_parameter", "type"),
        ({"type": 5}, "invalid_value", "type"),
        ({"type": "session.destroy"}, "invalid_value", "type"),
        ({"type": "session.update"}, "missing_required_parameter", "session"),
        ({"type": "response.create", "x": 1}, "unknown_parameter", "x"),
        ({"type": "response.create", "event_id": 1}, "invalid_type", "event_id"),
    ],
)
def test_objects_that_are_no_client_event(event: dict[str, Any], code: str, param: str):
    with pytest.raises(Refusal) as caught:
        check_client_event(event, "realtime.RealtimeClientEventParam")
    assert (caught.value.code, caught.value.param) == (code, param)
