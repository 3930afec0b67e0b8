"""For whom the schema of a model is being made.

A model of someone else's takes ours with literals in which a discriminator finds its tags; what is
built for our own validators is lenient all through.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_builder: ContextVar[object | None] = ContextVar("_builder", default=None)
_ALL = object()


@contextmanager
def being_built(model: object = _ALL) -> Iterator[None]:
    """Meanwhile the validator of a model is built, or what has any of ours as parts of its own."""
    token = _builder.set(model)
    try:
        yield
    finally:
        _builder.reset(token)


def is_built_for_others(model: object) -> bool:
    """Whether neither the model itself is built, nor what has it as a part of its own."""
    builder = _builder.get()
    return builder is not model and builder is not _ALL
