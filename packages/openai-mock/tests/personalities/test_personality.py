from typing import Any

import httpx
import pytest
from openai_mock import MockServerError, create_app, faults, serve
from openai_mock.checking.incoming import Sent
from openai_mock.personalities import Personality, Quirk, named, personalities
from openai_mock.personalities.asked import Asked
from openai_mock.refusals import Refusal
from openai_mock.replies import JsonReply


@pytest.mark.parametrize("name", personalities())
def test_every_personality_answers_whole_and_in_a_stream(like: Any, name: str):
    provider = like(name)
    model = "vendor/model" if name in {"together", "zenmux"} else "model-of-theirs"
    body = provider.chat(model=model)
    assert body["model"] == model
    assert "Hi" in str(body["choices"][0]["message"]["content"])
    assert provider.chunks(model=model)


@pytest.mark.parametrize("name", personalities())
@pytest.mark.parametrize("body", [{}, {"messages": 5}, {"messages": [5, {"tool_calls": 5}]}])
def test_malformed_requests_are_refused(like: Any, name: str, body: Any):
    odd = {"model": 5, "temperature": "x", "n": [], "input": [5], "tools": 5, **body}
    for each in (odd, {**odd, "stream": True}):
        answer = like(name).post("/chat/completions", each)
        assert answer.status_code < 500


@pytest.mark.parametrize("name", personalities())
def test_unreadable_requests_are_refused(like: Any, name: str):
    provider = like(name)
    headers = {"content-type": "application/json"}
    answer = provider.client.post("/chat/completions", content=b"{", headers=headers)
    assert 400 <= answer.status_code < 500
    answer = provider.client.post(
        "/files", files={"file": ("a", b"x")}, data={"purpose": "user_data"}
    )
    assert answer.status_code == 200


def test_every_quirk_says_what_it_is_and_does_something():
    for personality in personalities().values():
        assert personality.line
        for quirk in personality.quirks:
            assert quirk.says.endswith((".", "]."))
            parts = (
                quirk.request, quirk.both, quirk.whole, quirk.chunks, quirk.answer, quirk.error,
                quirk.faults,
            )  # fmt: skip
            assert any(parts), quirk.says


def test_name_that_there_is_not():
    with pytest.raises(MockServerError, match="Did you mean 'deepseek'"):
        named("deepsek")
    with pytest.raises(MockServerError, match="There are: "), serve(personality="zzzzz"):
        pass
    assert named("DeepSeek").name == "deepseek"


def test_wrong_key_is_told_in_the_shape_of_the_provider(like: Any):
    url = f"{like('gemini').server.base_url}/models"
    answer = httpx.get(url, headers={"authorization": "Bearer sk-wrong"}, trust_env=False)
    assert answer.json()[0]["error"]["status"] == "UNAUTHENTICATED"


def test_scripts_are_answered_like_the_provider(like: Any):
    provider = like("deepseek")
    provider.on.chat.completions.create().reply("Hello.").reply({"a": 1}, exactly=True).error(500)
    message = provider.choice(model="deepseek-chat")["message"]
    assert message["content"] == "Hello."
    assert message["reasoning_content"]
    assert provider.chat() == {"a": 1}
    assert provider.ask().status_code == 500


def test_scripted_errors_of_another_shape_stay(like: Any):
    provider = like("mistral")
    provider.on.chat.completions.create().reply(JsonReply({"mine": 1}, status=500)).reply(
        {"error": "text"}, status=500
    )
    assert provider.ask().json() == {"mine": 1}
    assert provider.ask().json()["error"] == "text"


def test_faults_are_applied_besides(like: Any):
    provider = like("openrouter")
    provider.server.faults = faults.no_done()
    text = provider.ask(stream=True).text
    assert "OPENROUTER" in text
    assert "[DONE]" not in text


def test_responses_have_the_name_of_the_model(like: Any):
    provider = like("vllm")
    body = {"model": "mine", "input": "Hi"}
    assert provider.post("/responses", body).json()["model"] == "mine"
    text = provider.post("/responses", {**body, "stream": True}).text
    assert text.count('"model":"mine"') == 3
    assert "gpt-5.5" not in text


def test_application_takes_a_personality():
    assert create_app(personality="groq")


def test_handshake_has_the_headers_of_a_request():
    def refuse(_: Asked) -> None:
        raise Refusal("There are no requests.")

    def rename(asked: Asked) -> None:
        asked.headers["authorization"] = f"Bearer {asked.headers['key']}"

    quirks = (Quirk(says="refuses", request=refuse), Quirk(says="renames", request=rename))
    provider = Personality(name="x", line="x", quirks=quirks)
    sent = Sent("GET", "/v1/realtime", headers={"key": "k"})
    assert provider.headers_of(sent, "k")["authorization"] == "Bearer k"
    assert sent.headers == {"key": "k"}
