from __future__ import annotations

from pathlib import Path

import openai_suite


def test_clients_have_the_names_that_the_official_package_had_first():
    assert openai_suite.Client is openai_suite.OpenAI
    assert openai_suite.AsyncClient is openai_suite.AsyncOpenAI


def test_default_limits_are_those_of_a_client():
    with openai_suite.OpenAI(api_key="k") as client:
        assert client.pool.stats().limit == openai_suite.DEFAULT_CONNECTION_LIMITS.max_connections


def test_file_is_its_name_and_its_content(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"hello")

    assert openai_suite.file_from_path(path) == ("a.txt", b"hello")
    assert openai_suite.file_from_path(str(path)) == ("a.txt", b"hello")
