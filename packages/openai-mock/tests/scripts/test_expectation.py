import threading
from typing import Any

import pytest
from openai_mock import MockServerError, faults


def test_headers_delay_and_faults_belong_to_their_answer(scripted: Any):
    scripted.on.responses.create().headers({"X-One": "1"}).reply("one").then.delay(0.001).reply(
        "two"
    ).fault(faults.content_type("text/plain"), "retry_after:3")
    first, second = scripted.respond(), scripted.respond()
    assert first.headers["x-one"] == "1"
    assert "x-one" not in second.headers
    assert first.headers["content-type"] == "application/json"
    assert second.headers["content-type"] == "text/plain"
    assert second.headers["retry-after"] == "3"


def test_fault_alone_is_one_of_the_usual_answer(scripted: Any):
    scripted.on.chat.completions.create().fault("no_done").then.usual()
    answers = [scripted.chat(stream=True) for _ in range(2)]
    assert "[DONE]" not in answers[0].text
    assert '"finish_reason":"stop"' in answers[0].text
    assert "[DONE]" in answers[1].text


def test_rate_limits(scripted: Any):
    scripted.on.responses.create().error(429).rate_limits(
        requests=60, remaining_requests=0, reset_requests="1s", tokens=9, retry_after=2.5
    )
    answer = scripted.respond()
    limits = {name: value for name, value in answer.headers.items() if "ratelimit" in name}
    assert limits == {
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "1s",
        "x-ratelimit-limit-tokens": "9",
    }
    assert answer.headers["retry-after"] == "2.5"


def test_delay_is_over_when_the_clock_says_so(scripted: Any):
    scripted.server.clock.freeze()
    scripted.on.responses.create().delay(3600).reply("late")
    ended = threading.Event()

    def advance() -> None:
        while not ended.wait(0.01):
            scripted.server.clock.advance(3600)

    advancing = threading.Thread(target=advance)
    advancing.start()
    try:
        assert "late" in scripted.respond().text
    finally:
        ended.set()
        advancing.join()


def test_impossible_things_are_told(scripted: Any):
    expectation = scripted.on.responses.create()
    for wrong in (
        lambda: expectation.times(0),
        lambda: expectation.delay(-1),
        lambda: expectation.fault("cutt:1"),
        lambda: expectation.error(200),
        lambda: expectation.reply("x", status=9),
    ):
        with pytest.raises(MockServerError):
            wrong()


def test_it_is_shown_with_what_it_expects(scripted: Any):
    expectation = scripted.on.responses.create(model="gpt-5.5").where(bool)
    shown = repr(expectation)
    assert shown.startswith("Expectation(responses.create(model='gpt-5.5').where(bool) of test_")
    assert expectation.left == "1 of 1 answers not asked for"
