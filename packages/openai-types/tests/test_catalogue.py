from __future__ import annotations

import pytest
from openai_types import catalogue, chat
from openai_types.catalogue import Parameter, operations, resolve


def test_an_operation_says_what_it_sends_and_what_comes_back():
    found = operations()["chat.completions.create"]

    assert (found.method, found.path, found.auth) == ("POST", "/chat/completions", "bearer")
    assert resolve(found.returns) is chat.ChatCompletion
    assert resolve(found.streams) is chat.ChatCompletionChunk
    assert found.parameters[0] == Parameter("messages", "body", required=True, wire="messages")
    assert found.doc
    assert not found.always_streams


def test_an_operation_may_give_nothing_but_a_stream():
    assert operations()["beta.agents.sessions.events.stream"].always_streams


def test_an_operation_says_which_keys_have_another_name():
    found = operations()["beta.agents.create"]

    assert found.wire_names == {
        "": {"compaction": ("", "beta.AgentCreateParamsCompaction")},
        "beta.AgentCreateParamsCompaction": {"async_": ("async", "")},
    }
    assert operations()["responses.create"].wire_names == {}


def test_an_operation_says_what_it_sends_without_a_file():
    assert operations()["skills.create"].json_without_files
    assert not operations()["videos.create"].json_without_files


@pytest.mark.parametrize("name", sorted(operations()))
def test_every_type_of_every_operation_is_there(name: str):
    operation = operations()[name]
    written = [operation.returns, *([operation.streams] if operation.streams else [])]

    for type_ in [*operation.params, *(part for each in written for part in each.split(" | "))]:
        assert resolve(type_) is not None or type_ == "None"


def test_the_catalogue_is_read_once():
    assert operations() is catalogue.operations()
