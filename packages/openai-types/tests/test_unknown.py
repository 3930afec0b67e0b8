import json

import pytest
from openai_types import Decoder, UnknownMember
from openai_types.responses import (
    ResponseOutputItem,
    ResponseStreamEvent,
    UnknownResponseOutputItem,
    UnknownResponseStreamEvent,
)

EVENT = Decoder[ResponseStreamEvent](ResponseStreamEvent)


@pytest.mark.parametrize(
    "sent",
    [
        {"type": "response.moon.risen", "phase": {"of": ["earth"]}, "sequence_number": 3},
        {"type": None},
        {"type": 5},
        {"type": []},
        {"delta": "no tag"},
        {},
    ],
)
def test_member_that_is_unknown_keeps_all_it_has(sent: dict[str, object]):
    event = EVENT(json.dumps(sent))
    assert type(event) is UnknownResponseStreamEvent
    assert isinstance(event, UnknownMember)
    assert event.to_dict() == sent
    assert event.type == sent.get("type")


def test_each_union_has_its_own_unknown_member():
    item = Decoder[ResponseOutputItem](ResponseOutputItem)(b'{"type": "new"}')
    assert type(item) is UnknownResponseOutputItem
    assert not isinstance(item, UnknownResponseStreamEvent)


def test_unknown_fields_are_attributes():
    assert getattr(EVENT(b'{"type": "new", "phase": 0.5}'), "phase") == 0.5  # noqa: B009 - untyped
