"""Which operations a method and a path lead to.

Decides from the catalogue alone, by a tree of the segments of paths: hundreds of patterns tried in
turn would take longer than the answer. Several operations may share a route; which of them is
meant depends on the query and on what is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, unquote

from openai_types.catalogue import operations

from openai_mock.refusals import unknown_route, wrong_method

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openai_types.catalogue import Operation

ROOT = "/v1"


class Match(NamedTuple):
    """Where a request leads to.

    Attributes:
        operations: Those that share the route.
        values: What stands for the parameters of the path, in their order.
    """

    operations: tuple[Operation, ...]
    values: tuple[str, ...]


@dataclass
class _Node:
    fixed: dict[str, _Node] = field(default_factory=dict[str, "_Node"])
    parameter: _Node | None = None
    operations: dict[str, list[Operation]] = field(default_factory=dict[str, "list[Operation]"])


def find(method: str, path: str) -> Match:
    """Find the operations of a request.

    Args:
        method: The method, in capitals.
        path: The path as it was sent, still percent-encoded.

    Raises:
        Refusal: There is no such path, or it has not this method.
    """
    if not path.startswith(f"{ROOT}/"):
        raise unknown_route(method, path)
    segments = path.removeprefix(ROOT)[1:].split("/")
    found = next(_walk(_tree(), segments, ()), None)
    if found is None:
        raise unknown_route(method, path)
    by_method, values = found
    if method not in by_method:
        raise wrong_method(method, path, {"allow": ", ".join(sorted(by_method))})
    return Match(tuple(by_method[method]), values)


def choose(match: Match, query: Mapping[str, object], accept: str) -> Operation:
    """Choose among the operations of a route.

    First what the route itself says of the query, such as `beta=true`, then the accepted type.
    """
    candidates = match.operations
    if len(candidates) == 1:
        return candidates[0]
    fitting = [each for each in candidates if fixed_query(each).items() <= query.items()]
    most = max(len(fixed_query(each)) for each in fitting)
    fitting = [each for each in fitting if len(fixed_query(each)) == most]
    accepted = (each for each in fitting if (each.accept or "application/json") == accept)
    return next(accepted, fitting[0])


def fixed_query(operation: Operation) -> Mapping[str, str]:
    """What the query of an operation always has."""
    return _query_of(operation.path)


@cache
def _query_of(path: str) -> Mapping[str, str]:
    return dict(parse_qsl(path.partition("?")[2]))


def template(operation: Operation) -> str:
    """The path of an operation with its parameters, without its query."""
    return operation.path.partition("?")[0]


def parameters_of(operation: Operation) -> tuple[str, ...]:
    """The names of the parameters in the path of an operation, in their order."""
    return _parameters_of(operation.path)


@cache
def _parameters_of(path: str) -> tuple[str, ...]:
    segments = path.partition("?")[0].split("/")
    return tuple(each[1:-1] for each in segments if each.startswith("{"))


def _walk(
    node: _Node, segments: list[str], values: tuple[str, ...]
) -> Iterator[tuple[dict[str, list[Operation]], tuple[str, ...]]]:
    if not segments:
        if node.operations:
            yield node.operations, values
        return
    segment, *rest = segments
    if segment in node.fixed:
        yield from _walk(node.fixed[segment], rest, values)
    if node.parameter and segment:
        yield from _walk(node.parameter, rest, (*values, unquote(segment)))


@cache
def _tree() -> _Node:
    root = _Node()
    for operation in operations().values():
        node = root
        for segment in template(operation).strip("/").split("/"):
            if segment.startswith("{"):
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.fixed.setdefault(segment, _Node())
        node.operations.setdefault(operation.method, []).append(operation)
    return root
