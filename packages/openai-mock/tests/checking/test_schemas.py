from typing import Any

import pytest
from openai_mock.checking.schemas import client_event_validators, operation_validator
from pydantic_core import ValidationError

MESSAGES = [{"role": "user", "content": "Hi"}]


def test_validators_are_made_once():
    assert operation_validator("responses.create") is operation_validator("responses.create")


def test_iterables_are_looked_into():
    with pytest.raises(ValidationError):
        operation_validator("chat.completions.create").validate_python(
            {"model": "gpt-5.5", "messages": [{"role": "user", "content": 5}]}, strict=True
        )


@pytest.mark.parametrize("stop", ["a", ["a", "b"], None])
def test_sequences_may_be_lists(stop: object):
    operation_validator("chat.completions.create").validate_python(
        {"model": "gpt-5.5", "messages": MESSAGES, "stop": stop}, strict=True
    )


def test_unknown_keys_are_refused_at_every_level():
    message = {**MESSAGES[0], "mood": "good"}
    with pytest.raises(ValidationError, match="mood"):
        operation_validator("chat.completions.create").validate_python(
            {"model": "gpt-5.5", "messages": [message]}, strict=True
        )


def test_keys_have_the_names_of_the_wire():
    validator = operation_validator("beta.agents.create")
    validator.validate_python({"model": "gpt-5.5", "compaction": {"async": True}}, strict=True)
    with pytest.raises(ValidationError, match="async_"):
        validator.validate_python({"model": "gpt-5.5", "compaction": {"async_": True}}, strict=True)


def test_every_client_event_has_a_validator():
    assert {"session.update", "conversation.item.create", "response.create"} <= set(
        client_event_validators("realtime.RealtimeClientEventParam")
    )


def test_message_of_an_answer_can_be_sent_back():
    answered: dict[str, Any] = {
        "role": "assistant",
        "content": "Hi",
        "refusal": None,
        "annotations": [],
    }
    operation_validator("chat.completions.create").validate_python(
        {"model": "gpt-5.5", "messages": [*MESSAGES, answered]}, strict=True
    )
