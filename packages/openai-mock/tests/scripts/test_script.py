import pickle
import re
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from openai_mock import ANY, MockServer, Script, ScriptError, create_app, serve
from openai_types.errors import OpenAIError

HI = {"model": "gpt-5.5", "input": "Hi"}


def post(server: MockServer, path: str = "/responses", **body: object) -> httpx.Response:
    headers = {"authorization": f"Bearer {server.api_key}"}
    return httpx.post(server.base_url + path, json={**HI, **body}, headers=headers, trust_env=False)


def run(use: Callable[[MockServer], object], *, strict: bool = False) -> None:
    with serve(strict=strict) as server:
        use(server)


def said(answer: httpx.Response) -> str:
    return answer.json()["output"][0]["content"][0]["text"]


def test_answers_come_in_their_order():
    with serve() as server:
        server.on.responses.create().reply("one").reply("two").then.reply("three")
        assert [said(post(server)) for _ in range(3)] == ["one", "two", "three"]


def test_first_expectation_that_fits_answers():
    with serve() as server:
        server.on.responses.create(input=re.compile("weather")).reply("Sunny.")
        server.on.responses.create(input=ANY).reply("Hello.").times(2)
        assert said(post(server)) == "Hello."
        assert said(post(server, input="the weather?")) == "Sunny."
        assert said(post(server, input="the weather?")) == "Hello."


def test_other_operations_are_answered_as_usual():
    with serve() as server:
        server.on.moderations.create().always()
        assert said(post(server)) == "You wrote: Hi"


def test_what_is_always_answered_need_not_be_asked_for():
    with serve() as server:
        server.on.responses.create().reply("Hello.").always()
    with serve() as server:
        server.on.responses.create().reply("Hello.").always()
        assert [said(post(server)) for _ in range(3)] == ["Hello."] * 3


def test_expectation_that_is_not_asked_for_fails_the_block():
    def use(server: MockServer) -> None:
        server.on.responses.create(model="gpt-5.5").reply("one").times(3)
        post(server)

    with pytest.raises(ScriptError) as caught:
        run(use)
    assert len(caught.value.unused) == 1
    assert caught.value.unexpected == ()
    told = str(caught.value)
    assert "responses.create(model='gpt-5.5') of test_script.py:" in told
    assert "2 of 3 answers not asked for" in told


def test_request_that_is_not_expected_is_refused_and_fails_the_block():
    def use(server: MockServer) -> None:
        server.on.responses.create(model="gpt-4o", input="Hi").reply("one").always()
        answer = post(server)
        assert answer.status_code == 400
        assert answer.headers["x-should-retry"] == "false"
        error = answer.json()["error"]
        assert error["code"] == "unexpected_request"
        assert "'model' was 'gpt-5.5', expected 'gpt-4o'" in error["message"]

    with pytest.raises(ScriptError) as caught:
        run(use)
    [told] = caught.value.unexpected
    assert "responses.create(model='gpt-5.5', input='Hi')" in told
    assert "'model' was 'gpt-5.5', expected 'gpt-4o'" in str(caught.value)


def test_one_request_too_many_is_told():
    def use(server: MockServer) -> None:
        server.on.responses.create().reply("one")
        post(server)
        post(server)

    with pytest.raises(ScriptError, match="all its answers had been given"):
        run(use)


def test_strict_server_expects_nothing_by_itself():
    with pytest.raises(ScriptError, match="the script is strict"):
        run(post, strict=True)
    with serve() as server:
        server.strict = True
        assert server.strict
        server.on.responses.create()
        assert said(post(server)) == "You wrote: Hi"


def test_block_that_fails_tells_its_own_failure():
    def use(server: MockServer) -> None:
        server.on.responses.create()
        raise KeyError

    with pytest.raises(KeyError):
        run(use)


def test_check_may_be_called_before_the_end():
    with serve() as server:
        server.on.responses.create()
        with pytest.raises(ScriptError):
            server.check()
        post(server)
        server.check()


def test_forgotten_script_is_none():
    with serve() as server:
        server.on.responses.create(model="gpt-4o")
        post(server)
        server.script.clear()


def test_predicates_see_the_whole_call():
    with serve() as server:
        server.on.responses.create().where(lambda call: call.headers["x-mine"] == "1").reply("yes")
        headers = {"authorization": f"Bearer {server.api_key}", "x-mine": "1"}
        url = f"{server.base_url}/responses"
        assert said(httpx.post(url, json=HI, headers=headers, trust_env=False)) == "yes"


def test_parameters_of_path_query_header_and_form_are_matched():
    with serve() as server:
        made = {"id": "file-1"}
        server.on.files.create(purpose="user_data", file=ANY).reply(made)
        server.on.files.list(limit=3).reply({"data": []})
        server.on.models.retrieve(model="gpt-5.5").reply({"owned_by": "me"})
        headers = {"authorization": f"Bearer {server.api_key}"}
        with httpx.Client(base_url=server.base_url, headers=headers, trust_env=False) as client:
            form: Any = {"files": {"file": ("a", b"x")}, "data": {"purpose": "user_data"}}
            assert client.post("/files", **form).json()["id"] == "file-1"
            assert client.get("/files?limit=3").json()["data"] == []
            assert client.get("/models/gpt-5.5").json()["owned_by"] == "me"


def test_threads_share_a_script():
    with serve() as server:
        server.on.responses.create().reply("one").times(20)
        answers: list[int] = []

        def ask() -> None:
            answers.extend(post(server).status_code for _ in range(5))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert answers == [200] * 20


def test_application_takes_a_script():
    script = Script(strict=True)
    script.on.responses.create().reply("Hello.")
    create_app(script=script)
    with pytest.raises(ScriptError):
        script.check()


def test_error_is_an_assertion_and_of_the_suite_and_can_be_pickled():
    error = ScriptError("no", unused=("a",), unexpected=("b",))
    copy: ScriptError = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert issubclass(ScriptError, AssertionError)
    assert issubclass(ScriptError, OpenAIError)
    assert (str(copy), copy.unused, copy.unexpected) == ("no", ("a",), ("b",))


@pytest.mark.peer
def test_official_client_shows_an_unexpected_request_and_does_not_retry():
    openai = pytest.importorskip("openai")

    def use(server: MockServer) -> None:
        server.on.responses.create(model="gpt-4o").always()
        with (
            openai.OpenAI(base_url=server.base_url, api_key=server.api_key) as client,
            pytest.raises(openai.BadRequestError, match="expected 'gpt-4o'"),
        ):
            client.responses.create(model="gpt-5.5", input="Hi")

    with pytest.raises(ScriptError) as told:
        run(use)
    assert len(told.value.unexpected) == 1
