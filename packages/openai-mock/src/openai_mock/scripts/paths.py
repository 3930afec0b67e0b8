"""`server.on`: the operations of the catalogue as attributes.

Decides which names there are and where in a test an expectation was written.
"""

from __future__ import annotations

import inspect
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from openai_types.catalogue import operations

from openai_mock.errors import MockServerError, UnknownOperationError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

    from openai_types.catalogue import Operation

    from openai_mock.scripts.expectation import Expectation

_PACKAGE = str(Path(__file__).parent.parent)


class OperationPath:
    """The way to an operation, such as `on.chat.completions.create`; called, it expects a request.

    Args:
        add: Takes what is expected.
        lock: Held while answers are taken.
        path: The names so far.
        place: Where it is written; by default where it is called.
    """

    def __init__(
        self,
        add: Callable[[Expectation], None],
        lock: threading.RLock,
        path: str = "",
        place: str | None = None,
    ) -> None:
        self._add = add
        self._lock = lock
        self._path = path
        self._place = place

    def __getattr__(self, name: str) -> OperationPath:
        """One name further.

        Raises:
            UnknownOperationError: No operation is called so.
        """
        if name.startswith("_"):
            raise AttributeError(name)
        path = f"{self._path}.{name}" if self._path else name
        if path not in operations() and not _is_group(path):
            raise _unknown(path)
        return OperationPath(self._add, self._lock, path, self._place)

    def __call__(self, *place: object, **expected: object) -> Expectation:
        """Expect a request.

        Args:
            *place: What clients are given without its name: the id that the operation is about.
            **expected: Parameters of the operation, by the names that they have in Python: values,
                objects of which only the fields are compared that are given, compiled patterns,
                types, predicates, or `ANY`.

        Raises:
            UnknownOperationError: This is a group of operations.
            MockServerError: The operation has no such parameter, or not without its name.
        """
        from openai_mock.scripts.expectation import Expectation

        if self._path not in operations():
            raise _unknown(self._path)
        operation = operations()[self._path]
        named = _named(operation, place, expected)
        made = Expectation(operation, named, lock=self._lock, place=self._place or _caller())
        self._add(made)
        return made

    def __dir__(self) -> list[str]:
        """The names that may follow."""
        start = f"{self._path}." if self._path else ""
        rest = (each.removeprefix(start) for each in operations() if each.startswith(start))
        return sorted({each.partition(".")[0] for each in rest})

    def __repr__(self) -> str:
        return f"on.{self._path}" if self._path else "on"


def _named(
    operation: Operation, place: tuple[object, ...], expected: Mapping[str, object]
) -> Mapping[str, object]:
    """What is expected, all of it by its name."""
    if not place:
        return expected
    ids = [each.name for each in operation.parameters if each.place == "path"][:1]
    if len(place) > len(ids) or ids[0] in expected:
        first = f"only '{ids[0]}'" if ids else "no parameter"
        raise MockServerError(
            f"{operation.name} takes {first} without its name, and once. Write the names of the "
            "others."
        )
    return {ids[0]: place[0], **expected}


def _is_group(path: str) -> bool:
    return any(each.startswith(f"{path}.") for each in operations())


def _unknown(path: str) -> UnknownOperationError:
    if _is_group(path):
        first = next(each for each in operations() if each.startswith(f"{path}."))
        return UnknownOperationError(f"'{path}' is a group of operations. Name one, as '{first}'.")
    groups = {each.rpartition(".")[0] for each in operations()}
    near = get_close_matches(path, [*operations(), *groups], n=1, cutoff=0)
    return UnknownOperationError(f"There is no operation '{path}'. Did you mean '{near[0]}'?")


def _caller() -> str:
    """Where the code stands that is not of this package."""
    frame = inspect.currentframe()
    while frame and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}" if frame else "unknown"
