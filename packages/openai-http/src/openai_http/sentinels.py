"""What stands for "not given" where None means null.

`omit` leaves a parameter or a header out. `NOT_GIVEN` and `not_given` do the same for parameters,
and stand for the client's own setting where that differs from None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    # Any: they stand in for a value of whatever type a parameter has. So what was annotated as
    # `int | Omit` can be passed on where an `int` is wanted.
    AnyValue = Any
else:
    AnyValue = object


class NotGiven(AnyValue):
    """The type of `NOT_GIVEN`."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "NOT_GIVEN"

    def __reduce__(self) -> str:
        return "NOT_GIVEN"


class Omit(AnyValue):
    """The type of `omit`."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "omit"

    def __reduce__(self) -> str:
        return "omit"


_ABSENT = (NotGiven, Omit)

NOT_GIVEN: Final[Any] = NotGiven()
not_given: Final[Any] = NOT_GIVEN
omit: Final[Any] = Omit()


def is_given(value: object) -> bool:
    """Whether a parameter has a value, None included."""
    return not isinstance(value, _ABSENT)
