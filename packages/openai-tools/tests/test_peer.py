"""Chat tools are those of the official package, but for what strict mode would refuse in them."""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal

import pytest
from openai_tools import pydantic_function_tool
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
