from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pytest
from openai_tools import StrictSchemaError, response_format_of, strict_json_schema, text_format_of
from pydantic import BaseModel

T = TypeVar("T")


class Step(BaseModel):
    text: str
    sure: bool = True


class Tree(BaseModel):
    steps: list[Step]
    below: list["Tree"]


class Page(BaseModel, Generic[T]):
    items: list[T]


@dataclass
class Point:
    x: int
    y: int | None = None


@pytest.mark.parametrize("type_", [Step, Tree, Point])
def test_both_apis_get_the_strict_schema_under_the_types_name(type_: type[object]):
    described = {"name": type_.__name__, "strict": True, "schema": strict_json_schema(type_)}
    assert text_format_of(type_) == {"type": "json_schema", **described}
    assert response_format_of(type_) == {"type": "json_schema", "json_schema": described}


def test_a_type_that_refers_to_itself_keeps_its_references():
    schema: Any = text_format_of(Tree)["schema"]
    assert schema["properties"]["below"] == {
        "items": {"$ref": "#/$defs/Tree"},
        "title": "Below",
        "type": "array",
    }
    assert schema["$defs"]["Step"]["required"] == ["text", "sure"]


def test_a_generic_model_has_a_name_that_the_api_takes():
    assert text_format_of(Page[Step])["name"] == "Page_Step"


def test_a_long_name_is_cut():
    long = type("L" * 100, (Step,), {})
    assert text_format_of(long)["name"] == "L" * 64


def test_a_name_without_a_character_that_the_api_takes_is_replaced():
    assert text_format_of(type("日本", (Step,), {}))["name"] == "answer"


@pytest.mark.parametrize("format_of", [text_format_of, response_format_of])
def test_a_type_that_cannot_be_strict_is_refused_with_the_place(format_of: Any):
    class Order(BaseModel):
        meta: dict[str, Any]

    with pytest.raises(StrictSchemaError, match=r"Order\.meta: open dict not allowed; use a model"):
        format_of(Order)


@pytest.mark.parametrize("format_of", [text_format_of, response_format_of])
def test_a_type_that_is_no_object_is_refused(format_of: Any):
    with pytest.raises(StrictSchemaError, match="the top must be an object; make it a model's"):
        format_of(list[int])


@pytest.mark.parametrize("format_of", [response_format_of, text_format_of])
@pytest.mark.parametrize("wrong", [Step | None, "Answer", 3, {"type": "json_object"}])
def test_what_is_no_type_is_refused(format_of: Any, wrong: Any):
    with pytest.raises(StrictSchemaError) as caught:
        format_of(wrong)
    assert "\n" not in str(caught.value)
    assert ".." not in str(caught.value)
