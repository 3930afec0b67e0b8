"""What must hold of every generated module and model."""

from __future__ import annotations

import importlib
import pkgutil

import openai_types
import pydantic
import pytest
from openai_types import BaseModel, Decoder, responses, shared
from openai_types.parsed_chat import ParsedChatCompletion
from openai_types.parsed_response import ParsedResponse, ParsedResponseOutputMessage

MODULES = [
    name
    for _, name, is_package in pkgutil.walk_packages(openai_types.__path__, "openai_types.")
    if not is_package
]
TABLES = [
    name
    for _, name, is_package in pkgutil.walk_packages(openai_types.__path__, "openai_types.")
    if is_package
]


@pytest.mark.parametrize("module", MODULES)
def test_every_model_builds_and_takes_an_empty_object(module: str):
    names = vars(importlib.import_module(module))
    models = [
        each
        for each in names.values()
        if isinstance(each, type) and issubclass(each, BaseModel) and each.__module__ == module
    ]

    for model in models:
        model.model_rebuild()
        assert model.model_validate({}).to_dict() == {}


@pytest.mark.parametrize("table", TABLES)
def test_every_name_of_a_table_is_there(table: str):
    module = importlib.import_module(table)

    for name in module.__all__:
        assert getattr(module, name) is not None


def test_an_object_without_a_tag_is_the_member_whose_tag_may_be_left_out():
    decode: Decoder[object] = Decoder(responses.ResponseInputItem)

    found = decode(b'{"role": "user", "content": "Hello"}')

    assert isinstance(found, responses.EasyInputMessage)
    assert isinstance(decode(b'{"type": "of tomorrow"}'), responses.UnknownResponseInputItem)


def test_parsed_types_are_generic():
    class Place(pydantic.BaseModel):
        city: str

    message = {
        "type": "message",
        "content": [{"type": "output_text", "text": "{}", "parsed": {"city": "Paris"}}],
    }
    parsed = ParsedResponse[Place].model_validate({"output": [message, {"type": "new"}]})
    completion = ParsedChatCompletion[Place].model_validate(
        {"choices": [{"message": {"parsed": {"city": "Paris"}}}]}
    )

    assert isinstance(parsed.output[0], ParsedResponseOutputMessage)
    assert parsed.output_parsed is not None
    assert completion.choices[0].message.parsed == Place(city="Paris")


@pytest.mark.parametrize("name", [each for each in MODULES if each.count(".") > 1])
def test_a_module_has_no_other_type_of_a_name_of_its_namespace(name: str):
    """Type checkers take what a module imports for a part of the namespace."""
    module, table = (importlib.import_module(each) for each in (name, name.rpartition(".")[0]))
    names = set(vars(module)) & set(getattr(table, "__all__", ()))

    assert {n for n in names if getattr(module, n) is not getattr(table, n)} == set()


def test_a_compound_filter_may_be_inside_of_another():
    inner = {"type": "or", "filters": [{"type": "gt", "key": "size", "value": 2}]}
    body = {"type": "and", "filters": [{"type": "eq", "key": "kind", "value": "a"}, inner]}
    found = shared.CompoundFilter.model_validate(body)

    assert [type(each).__name__ for each in found.filters] == ["ComparisonFilter", "CompoundFilter"]
    assert found.to_dict() == body
