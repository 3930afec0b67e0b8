"""Flows driven by scripts: no network, no clock."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_http import flows
from openai_http.attempts.redirects import MAX_REDIRECTS
from openai_http.attempts.retries import RetryPolicy
from openai_http.client import OpenAI
from openai_http.errors import (
    APIConnectionError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    BadRequestError,
    InternalServerError,
)
from openai_http.messages import Request, Response
from openai_http.requests import CallOptions
from openai_http.resources.chat import CHAT_COMPLETIONS_CREATE
from openai_http.steps import Flow, Read, Send, Sleep
from openai_http.timing.timeout import DEFAULT_TIMEOUT, Timeout
from openai_types.errors import OpenAIError

BASE = "https://api.test/v1"
URL = f"{BASE}/chat/completions"
PARAMS: dict[str, Any] = {"model": "m", "messages": []}
SECRET = "sk-test-0123456789"
COMPLETION = b'{"id": "c"}'


@dataclass
class Answer:
    status: int = 200
    body: bytes | Exception = COMPLETION
    headers: Iterable[tuple[str, str]] = ()


@dataclass
class FakeExchange:
    response: Response
    body: bytes | Exception
    released: bool = False


class Player:
    """Runs a flow: answers its requests from a script, and notes what it wants done."""

    def __init__(self, *script: Answer | Exception) -> None:
        self.script = list(script)
        self.sent: list[Request] = []
        self.timeouts: list[Timeout | None] = []
        self.slept: list[float] = []
        self.exchanges: list[FakeExchange] = []

    def run(self, flow: Flow[Any]) -> Any:
        act: Callable[[], Any] = lambda: next(flow)  # noqa: E731 - replaced at each step
        while True:
            try:
                step = act()
            except StopIteration as done:
                return done.value
            try:
                outcome = self.perform(step)
            except APIConnectionError as error:
                act = lambda error=error: flow.throw(error)  # noqa: E731
            else:
                act = lambda outcome=outcome: flow.send(outcome)  # noqa: E731

    def perform(self, step: Any) -> Any:
        if isinstance(step, Send):
            self.sent.append(step.request)
            self.timeouts.append(step.timeout)
            answer = self.script.pop(0)
            if isinstance(answer, Exception):
                raise answer
            headers = [(name.encode(), value.encode()) for name, value in answer.headers]
            response = Response(answer.status, headers, step.request)
            self.exchanges.append(FakeExchange(response, answer.body))
            return self.exchanges[-1]
        if isinstance(step, Read):
            exchange: Any = step.exchange
            exchange.released = True
            if isinstance(exchange.body, Exception):
                raise exchange.body
            exchange.response.content = exchange.body
            return None
        assert isinstance(step, Sleep)
        self.slept.append(step.seconds)
        return None

    def call(self, options: CallOptions | None = None, **settings: Any) -> Any:
        return self.run(
            flows.call(
                configured(**settings), CHAT_COMPLETIONS_CREATE, PARAMS, options or CallOptions()
            )
        )

    def open(self, **settings: Any) -> Any:
        return self.run(
            flows.prepare(
                configured(**settings), CHAT_COMPLETIONS_CREATE, PARAMS, CallOptions(), whole=False
            ).send()
        )


def configured(**settings: Any) -> Any:
    given: dict[str, Any] = {"api_key": SECRET, "base_url": BASE, **settings}
    return OpenAI(**given)._settings


def refused() -> APIConnectionError:
    return APIConnectionError(message="refused")


def test_call_gives_the_result_with_the_id_of_the_request():
    player = Player(Answer(headers=[("X-Request-Id", "req_1")]))
    result = player.call()
    assert (result.id, result._request_id) == ("c", "req_1")
    assert result.to_dict() == {"id": "c"}
    assert [request.url for request in player.sent] == [URL]
    assert player.slept == []


def test_call_without_an_id_of_the_request():
    assert Player(Answer()).call()._request_id is None


def test_call_with_the_timeout_of_the_client_or_its_own():
    player = Player(Answer(), Answer(), Answer(), Answer())
    player.call()
    player.call(timeout=7)
    player.call(CallOptions(timeout=3), timeout=7)
    player.call(CallOptions(timeout=None))
    assert player.timeouts == [DEFAULT_TIMEOUT, Timeout(7), Timeout(3), Timeout(None)]


def test_call_with_a_timeout_that_is_none_is_refused_before_it_is_sent():
    player = Player()
    with pytest.raises(OpenAIError, match=r"timeout is -1\."):
        player.call(CallOptions(timeout=-1))
    assert player.sent == []


@pytest.mark.parametrize("failure", [refused(), APITimeoutError(), *map(Answer, (408, 409, 429))])
def test_failure_that_may_pass_is_tried_again(failure: Any):
    player = Player(failure, failure, Answer())
    assert player.call().id == "c"
    assert len({id(request) for request in player.sent}) == 1
    assert len(player.slept) == 2
    assert all(exchange.released for exchange in player.exchanges)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 529, 599])
def test_failure_of_the_server_is_tried_again_until_the_attempts_end(status: int):
    player = Player(Answer(status), Answer(status), Answer(status, b'{"error": "busy"}'))
    with pytest.raises(InternalServerError, match="busy") as caught:
        player.call()
    assert caught.value.status_code == status
    assert (len(player.sent), len(player.slept)) == (3, 2)


@pytest.mark.parametrize("status", [300, 304, 400, 401, 403, 404, 410, 413, 422, 501 - 100])
def test_other_failures_are_raised_at_once(status: int):
    player = Player(Answer(status))
    with pytest.raises(APIStatusError):
        player.call(max_retries=9)
    assert player.slept == []


def test_connection_error_of_the_last_attempt_is_raised():
    errors = [refused(), refused(), refused()]
    with pytest.raises(APIConnectionError) as caught:
        Player(*errors).call()
    assert caught.value is errors[-1]


@pytest.mark.parametrize("failure", [refused(), Answer(503)])
def test_without_retries_each_failure_is_the_last(failure: Any):
    player = Player(failure)
    with pytest.raises(OpenAIError):
        player.call(max_retries=0)
    assert (len(player.sent), player.slept) == (1, [])


def test_server_says_whether_to_try_again():
    player = Player(Answer(400, headers=[("x-should-retry", "true")]), Answer())
    assert player.call().id == "c"
    player = Player(Answer(503, headers=[("x-should-retry", "false")]))
    with pytest.raises(InternalServerError):
        player.call()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([("retry-after", "7")], 7.0),
        ([("retry-after", "0")], 0.0),
        ([("retry-after", "1.5")], 1.5),
        ([("retry-after", "120")], 120.0),
        ([("retry-after-ms", "250"), ("retry-after", "7")], 0.25),
        ([("retry-after", "Wed, 21 Oct 2015 07:28:10 GMT")], 10.0),
    ],
)
def test_server_says_when_to_try_again(
    headers: list[tuple[str, str]], seconds: float, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(time, "time", lambda: 1445412480.0)
    player = Player(Answer(429, headers=headers), Answer())
    player.call()
    assert player.slept == [seconds]


@pytest.mark.parametrize(
    "absurd", ["-1", "nan", "inf", "soon", "", "1e999", "Wed, 21 Oct 2015 07:27:00 GMT"]
)
def test_absurd_delay_of_the_server_is_ignored(absurd: str):
    player = Player(Answer(429, headers=[("retry-after", absurd)]), Answer())
    player.call()
    assert 0.375 <= player.slept[0] <= 0.5


@pytest.mark.parametrize(
    "headers", [("retry-after", "121"), ("retry-after-ms", "1e9"), ("retry-after", "1e300")]
)
def test_delay_that_nobody_waits_for_is_the_user_s_to_decide(headers: tuple[str, str]):
    player = Player(Answer(429, headers=[headers]))
    with pytest.raises(APIStatusError) as caught:
        player.call()
    assert player.slept == []
    assert caught.value.response.headers[headers[0]] == headers[1]


@given(st.integers(0, 40))
def test_delays_grow_up_to_a_ceiling(attempts: int):
    player = Player(*[refused() for _ in range(attempts)], Answer())
    player.call(max_retries=attempts)
    longest = [min(0.5 * 2.0**attempt, RetryPolicy().max_delay) for attempt in range(attempts)]
    for seconds, most in zip(player.slept, longest, strict=True):
        assert 0.75 * most <= seconds <= most


def test_body_that_breaks_off_is_asked_for_again():
    player = Player(Answer(body=refused()), Answer(503, body=refused()), Answer())
    assert player.call().id == "c"
    assert (len(player.sent), len(player.slept)) == (3, 2)


def test_body_that_is_not_what_the_api_describes_is_not_asked_for_again():
    player = Player(Answer(body=b"<p>Hello</p>", headers=[("Content-Type", "text/html")]))
    with pytest.raises(APIResponseValidationError) as caught:
        player.call(max_retries=5)
    assert str(caught.value).startswith(f"POST {URL} was answered with 200 and text/html, but not")
    assert caught.value.body == "<p>Hello</p>"
    assert caught.value.__cause__
    assert len(player.sent) == 1


def test_body_with_the_key_in_it_is_shown_without_it():
    player = Player(Answer(body=f"You sent {SECRET}".encode()))
    with pytest.raises(APIResponseValidationError) as caught:
        player.call()
    response: Any = caught.value.response
    assert SECRET not in f"{caught.value}{caught.value.body}{response.text}{caught.value.__cause__}"


def test_strict_client_refuses_what_the_lenient_one_keeps():
    assert Player(Answer(body=b'{"id": 1}')).call().id == 1
    with pytest.raises(APIResponseValidationError, match="id"):
        Player(Answer(body=b'{"id": 1}')).call(_strict_response_validation=True)


def test_stream_is_given_before_its_body_is_read():
    player = Player(Answer(503), Answer(body=AssertionError()))
    exchange = player.open()
    assert exchange is player.exchanges[1]
    assert not exchange.released


def test_stream_that_is_refused_is_an_error():
    with pytest.raises(BadRequestError):
        Player(Answer(400, b"{}")).open()


def to(location: str) -> list[tuple[str, str]]:
    return [("Location", location)]


@pytest.mark.parametrize("status", [307, 308])
@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/v2/chat", "https://api.test/v2/chat"),
        ("answers?x=1", f"{BASE}/chat/answers?x=1"),
        ("//api.test/else", "https://api.test/else"),
        ("https://API.test:443/v1", "https://API.test:443/v1"),
        ("https://user@api.test/v1", "https://user@api.test/v1"),
    ],
)
def test_redirect_that_keeps_method_and_body(status: int, location: str, url: str):
    player = Player(Answer(status, headers=to(location)), Answer())
    assert player.call().id == "c"
    first, second = player.sent
    assert (second.method, second.url) == ("POST", url)
    assert (second.content, second.headers) == (first.content, first.headers)
    assert player.exchanges[0].released


@pytest.mark.parametrize("status", [301, 302, 303])
def test_redirect_that_becomes_a_get(status: int):
    player = Player(Answer(status, headers=to("/v2")), Answer())
    player.call()
    _, second = player.sent
    assert (second.method, second.url, second.content) == ("GET", "https://api.test/v2", b"")
    assert "content-type" not in second.headers
    assert second.headers["authorization"] == f"Bearer {SECRET}"


def test_redirect_that_becomes_a_get_elsewhere_goes_without_credentials():
    player = Player(Answer(303, headers=to("https://other.test/")), Answer())
    player.call(default_headers={"x-api-key": SECRET})
    assert SECRET not in f"{dict(player.sent[1].headers)}"
    assert "user-agent" in player.sent[1].headers


@pytest.mark.parametrize(
    "location",
    [
        "https://other.test/v1",
        "https://api.test:8443/v1",
        "http://api.test/v1",
        "https://evil.api.test/v1",
        "https://api.test@other.test/v1",
    ],
)
def test_redirect_with_a_body_to_another_server_is_refused(location: str):
    player = Player(Answer(307, b"Moved", headers=to(location)))
    with pytest.raises(APIStatusError, match=r"redirected to .* and not followed") as caught:
        player.call()
    assert len(player.sent) == 1
    assert (caught.value.status_code, caught.value.body) == (307, "Moved")
    assert "Set base_url" in str(caught.value)


def test_redirect_to_another_server_shows_no_credentials():
    player = Player(Answer(308, headers=to(f"https://u:{SECRET}@other.test/?api-key={SECRET}")))
    with pytest.raises(APIStatusError, match=r"to https://other.test/\?api-key=\[removed\],") as e:
        player.call()
    assert SECRET not in str(e.value)


@pytest.mark.parametrize("status", [303, 307])
@pytest.mark.parametrize(
    "location", ["https://[::1", "https://h:port", "ftp://h", "file:///etc", "/\x01"]
)
def test_redirect_to_nowhere_is_an_error(status: int, location: str):
    player = Player(Answer(status, headers=to(location)))
    with pytest.raises(APIStatusError, match=r"redirected to .* and not followed"):
        player.call()


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("http://api.test", "https://api.test/v1", True),
        ("http://api.test:80", "https://api.test:443/v1", True),
        ("http://api.test:8000", "https://api.test:8000/v1", True),
        ("http://api.test:8000", "https://api.test:8443/v1", False),
        ("http://api.test", "https://other.test/v1", False),
    ],
)
def test_redirect_to_the_encrypted_form_of_a_server(old: str, new: str, *, same: bool):
    player = Player(Answer(307, headers=to(new)), Answer())
    if same:
        player.call(base_url=old)
        assert player.sent[1].headers["authorization"] == f"Bearer {SECRET}"
        return
    with pytest.raises(APIStatusError, match="not followed"):
        player.call(base_url=old)


def test_redirects_in_a_circle_end():
    player = Player(*[Answer(307, headers=to("/v1/chat/completions"))] * (MAX_REDIRECTS + 1))
    with pytest.raises(APIStatusError, match="in a circle"):
        player.call()
    assert len(player.sent) == MAX_REDIRECTS + 1


def test_redirect_without_a_place_is_an_error():
    with pytest.raises(APIStatusError, match="307 Temporary Redirect"):
        Player(Answer(307)).call()


def test_location_of_an_answer_that_is_no_redirect_is_not_followed():
    player = Player(Answer(200, headers=to("/elsewhere")))
    assert player.call().id == "c"
    with pytest.raises(BadRequestError, match="No good"):
        Player(Answer(400, b"No good", headers=to("/elsewhere"))).call()


def test_unknown_parameter_is_refused_before_anything_is_done():
    with pytest.raises(TypeError, match="modle"):
        flows.call(configured(), CHAT_COMPLETIONS_CREATE, {**PARAMS, "modle": "m"}, CallOptions())
