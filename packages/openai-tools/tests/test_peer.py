"""Chat tools are those of the official package, but for what strict mode would refuse in them."""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal

import pytest
from openai_tools import pydantic_function_tool, response_format_of, text_format_of
from pydantic import BaseModel, Field


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Item(BaseModel):
    """One thing."""

    name: str = Field(description="what it is called")
    colour: Colour
    size: Literal["s", "l"] | None = None


class Basket(BaseModel):
    items: list[Item]
    best: Item = Field(description="the best of them")
    either: Item | int
    numbers: list[float] = Field(min_length=1)


class Tree(BaseModel):
    """A tree."""

    label: str
    children: list[Tree]


class Nothing(BaseModel):
    pass


@pytest.mark.peer
@pytest.mark.parametrize("model", [Item, Basket, Tree, Nothing])
@pytest.mark.parametrize(
    "options", [{}, {"name": "other"}, {"description": "Other."}, {"description": ""}]
)
def test_pydantic_function_tool_equals_the_official_one(
    model: type[BaseModel], options: dict[str, Any]
):
    openai = pytest.importorskip("openai")
    assert pydantic_function_tool(model, **options) == openai.pydantic_function_tool(
        model, **options
    )


@pytest.mark.peer
@pytest.mark.parametrize("model", [Item, Basket, Tree, Nothing])
def test_formats_of_answers_equal_the_official_ones(model: type[BaseModel]):
    pytest.importorskip("openai")
    from openai.lib._parsing._completions import type_to_response_format_param
    from openai.lib._parsing._responses import type_to_text_format_param

    assert response_format_of(model) == type_to_response_format_param(model)
    assert text_format_of(model) == type_to_text_format_param(model)
