import json

import pytest
from openai_mock.described.instances import Maker, decoder, fits, overlaid, prefix_of
from openai_mock.state.clock import Clock
from openai_mock.state.ids import Identifiers
from openai_types import DecodeError
from openai_types.catalogue import operations, resolve
from openai_types.conversations import ConversationItem
from openai_types.shared import FileObject, VectorStore

NOW = 1_700_000_000
TYPES = sorted(
    {
        name
        for each in operations().values()
        for name in f"{each.returns} | {each.streams}".split(" | ")
        if "." in name
    }
)


@pytest.fixture
def maker() -> Maker:
    return Maker(Clock(lambda: NOW), Identifiers())


@pytest.mark.parametrize("name", TYPES)
def test_every_described_type_has_an_instance(name: str, maker: Maker):
    made = maker.make(resolve(name))
    assert fits(resolve(name), made)
    assert Maker(Clock(lambda: NOW), Identifiers()).make(resolve(name)) == made


def test_instance_is_sensible(maker: Maker):
    made = maker.make(FileObject)
    assert made["id"].startswith("file-")
    assert (made["object"], made["created_at"], made["status"]) == ("file", NOW, "processed")


def test_values_are_laid_over_where_they_fit(maker: Maker):
    values = {"name": "a", "metadata": {"k": 5}, "colour": "red", "usage_bytes": 7}
    made = maker.of(VectorStore, values)
    assert (made["name"], made["usage_bytes"]) == ("a", 7)
    assert "metadata" not in made  # 5 is no text
    assert "colour" not in made
    assert fits(VectorStore, made)


def test_nothing_is_laid_over_if_nothing_fits(maker: Maker):
    base = maker.make(VectorStore)
    assert overlaid(VectorStore, base, {"name": 5, "status": 6}) == base


def test_member_of_a_union_is_the_one_that_is_meant(maker: Maker):
    made = maker.of(ConversationItem, {"type": "function_call", "name": "f", "arguments": "{}"})
    item = decoder(ConversationItem)(json.dumps(made))
    assert (item.type, item.name) == ("function_call", "f")


def test_decoder_is_strict():
    with pytest.raises(DecodeError):
        decoder(FileObject)('{"id": "file-1"}')


@pytest.mark.parametrize(
    ("kind", "prefix"),
    [("thread.message", "msg_"), ("fine_tuning.job", "ftjob-"), ("skill", "skill_"), ("", "obj_")],
)
def test_prefixes(kind: str, prefix: str):
    assert prefix_of(kind) == prefix
