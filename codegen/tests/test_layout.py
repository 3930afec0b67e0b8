from __future__ import annotations

from pathlib import Path

import pytest

from codegen.description import DescriptionError
from codegen.layout import Layout


def test_the_committed_layout_says_where_types_are():
    layout = Layout.read()

    assert layout.handwritten["chat.ParsedChoice"] == "openai_types.parsed_chat"
    assert layout.role("shared", "eval_create", "params") == "evals_params"
    assert layout.role("responses", "response_item", "objects") == "items_objects"
    assert layout.role("responses", "response_item", "params") == "params"


@pytest.mark.parametrize("text", ["topics: [", "- a", "handwritten: 3", "handwritten: {a: {b: 3}}"])
def test_a_layout_that_cannot_be_read_is_refused(text: str, tmp_path: Path):
    (tmp_path / "layout.yaml").write_text(text)

    with pytest.raises(DescriptionError, match=r"layout\.yaml"):
        Layout.read(tmp_path / "layout.yaml")
