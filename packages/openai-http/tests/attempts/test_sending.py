"""The attempts of a call, played by a script against a clock that stands still by itself."""

import io
import json
import pickle
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from openai_http.attempts.retries import RetryPolicy
from openai_http.attempts.sending import Sending
from openai_http.bodies.uploads import Form, Part
from openai_http.errors import (
    APIConnectionError,
    APIStatusError,
    DeadlineExceededError,
    RateLimitError,
)
from openai_http.messages import Request, Response
from openai_http.settings import KEY_TO_COME
from openai_http.steps import AskKey, Read, Send, Sleep
from openai_http.timing.deadlines import Deadline
from openai_http.timing.timeout import Timeout
from openai_http.timing.watch import Watch
from openai_stream.errors import StreamDecodeError, StreamTruncatedError
from openai_types.attempts import Attempt
from openai_types.errors import APIError, InvalidArgumentError, OpenAIError

REQUEST = Request("POST", "https://api.test/v1/chat/completions", {}, b"{}")
POLICY = RetryPolicy(jitter=0)


class Exchange:
    def __init__(self, status: int, headers: dict[str, str], body: bytes | Exception) -> None:
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        self.response = Response(status, raw, REQUEST)
        self.body = body


class Answer:
    """What happens to an attempt, and how long it takes."""

    def __init__(
        self,
        outcome: int | Exception = 200,
        /,
        *,
        after: float = 0.0,
        body: bytes | Exception = b"{}",
        **headers: str,
    ) -> None:
        self.outcome = outcome
        self.after = after
        self.body = body
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Play:
    """Plays the answers of a script to a `Sending`."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.now = 100.0
        self.slept: list[float] = []
        self.sent: list[Request] = []

    def sending(
        self,
        *,
        policy: RetryPolicy = POLICY,
        request: Request = REQUEST,
        deadline: float | None = None,
        whole: bool = True,
        key_function: Any = None,
    ) -> Sending:
        clock = lambda: self.now  # noqa: E731 - short
        watch = None
        if deadline is not None:
            limit = Deadline(self.now + deadline, deadline, f"deadline={deadline:g}")
            watch = Watch(request, deadline=limit, clock=clock)
        return Sending(
            *(request, Timeout(600), policy, watch),
            whole=whole,
            clock=clock,
            key_function=key_function,
        )

    def run(self, flow: Any) -> Any:
        outcome: Any = None
        failure: Exception | None = None
        while True:
            try:
                step = flow.throw(failure) if failure else flow.send(outcome)
            except StopIteration as done:
                return done.value
            failure = None
            try:
                outcome = self.perform(step)
            except APIConnectionError as error:
                failure = error

    def perform(self, step: Any) -> Any:
        if isinstance(step, AskKey):
            return step.function()
        if isinstance(step, Send):
            self.sent.append(step.request)
            answer = self.answers.pop(0)
            self.now += answer.after
            if isinstance(answer.outcome, Exception):
                raise answer.outcome
            return Exchange(answer.outcome, answer.headers, answer.body)
        if isinstance(step, Read):
            exchange: Any = step.exchange
            if isinstance(exchange.body, Exception):
                raise exchange.body
            exchange.response.content = exchange.body
            return None
        assert isinstance(step, Sleep)
        self.slept.append(step.seconds)
        self.now += step.seconds
        return None

    def send(self, **given: Any) -> Any:
        return self.run(self.sending(**given).send())


def refused() -> APIConnectionError:
    error = APIConnectionError(message="No connection.")
    error.outcome = "never_sent"
    return error


def test_log_of_attempts_is_on_the_response():
    play = Play(
        Answer(refused(), after=2.0),
        Answer(503, after=1.0, retry_after="4"),
        Answer(body=APIConnectionError(message="Broke off."), after=3.0),
        Answer(200),
    )
    response = play.send(policy=RetryPolicy(max_retries=3, jitter=0)).response
    first, second, third, last = response.attempts
    assert first == Attempt(
        number=1,
        started=0.0,
        seconds=2.0,
        outcome="never_sent",
        error="APIConnectionError",
        waited=0.5,
    )
    assert (second.started, second.status, second.retry_after, second.waited) == (2.5, 503, 4, 4)
    assert (second.outcome, second.error) == ("answered", "InternalServerError")
    assert (third.outcome, third.status, third.waited) == ("unknown", 200, 2.0)
    assert (last.number, last.started, last.status, last.error) == (4, 12.5, 200, None)
    assert response.retries_taken == 3
    assert play.slept == [0.5, 4.0, 2.0]


def test_log_of_attempts_is_on_the_error_and_in_its_message():
    play = Play(Answer(503, after=1.0), Answer(refused(), after=1.5), Answer(500, after=0.5))
    with pytest.raises(APIStatusError, match=r"\(3 attempts in 4\.5 s\.\)") as caught:
        play.send()
    assert [attempt.status for attempt in caught.value.attempts] == [503, None, 500]
    assert str(caught.value) == caught.value.message
    copied: APIStatusError = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own
    assert copied.attempts == caught.value.attempts
    assert [str(attempt) for attempt in copied.attempts] == [
        "attempt 1: 1.0 s (503), waiting 0.5 s",
        "attempt 2: 1.5 s (APIConnectionError), waiting 1.0 s",
        "attempt 3: 0.5 s (500)",
    ]


def test_each_attempt_has_a_key_that_was_just_asked_for():
    keys = iter(["sk-1", "sk-2", "sk-3"])
    play = Play(Answer(503), Answer(refused()), Answer(200))
    request = replace(REQUEST, headers={"authorization": KEY_TO_COME, "x-a": "1"})
    play.send(request=request, key_function=lambda: next(keys))
    assert [sent.headers for sent in play.sent] == [
        {"authorization": f"Bearer sk-{number}", "x-a": "1"} for number in (1, 2, 3)
    ]
    assert request.headers["authorization"] == KEY_TO_COME


def test_error_of_the_function_that_gives_the_key_is_no_attempt():
    play = Play(Answer(503), Answer(200))
    failure = APIConnectionError(message="No token.")

    def token() -> str:
        if play.sent:
            raise failure
        return "sk-1"

    request = replace(REQUEST, headers={"authorization": KEY_TO_COME})
    with pytest.raises(APIConnectionError) as caught:
        play.send(request=request, key_function=token)
    assert caught.value is failure
    assert failure.attempts == ()
    assert len(play.sent) == 1


def test_single_attempt_needs_no_words():
    with pytest.raises(APIStatusError) as caught:
        Play(Answer(400)).send()
    assert "attempt" not in str(caught.value)
    assert [attempt.status for attempt in caught.value.attempts] == [400]


def test_longer_wait_than_the_policy_s_is_told():
    play = Play(Answer(429, retry_after="121"))
    with pytest.raises(RateLimitError, match="asks to wait 121 s"):
        play.send()
    assert play.slept == []


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, {"code": "insufficient_quota", "message": "You exceeded your current quota."}),
        (429, {"code": "1113", "message": "Insufficient balance or no resource package."}),
        (402, {"message": "Insufficient Balance"}),
        (401, {"code": "invalid_api_key", "message": "Incorrect API key provided."}),
        (400, {"code": "context_length_exceeded", "message": "Too long."}),
        (413, {"message": "Too large."}),
    ],
)
def test_what_cannot_succeed_is_not_tried_again(status: int, error: dict[str, str]):
    """Demand row 20: neither credit nor a key nor a shorter input comes by waiting."""
    play = Play(Answer(status, body=json.dumps({"error": error}).encode()))
    with pytest.raises(APIStatusError) as caught:
        play.send()
    [attempt] = caught.value.attempts
    assert (attempt.permanent, attempt.code) == (True, error.get("code"))


@pytest.mark.parametrize(
    ("status", "code", "retried"),
    [(400, None, True), (429, "insufficient_quota", False), (400, "content_filter", False)],
)
def test_server_that_wants_another_attempt_is_believed_where_it_can_know(
    status: int, code: str | None, *, retried: bool
):
    body = json.dumps({"error": {"message": "No", "code": code}}).encode()
    play = Play(Answer(status, body=body, x_should_retry="true"), Answer())
    if retried:
        assert play.send().response.retries_taken == 1
        return
    with pytest.raises(APIStatusError):
        play.send()


def test_policy_of_one_s_own_decides():
    seen: list[Sequence[Attempt]] = []

    class Own(RetryPolicy):
        def decide(self, attempts: Sequence[Attempt]) -> float | None:
            seen.append(attempts)
            return 3.0 if attempts[-1].status == 404 else None

    play = Play(Answer(404), Answer(404), Answer(503))
    with pytest.raises(APIStatusError, match="503"):
        play.send(policy=Own())
    assert play.slept == [3.0, 3.0]
    assert [len(log) for log in seen] == [1, 2, 3]
    assert seen[2][0].waited == 3.0


def test_policy_of_one_s_own_that_decides_nonsense_is_an_error():
    class Own(RetryPolicy):
        def decide(self, attempts: Sequence[Attempt]) -> float | None:
            return -1.0 * len(attempts)

    with pytest.raises(OpenAIError, match="decided to wait"):
        Play(Answer(503)).send(policy=Own())


def test_wait_that_would_pass_the_deadline_is_not_begun():
    play = Play(Answer(503, after=3.2), Answer(429, after=1.0, retry_after="30"))
    with pytest.raises(DeadlineExceededError) as caught:
        play.send(deadline=20)
    assert play.slept == [0.5]
    assert isinstance(caught.value.__cause__, RateLimitError)
    assert caught.value.seconds == 20
    assert [attempt.status for attempt in caught.value.attempts] == [503, 429]
    assert str(caught.value) == (
        "POST https://api.test/v1/chat/completions was not done within its deadline of 20 s"
        " (deadline=20). It took attempt 1: 3.2 s (503), waiting 0.5 s, attempt 2: 1.0 s (429),"
        " and the next attempt is due only in 30.0 s. Give it more time, or fewer retries."
    )


def test_deadline_is_not_tried_again():
    late = DeadlineExceededError(message="Too late.", seconds=1)
    play = Play(Answer(503), Answer(late))
    with pytest.raises(DeadlineExceededError) as caught:
        play.send(deadline=10)
    assert caught.value is late
    assert len(late.attempts) == 2


@pytest.mark.parametrize("size", [3, 100_000])
def test_file_is_sent_again_from_its_beginning(size: int):
    file = io.BytesIO(b"x" * size)
    request = Request("POST", "https://h/v1/files", {}, form=Form((), (Part("file", "f", file),)))
    read: list[bytes] = []

    class Reading(Play):
        def perform(self, step: Any) -> Any:
            if isinstance(step, Send):
                assert step.request.form
                read.append(file.read())
            return super().perform(step)

    Reading(Answer(503), Answer(refused()), Answer()).send(request=request)
    assert read == [b"x" * size] * 3


class Pipe(io.BytesIO):
    def seek(self, offset: int, whence: int = 0, /) -> int:
        raise io.UnsupportedOperation(f"a pipe does not seek to {offset} ({whence})")


def closed() -> io.BytesIO:
    file = io.BytesIO(b"x")
    file.close()
    return file


@pytest.mark.parametrize("file", [Pipe(b"x"), closed()])
def test_file_that_cannot_be_read_again_is_told_with_the_failure(file: io.BytesIO):
    request = Request("POST", "https://h/v1/files", {}, form=Form((), (Part("file", "f", file),)))
    play = Play(Answer(503))
    with pytest.raises(APIStatusError, match=r"not sent again, because the file for file") as e:
        play.send(request=request)
    assert "Pass its bytes or a pathlib.Path" in str(e.value)
    assert play.slept == []


def test_file_that_cannot_be_read_again_is_not_redirected():
    request = Request(
        "POST", "https://h/v1/files", {}, form=Form((), (Part("file", "f", Pipe(b"x")),))
    )
    with pytest.raises(InvalidArgumentError, match="not sent again"):
        Play(Answer(307, location="/v2/files")).send(request=request)


@pytest.mark.parametrize("failure", [refused(), StreamTruncatedError("Cut.")])
def test_stream_that_failed_before_its_first_event_is_sent_again(failure: APIError):
    """Demand row 12: it has the same budget and log as any other failure."""
    play = Play(Answer(503), Answer(), Answer())
    sending = play.sending(whole=False)
    assert play.run(sending.send()).response.retries_taken == 1
    assert play.run(sending.send_again(failure)).response.retries_taken == 2
    assert play.slept == [0.5, 1.0]
    with pytest.raises(type(failure), match=r"3 attempts"):
        play.run(sending.send_again(failure))


def test_stream_that_is_wrong_is_not_sent_again():
    play = Play(Answer())
    sending = play.sending(whole=False)
    play.run(sending.send())
    failure = StreamDecodeError("Not JSON.", data=b"x")
    with pytest.raises(StreamDecodeError) as caught:
        play.run(sending.send_again(failure))
    assert caught.value is failure
