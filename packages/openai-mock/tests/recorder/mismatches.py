"""Replays that go otherwise than they were recorded."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from openai_mock import TapeMismatchError, replay

T = TypeVar("T")


def mismatched(path: Path, act: Callable[[str], T]) -> tuple[T, TapeMismatchError]:
    """What was done on a replay gave, and what the end of the replay told."""
    given: list[T] = []
    with pytest.raises(TapeMismatchError) as caught, replay(path) as server:
        given.append(act(server.base_url))
    return given[0], caught.value
