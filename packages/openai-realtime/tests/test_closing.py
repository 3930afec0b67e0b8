import pytest
from openai_realtime.closing import Ending


@pytest.mark.parametrize("code", [1000, 1005])
def test_ending_with_a_regular_code_is_normal(code: int):
    ending = Ending(code, "bye")
    assert ending.normal
    assert "normally (bye)" in ending.explain()


@pytest.mark.parametrize("code", [1001, 1002, 1006, 1008, 1011, 3000, 4000])
def test_ending_with_another_code_is_not_normal(code: int):
    assert not Ending(code).normal


def test_ending_asked_for_is_normal_whatever_the_code():
    ending = Ending(4321, asked=True)
    assert ending.normal
    assert "was closed before" in ending.explain()


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        (Ending(1001, "Your session hit the maximum duration of 60 minutes."), "maximum duration"),
        (Ending(1001), "Connect again"),
        (Ending(1006), "without a close frame"),
        (Ending(1009), "Send audio in smaller parts"),
        (Ending(1009, by_us=True), "larger than max_size"),
        (Ending(1011), "server failed"),
        (Ending(1011, "keepalive ping timeout", by_us=True), "stopped answering pings"),
        (Ending(3000, "invalid_request_error.invalid_api_key"), "Check the API key"),
        (Ending(4000, "invalid_request_error.model_not_found"), "name of the model"),
        (Ending(4999), "code 4999. Look up"),
    ],
)
def test_explain_names_cause_and_remedy(ending: Ending, said: str):
    message = ending.explain()
    assert said in message
    assert ending.reason in message
    assert str(ending.code) in message
