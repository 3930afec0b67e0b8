import httpx
import pytest
from openai_mock import MockServer, MockServerError, faults, serve

BODY = {"model": "gpt-5.5", "input": "Hi"}


def ask(server: MockServer, **headers: str) -> httpx.Response:
    headers["authorization"] = f"Bearer {server.api_key}"
    url = f"{server.base_url}/responses"
    return httpx.post(url, json=BODY, headers=headers, trust_env=False)


def test_server_has_faults_that_may_change():
    with serve(fault=["html:503", faults.retry_after("3")]) as server:
        assert [each.name for each in server.faults] == ["html(503)", "retry_after('3')"]
        answer = ask(server)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")
        server.faults = faults.error_in_200()
        assert "error" in ask(server).json()
        server.faults = None
        assert ask(server).json()["object"] == "response"


def test_faults_are_applied_in_their_order(mock: MockServer):
    assert ask(mock, **{"x-mock-fault": "html+error:400"}).status_code == 400
    assert ask(mock, **{"x-mock-fault": "error:400+html"}).status_code == 502


def test_refusals_have_faults_too(mock: MockServer):
    headers = {"authorization": "Bearer sk-wrong", "x-mock-fault": "content_type:text/html"}
    answer = httpx.get(f"{mock.base_url}/models", headers=headers, trust_env=False)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "text/html")


def test_server_does_not_start_with_a_fault_that_there_is_not():
    with pytest.raises(MockServerError, match="Did you mean 'cut'"), serve(fault="cutt:100"):
        pass


def test_wrong_header_is_refused_with_the_nearest_name(mock: MockServer):
    answer = ask(mock, **{"x-mock-fault": "cutt:100"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_fault")
    assert "Did you mean 'cut'" in answer.json()["error"]["message"]
