"""Function tools and strict JSON schemas from Python types, without I/O.

`function_tool`, `pydantic_function_tool` and `pydantic_responses_function_tool` make tools of
functions and models; `strict_json_schema` makes the schema of a structured output.
"""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

from openai_tools.version import __version__

if TYPE_CHECKING:
    from openai_tools.errors import StrictSchemaError as StrictSchemaError
    from openai_tools.errors import ToolArgumentsError as ToolArgumentsError
    from openai_tools.errors import ToolDefinitionError as ToolDefinitionError
    from openai_tools.formats import response_format_of as response_format_of
    from openai_tools.formats import text_format_of as text_format_of
    from openai_tools.functions import FunctionTool as FunctionTool
    from openai_tools.functions import function_tool as function_tool
    from openai_tools.functions import pydantic_function_tool as pydantic_function_tool
    from openai_tools.functions import (
        pydantic_responses_function_tool as pydantic_responses_function_tool,
    )
    from openai_tools.schema import strict_json_schema as strict_json_schema

__all__ = [
    "FunctionTool",
    "StrictSchemaError",
    "ToolArgumentsError",
    "ToolDefinitionError",
    "__version__",
    "function_tool",
    "pydantic_function_tool",
    "pydantic_responses_function_tool",
    "response_format_of",
    "strict_json_schema",
    "text_format_of",
]

if not TYPE_CHECKING:  # pragma: no branch - type checkers see the names above
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            "FunctionTool": "openai_tools.functions",
            "StrictSchemaError": "openai_tools.errors",
            "ToolArgumentsError": "openai_tools.errors",
            "ToolDefinitionError": "openai_tools.errors",
            "function_tool": "openai_tools.functions",
            "pydantic_function_tool": "openai_tools.functions",
            "pydantic_responses_function_tool": "openai_tools.functions",
            "response_format_of": "openai_tools.formats",
            "strict_json_schema": "openai_tools.schema",
            "text_format_of": "openai_tools.formats",
        },
    )
