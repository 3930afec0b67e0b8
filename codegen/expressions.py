"""Type expressions: which names they use, and how they are written in a generated module.

Decides on two things only: a union that has to name a class defined further down is written with
`Union[...]` and quotes, and the literals of a model are open, because a server may send newer ones.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Container, Iterator

BUILTIN = {"None", "bool", "bytes", "dict", "float", "int", "list", "object", "set", "str"}
# What a generated module imports from elsewhere by the same name.
KNOWN = {"FileTypes", "Iterable", "Literal", "Sequence"}


def references(expression: str) -> Iterator[str]:
    """The types that an expression names, as `Name` or `namespace.Name`."""
    yield from _references(parsed(expression))


def seen_from_outside(expression: str, namespace: str) -> str:
    """An expression of a namespace, with the namespace before each name that has none."""
    own = {name for name in references(expression) if "." not in name}
    parts = re.split(r"('[^']*')", expression)
    return "".join(
        part
        if part.startswith("'")
        else re.sub(r"[\w.]+", lambda f: f"{namespace}.{f[0]}" if f[0] in own else f[0], part)
        for part in parts
    )


def parsed(expression: str) -> ast.expr:
    """The syntax tree of an expression.

    Raises:
        ValueError: it is none.
    """
    try:
        return ast.parse(expression, mode="eval").body
    except (SyntaxError, TypeError) as error:  # in a file there may be something else than text
        raise ValueError(f"{expression!r} is no type: write it as in Python") from error


def _references(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Name) and node.id not in BUILTIN | KNOWN:
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield ast.unparse(node)
    elif isinstance(node, ast.BinOp):
        yield from _references(node.left)
        yield from _references(node.right)
    elif isinstance(node, ast.Subscript) and not _is_literal(node):
        for part in node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]:
            yield from _references(part)


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal"


def literal_values(node: ast.expr) -> list[object] | None:
    """The values of a literal; None for another type."""
    if not isinstance(node, ast.Subscript) or not _is_literal(node):
        return None
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return [ast.literal_eval(part) for part in parts]


class Writer:
    """Writes expressions for one place in one module.

    Args:
        local: what the module calls a type.
        later: the names that the module defines further down.
        is_open: whether a name stands for literals that a server may extend; None where all
            literals are closed, as in what callers write.
    """

    def __init__(
        self,
        local: Callable[[str], str],
        later: Container[str],
        is_open: Callable[[str], bool] | None = None,
    ) -> None:
        self._local = local
        self._later = later
        self._is_open = is_open

    def write(self, expression: str) -> str:
        """The expression as source text."""
        return self._write(parsed(expression))

    def _write(self, node: ast.expr) -> str:
        if isinstance(node, ast.BinOp):
            return self._union([self._write(member) for member in members(node)])
        if _is_literal(node):
            return self._literal(node)
        if isinstance(node, ast.Subscript):
            parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            inside = ", ".join(self._write(part) for part in parts)
            return f"{ast.unparse(node.value)}[{inside}]"
        name = ast.unparse(node)
        written = f'"{name}"' if name in self._later else self._local(name)
        if self._is_open is not None and self._is_open(name):
            return self._union([written, "str"])
        return written

    def _literal(self, node: ast.expr) -> str:
        values = literal_values(node) or []
        texts = [json.dumps(each, ensure_ascii=False) for each in values if isinstance(each, str)]
        others = [repr(each) for each in values if not isinstance(each, str)]
        source = f"Literal[{', '.join([*texts, *others])}]"
        return source if self._is_open is None or len(texts) <= 1 else f"{source} | str"

    @staticmethod
    def _union(members: list[str]) -> str:
        unique = list(dict.fromkeys(part for member in members for part in _split(member)))
        if any(member.startswith('"') for member in unique):
            return f"Union[{', '.join(unique)}]"
        return " | ".join(unique)


def _split(written: str) -> list[str]:
    """`Literal[...] | str` inside a union becomes two of its members."""
    return written.rsplit(" | ", 1) if written.endswith("] | str") else [written]


def members(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression may be: the members of a union, or itself."""
    if isinstance(node, ast.BinOp):
        yield from members(node.left)
        yield from members(node.right)
    else:
        yield node
