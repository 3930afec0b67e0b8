from typing import Any

import pytest


@pytest.fixture
def router(like: Any) -> Any:
    return like("openrouter")


def test_generation_id_and_comments(router: Any):
    answer = router.ask(stream=True)
    assert answer.headers["x-generation-id"]
    assert ": OPENROUTER PROCESSING\n\n" in answer.text


def test_errors_after_the_status(router: Any):
    assert router.chat("[upstream_error]")["error"]["metadata"]["raw"]
    last = router.chunks("[upstream_error]")[-1]
    assert (last["error"]["code"], last["choices"][0]["finish_reason"]) == (502, "error")


@pytest.mark.parametrize(
    ("mark", "status", "later"),
    [("no_credits", 402, None), ("rate_limited", 429, "1"), ("unavailable", 503, "1")],
)
def test_refusals_with_numeric_codes(router: Any, mark: str, status: int, later: str | None):
    answer = router.ask(f"[{mark}]")
    assert (answer.status_code, answer.headers.get("retry-after")) == (status, later)
    assert answer.json()["error"]["code"] == status


def test_fields_of_its_own(router: Any):
    for body in (router.chat(), *router.chunks()):
        assert body["choices"][0]["native_finish_reason"] is None
        assert (body["service_tier"], body["provider"]) == ("standard", "OpenAI")


def test_limit_is_max_tokens(router: Any):
    assert router.choice(max_completion_tokens=1)["finish_reason"] == "stop"
    assert router.choice(max_tokens=1)["finish_reason"] == "length"


def test_details_of_reasoning_come_back(router: Any, turn: Any):
    message = router.choice()["message"]
    assert "".join(router.deltas("reasoning")) == message["reasoning"]
    details = message["reasoning_details"]
    assert details[0]["type"] == "reasoning.text"
    back = {"reasoning": message["reasoning"], "reasoning_details": details}
    assert router.chat(messages=turn(back))
