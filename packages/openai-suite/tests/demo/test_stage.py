from __future__ import annotations

import io
import itertools
from collections.abc import Iterator

import pytest
from openai_suite.demo.stage import Stage, body_of, shortened


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def example(number: int) -> int:
    """An example."""
    if number:
        return number * 2
    return 0


def test_body_is_what_stands_below_the_docstring():
    assert body_of(example) == ["if number:", "    return number * 2", "return 0"]


@pytest.mark.parametrize(("length", "ends"), [(400, "x"), (401, "…")])
def test_long_texts_are_shortened(length: int, ends: str):
    assert shortened("x" * length).endswith(ends)
    assert len(shortened("x" * length)) <= 401


def test_pieces_are_written_as_they_come():
    out = io.StringIO()
    seen: list[str] = []

    def pieces() -> Iterator[str]:
        for piece in ("one ", "two\n", "three"):
            seen.append(out.getvalue())
            yield piece

    Stage(out).result(pieces())
    assert out.getvalue().endswith("  one two\n  three\n")
    assert all(len(a) < len(b) for a, b in itertools.pairwise(seen[1:]))


def test_traffic_does_not_come_between_the_pieces_of_a_result():
    out = io.StringIO()
    stage = Stage(out)

    def pieces() -> Iterator[str]:
        yield "one "
        stage.received("200 OK")
        yield "two"

    stage.result(pieces())
    stage.sent("POST", "body")
    shown = out.getvalue()
    assert "  one two\non the wire meanwhile\n  ← 200 OK\n  → POST\n    body\n" in shown


def test_colours_on_a_terminal_only_and_not_against_the_users_will(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured, plain = Terminal(), Terminal()
    Stage(coloured).code(example)
    monkeypatch.setenv("NO_COLOR", "1")
    Stage(plain).code(example)
    assert "\x1b[36mif number:" in coloured.getvalue()
    assert "\x1b[" not in plain.getvalue()


def test_failure_shows_class_and_message():
    out = io.StringIO()
    Stage(out).failure(ValueError("no such thing"))
    assert "ValueError: no such thing" in out.getvalue()
