from __future__ import annotations

import io

import pytest
from openai_mock import serve
from openai_suite.demo.run import run
from openai_suite.demo.stage import Stage


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch):
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def shown(*, base_url: str | None = None, model: str = "gpt-5.5") -> tuple[int, str]:
    out = io.StringIO()
    failed = run(Stage(out), base_url=base_url, model=model, realtime_model="gpt-realtime")
    return failed, out.getvalue()


def test_without_settings_it_says_that_it_is_the_mock():
    failed, text = shown()
    assert failed == 0
    assert "this is the embedded mock server" in text


def test_a_named_server_is_used(monkeypatch: pytest.MonkeyPatch):
    with serve() as other:
        monkeypatch.setenv("OPENAI_API_KEY", other.api_key)
        failed, text = shown(base_url=other.base_url)
        monkeypatch.setenv("OPENAI_BASE_URL", other.base_url)
        assert shown()[0] == 0
    assert failed == 0
    assert f"4 of 4 worked, against {other.base_url}" in text


def test_step_that_fails_does_not_stop_the_others():
    failed, text = shown(model="no-such-model")
    assert failed == 2
    assert "NotFoundError" in text
    assert "2 of 4 worked" in text


def test_no_key_is_shown(monkeypatch: pytest.MonkeyPatch):
    with serve(api_key="sk-very-secret-key") as other:
        monkeypatch.setenv("OPENAI_API_KEY", other.api_key)
        _, text = shown(base_url=other.base_url)
    assert "sk-very-secret-key" not in text
