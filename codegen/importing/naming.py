"""Names of operations that only the document has, made from their routes.

`GET /widgets/{widget_id}/parts` is `widgets.parts.list`: what is no parameter is a resource, and
the method goes by the verb. A last part that is the verb of the operation's id is the name:
`POST /widgets/{widget_id}/cancel`, `cancelWidget`. What begins like the routes that the official
package has in a group, such as `/threads` in `beta`, is in this group, too.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from codegen.importing.facts import camel, snake
from codegen.importing.normal_form import DocumentError
from codegen.importing.openapi import DocumentOperation
from codegen.importing.schemas import identifier
from codegen.operations import Operation

ON_ONE = {
    "get": "retrieve",
    "post": "update",
    "put": "replace",
    "patch": "update",
    "delete": "delete",
}
ON_ALL = {"get": "list", "post": "create", "put": "replace", "patch": "update", "delete": "delete"}
LEFT_OUT = "leave the route out with an overlay, 'absent: {}'"
SINGULAR = ((r"ies$", "y"), (r"(ss|x|ch|sh)es$", r"\1"), (r"(?<!s)s$", ""))


@dataclass(frozen=True)
class MethodName:
    """The resource of an operation, as a path, and the name of its method."""

    path: tuple[str, ...]
    method: str

    @property
    def full(self) -> str:
        """How users call it on a client."""
        return ".".join([*self.path, self.method])

    @property
    def singular(self) -> str:
        """What one thing of the resource is called, as a class."""
        return camel(_singular(self.path[-1]))

    def resources(self) -> Iterator[str]:
        """The resource and those that it is in."""
        for length in range(1, len(self.path) + 1):
            yield ".".join(self.path[:length])


def groups_of(operations: Iterable[Operation]) -> dict[str, tuple[str, ...]]:
    """In which group the routes are that begin with a part, where all of these are in one."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for each in operations:
        first, *_ = _static(each.path) or [""]
        names = each.name.split(".")
        if first in names:
            found.setdefault(first, set()).add(tuple(names[: names.index(first)]))
    return {first: groups.pop() for first, groups in found.items() if len(groups) == 1}


def named(
    operation: DocumentOperation,
    taken: Container[str] = (),
    groups: Mapping[str, tuple[str, ...]] | None = None,
) -> MethodName:
    """The name of an operation.

    Args:
        operation: the operation.
        taken: the names of others; where it would have one of these, its id is its name.
        groups: those of routes, by how they begin.

    Raises:
        DocumentError: there is nothing to name it by, or its id is taken, too.
    """
    path = _static(operation.path)
    where = f"{operation.method} {operation.path}"
    if not path:
        raise DocumentError(where, "nothing in the path can be a name", LEFT_OUT.format(where))
    path = (groups or {}).get(path[0], ()) + path
    is_one = operation.path.partition("?")[0].rstrip("/").endswith("}")
    by_rule = _by_rule(operation, path, is_one=is_one)
    if by_rule.full not in taken:
        return by_rule
    by_id = MethodName(path, identifier(snake(operation.id)) if operation.id else by_rule.method)
    if by_id.full in taken:
        problem = f"another operation is {by_id.full}, too"
        raise DocumentError(
            where, problem, f"give it another operationId, or {LEFT_OUT}".format(where)
        )
    return by_id


def _static(path: str) -> tuple[str, ...]:
    """The parts of a path that are no parameters, as names."""
    parts = path.partition("?")[0].split("/")
    return tuple(identifier(part) for part in parts if part and not part.startswith("{"))


def _by_rule(operation: DocumentOperation, path: tuple[str, ...], *, is_one: bool) -> MethodName:
    verb = re.match(r"[a-z]+", operation.id)
    last = path[-1].rstrip("_").split("_")[0]
    if not is_one and len(path) > 1 and verb and verb[0] == last:
        return MethodName(path[:-1], path[-1])
    return MethodName(path, (ON_ONE if is_one else ON_ALL)[operation.method])


def singular_words(resource: str) -> str:
    """What one thing of a resource is called: `vector_stores` is `vector store`."""
    return _singular(resource).replace("_", " ")


def _singular(name: str) -> str:
    for pattern, ending in SINGULAR:
        if re.search(pattern, name):
            return re.sub(pattern, ending, name)
    return name
