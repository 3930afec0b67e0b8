"""Arithmetic as it is written in the `calculate_output` of a grader.

Numbers, names, `+ - * / **`, and some functions such as `min`; nothing else is ever run.
"""

from __future__ import annotations

import ast
import math
import operator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Any: functions of the library take more than floats.

LONGEST = 1000  # characters
_BINARY: Mapping[type, Callable[[float, float], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda left, right: left / right,
    ast.Pow: math.pow,
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": abs,
    "ceil": math.ceil,
    "exp": math.exp,
    "floor": math.floor,
    "log": math.log,
    "max": max,
    "min": min,
    "round": round,
    "sqrt": math.sqrt,
}


def evaluate(formula: str, values: Mapping[str, float]) -> float:
    """The value of a formula.

    Args:
        formula: What is written.
        values: What the names in it stand for.

    Raises:
        ValueError: It is no such formula, has a name without a value, or no result.
    """
    if len(formula) > LONGEST:
        raise ValueError(f"the formula has more than {LONGEST} characters")
    try:
        return float(_value(ast.parse(formula, mode="eval").body, values))
    except (SyntaxError, ArithmeticError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"the formula '{formula}' has no value: {error}") from error


def _value(node: ast.expr, values: Mapping[str, float]) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name):
        if node.id not in values:
            raise ValueError(f"there is no score '{node.id}'")
        return values[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, values)
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        return _BINARY[type(node.op)](_value(node.left, values), _value(node.right, values))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        function = _FUNCTIONS.get(node.func.id)
        if function:
            return function(*(_value(each, values) for each in node.args))
    raise ValueError(f"'{ast.unparse(node)}' is no arithmetic")
