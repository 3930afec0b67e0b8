"""Paths of the official package, for code that imports from them."""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

if TYPE_CHECKING:
    from openai_tools import pydantic_function_tool as pydantic_function_tool
    from openai_tools import (
        pydantic_responses_function_tool as pydantic_responses_function_tool,
    )

__all__ = ["pydantic_function_tool", "pydantic_responses_function_tool"]

if not TYPE_CHECKING:  # pragma: no branch - type checkers see the names above
    __getattr__, __dir__ = lazy_exports(
        __name__, dict.fromkeys(__all__, "openai_tools"), inside="streaming"
    )
