"""Every type of events that is registered has an accumulator that is there and takes its events."""

from importlib import import_module
from typing import Any

import pytest
from openai_stream.accumulating import _ACCUMULATORS, accumulator_of
from openai_types import Decoder


@pytest.mark.parametrize("events", sorted(_ACCUMULATORS))
def test_an_accumulator_takes_an_event_of_its_type_that_says_nothing(events: str):
    module, _, name = events.partition(":")
    event = Decoder[Any](getattr(import_module(module), name))(b"{}")
    make = accumulator_of(events)
    assert make is not None
    accumulator = make()
    accumulator.add(event)
    accumulator.snapshot()


def test_events_that_are_nothing_together_have_none():
    assert accumulator_of("openai_types.beta:AgentSessionEvent") is None
