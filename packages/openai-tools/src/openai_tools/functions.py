"""Function tools from what Python already says: a model's fields, a function's signature.

Makes the parameters that requests take and checks the arguments that come back; it calls nothing.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any, cast

from openai_tools.errors import ToolArgumentsError, ToolDefinitionError
from openai_tools.schema import strict_json_schema, to_strict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openai_types.chat import ChatCompletionFunctionToolParam
    from openai_types.responses import FunctionToolParam
    from openai_types.shared_params import FunctionDefinition
    from pydantic import BaseModel, TypeAdapter, ValidationError

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
OPEN_KINDS = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def pydantic_function_tool(
    model: type[BaseModel], *, name: str | None = None, description: str | None = None
) -> ChatCompletionFunctionToolParam:
    """A strict function tool for chat completions, whose arguments are a model's fields.

    It remembers the model: in what `client.chat.completions.stream(...)` gives, the arguments of
    its calls are instances of that; `client.responses.stream(...)` takes it, too.

    Args:
        model: the arguments.
        name: of the tool; the model's name if not given.
        description: for the language model; the pydantic model's docstring if not given.

    Raises:
        StrictSchemaError: the model has something that strict mode refuses.
        ToolDefinitionError: the API does not take the name.
    """
    function = _FunctionOfModel(_definition(model, name, description), model)
    return {"type": "function", "function": cast("FunctionDefinition", function)}


def pydantic_responses_function_tool(
    model: type[BaseModel],
    *,
    name: str | None = None,
    description: str | None = None,
    defer_loading: bool | None = None,
) -> FunctionToolParam:
    """A strict function tool for the Responses API, whose arguments are a model's fields.

    It remembers the model: in what `client.responses.stream(...)` gives, the arguments of its calls
    are instances of that.

    Args:
        model: the arguments.
        name: of the tool; the model's name if not given.
        description: for the language model; the pydantic model's docstring if not given.
        defer_loading: whether the language model is to find the tool by a search for tools.

    Raises:
        StrictSchemaError: the model has something that strict mode refuses.
        ToolDefinitionError: the API does not take the name.
    """
    tool: dict[str, object] = {"type": "function", **_definition(model, name, description)}
    if isinstance(defer_loading, bool):  # the official package has a mark for what is not given
        tool["defer_loading"] = defer_loading
    return cast("FunctionToolParam", _FunctionOfModel(tool, model))


def _definition(
    model: type[BaseModel], name: str | None, description: str | None
) -> FunctionDefinition:
    function: FunctionDefinition = {
        "name": _checked_name(name or model.__name__),
        "strict": True,
        "parameters": strict_json_schema(model),
    }
    if description is None and model.__doc__:
        description = inspect.cleandoc(model.__doc__)
    if description is not None:
        function["description"] = description
    return function


class _FunctionOfModel(dict[str, object]):
    """A function's definition that remembers of which model it was made.

    Attributes:
        model: the type of the arguments.
    """

    def __init__(self, definition: Mapping[str, object], model: type[BaseModel]) -> None:
        super().__init__(definition)
        self.model = model

    def __reduce__(self) -> tuple[object, ...]:
        """Copy and pickle with the model."""
        return type(self), (dict(self), self.model)


def function_tool(
    function: Callable[..., object],
    *,
    name: str | None = None,
    description: str | None = None,
    strict: bool = True,
) -> FunctionTool:
    """A function tool for the Responses API, from a function with typed parameters.

    With `strict` the model always gives every argument, so that defaults are of no use; without,
    it may leave out those that have one.

    Args:
        function: any callable; synchronous or not.
        name: of the tool; the function's name if not given.
        description: for the model; the first line of the function's docstring if not given.
        strict: have the API hold the model to the schema.

    Raises:
        StrictSchemaError: a parameter has a type that strict mode refuses.
        ToolDefinitionError: the signature says too little, or the API does not take the name.
    """
    name = _checked_name(name or getattr(function, "__name__", ""))
    adapter, schema = _arguments(function, name)
    param: FunctionToolParam = {
        "type": "function",
        "name": name,
        "parameters": to_strict(schema, name=name) if strict else schema,
        "strict": strict,
    }
    if description is None and inspect.isroutine(function):
        description = (inspect.getdoc(function) or "").partition("\n")[0] or None
    if description is not None:
        param["description"] = description
    return FunctionTool(param, adapter)


class FunctionTool:
    """A function as a tool; `function_tool` makes it.

    Attributes:
        param: what goes into `tools=[...]` of a request.
    """

    __slots__ = ("_adapter", "param")

    def __init__(
        self, param: FunctionToolParam, adapter: TypeAdapter[inspect.BoundArguments]
    ) -> None:
        self.param = param
        self._adapter = adapter

    @property
    def name(self) -> str:
        """The tool's name, as in the calls of the model."""
        return self.param["name"]

    def parse_arguments(self, arguments: str | bytes) -> inspect.BoundArguments:
        """Check the arguments of a call: `bound = ...; function(*bound.args, **bound.kwargs)`.

        Args:
            arguments: the JSON that the model wrote; nothing at all counts as no arguments.

        Returns:
            The arguments as the function's parameters are typed, with its defaults filled in.

        Raises:
            ToolArgumentsError: they are not JSON or do not fit.
        """
        from pydantic import ValidationError

        try:
            return self._adapter.validate_json(arguments if arguments.strip() else "{}")
        except ValidationError as error:
            message = (
                f"The arguments of {self.name} do not fit: {_problems(error)}. Give this to the"
                " model as the output of the call, so that it can correct itself."
            )
            raise ToolArgumentsError(message, arguments=arguments) from error


def _arguments(
    function: Callable[..., object], name: str
) -> tuple[TypeAdapter[inspect.BoundArguments], dict[str, Any]]:
    """What checks arguments by a function's signature and binds them, and their JSON schema."""
    from pydantic import TypeAdapter
    from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError

    signature = _signature(function, name)

    # Any: arguments of all types; pydantic has checked them.
    def bind(*args: Any, **kwargs: Any) -> inspect.BoundArguments:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return bound

    parameters = signature.parameters.values()
    bind.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    bind.__dict__["__signature__"] = signature
    try:
        # Any: pydantic takes functions too, its annotations say types.
        adapter = TypeAdapter[inspect.BoundArguments](cast("Any", bind))
        return adapter, adapter.json_schema()
    except (PydanticUserError, PydanticUndefinedAnnotation) as error:
        message = f"{name}: a parameter has a type that JSON cannot give: {error.message}"
        raise ToolDefinitionError(message) from error


def _signature(function: Callable[..., object], name: str) -> inspect.Signature:
    try:
        signature = inspect.signature(function, eval_str=True)
    except (NameError, ValueError, TypeError) as error:
        message = (
            f"{name}: its signature cannot be read: {error}. Define the types that it names where"
            " its module can see them, or wrap it in a function."
        )
        raise ToolDefinitionError(message) from error
    for parameter in signature.parameters.values():
        if parameter.kind in OPEN_KINDS or parameter.kind is parameter.POSITIONAL_ONLY:
            message = f"{name}: {parameter} cannot be given by name; name each parameter"
            raise ToolDefinitionError(message)
        if parameter.annotation is parameter.empty:
            message = f"{name}: {parameter.name} has no type; annotate it, the schema is made of it"
            raise ToolDefinitionError(message)
    return signature.replace(return_annotation=signature.empty)


def _checked_name(name: str) -> str:
    if not NAME.fullmatch(name):
        message = (
            f"{name!r} cannot be the name of a tool: it takes 1 to 64 letters, digits, _ and -."
            " Give another one with name=."
        )
        raise ToolDefinitionError(message)
    return name


def _problems(error: ValidationError) -> str:
    problems: list[str] = []
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        where = ".".join(str(part) for part in problem["loc"])
        problems.append(f"{where}: {problem['msg']}" if where else problem["msg"])
    return "; ".join(problems)
