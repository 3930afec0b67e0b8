from __future__ import annotations

import copy
import pickle
import pydoc
from functools import reduce
from inspect import Parameter, signature

import pytest
from openai_http import NOT_GIVEN, AsyncOpenAI, OpenAI
from openai_types.catalogue import operations

CLIENTS = (OpenAI(api_key="k"), AsyncOpenAI(api_key="k"))


@pytest.mark.parametrize("client", CLIENTS, ids=["sync", "async"])
@pytest.mark.parametrize("name", sorted(operations()))
def test_signature_of_an_operation_names_its_parameters(name: str, client: OpenAI | AsyncOpenAI):
    operation = operations()[name]
    shown = signature(reduce(getattr, name.split("."), client)).parameters

    assert {each.name for each in operation.parameters} <= shown.keys()
    assert Parameter.VAR_KEYWORD not in {each.kind for each in shown.values()}
    for each in operation.parameters:
        is_needed = shown[each.name].default is Parameter.empty
        assert is_needed is (each.required or each.place == "path")


@pytest.mark.parametrize("client", CLIENTS, ids=["sync", "async"])
@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("chat.completions.stream", "messages"),
        ("responses.stream", "input"),
        ("beta.threads.create_and_run_stream", "thread"),
        ("beta.threads.runs.stream", "assistant_id"),
        ("beta.threads.runs.submit_tool_outputs_stream", "tool_outputs"),
    ],
)
def test_signature_of_a_stream_names_its_parameters(
    name: str, parameter: str, client: OpenAI | AsyncOpenAI
):
    shown = signature(reduce(getattr, name.split("."), client)).parameters

    assert parameter in shown
    assert "params" not in shown


def test_required_parameters_come_first_and_options_last():
    shown = list(signature(CLIENTS[0].chat.completions.create).parameters.values())

    assert [each.name for each in shown[:3]] == ["messages", "model", "audio"]
    assert shown[-1].name == "idle_timeout"
    assert shown[2].default is NOT_GIVEN


def test_help_names_the_parameters():
    text = pydoc.plain(pydoc.render_doc(CLIENTS[0].chat.completions.create))

    assert "messages: collections.abc.Iterable[" in text
    assert "max_completion_tokens: int | None = NOT_GIVEN" in text


def test_a_signature_is_one_like_others():
    create = type(CLIENTS[0].embeddings).create
    shown = signature(create)

    assert shown == signature(create)
    assert copy.copy(shown) == shown
    assert pickle.loads(pickle.dumps(shown)) == shown  # noqa: S301 - our own bytes
    assert shown.replace(return_annotation=int).return_annotation is int
    assert shown.bind(None, input="a", model="m").arguments["input"] == "a"
    with pytest.raises(TypeError, match="inptu"):
        shown.bind(None, input="a", model="m", inptu="b")
