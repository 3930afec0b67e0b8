"""From the pairs of a query or a form to the tree that their names describe.

`a[b]=1` is an object, `a[]=1` and a repeated `a=1` are lists. Decides nothing about types: what was
text stays text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias, cast

from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openai_mock.calls import Upload

Leaf: TypeAlias = "str | Upload"
Tree: TypeAlias = "dict[str, Leaf | list[object] | Tree]"

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_STEP = re.compile(r"\[([^\[\]]*)\]")


def tree(pairs: Iterable[tuple[str, Leaf]]) -> Tree:
    """Put pairs together.

    Raises:
        Refusal: A name has unpaired brackets, or two contradict each other.
    """
    root: Tree = {}
    for name, value in pairs:
        matched = _NAME.fullmatch(name)
        if not matched:
            raise _unreadable(name)
        steps = [matched[1], *_STEP.findall(matched[2])]
        _put(root, steps, name, value)
    return root


def _put(root: Tree, steps: list[str], name: str, value: Leaf) -> None:
    is_list = len(steps) > 1 and not steps[-1]
    *parents, last = steps[:-1] if is_list else steps
    if not all((*parents, last)):
        raise _unreadable(name)  # of `a[][b]` nobody knows which b belong together
    node = root
    for step in parents:
        inner = node.setdefault(step, {})
        if not isinstance(inner, dict):
            raise _unreadable(name)
        node = inner
    present = node.get(last)
    if isinstance(present, dict):
        raise _unreadable(name)
    if isinstance(present, list):
        present.append(value)
    elif is_list and present is None:
        node[last] = [value]
    else:
        node[last] = value if present is None else cast("list[object]", [present, value])


def _unreadable(name: str) -> Refusal:
    return Refusal(
        f"The name '{name}' is not readable here. Write objects as 'name[key]' and lists as "
        "'name[]', and no parameter as both.",
        code="invalid_value",
        param=name.partition("[")[0] or None,
    )
