from typing import Any, get_args

import pytest
from openai_types.webhooks import UnknownUnwrapWebhookEvent, UnwrapWebhookEvent
from openai_webhooks import WebhookPayloadError
from openai_webhooks.events import known_types, read_event

MEMBERS: tuple[Any, ...] = get_args(get_args(UnwrapWebhookEvent)[0])[:-1]
TYPES = {get_args(each.model_fields["type"].annotation)[0]: each for each in MEMBERS}


@pytest.mark.parametrize("name", TYPES)
def test_event_of_each_type_of_the_description_has_its_class(name: str):
    body = b'{"id":"evt_1","object":"event","created_at":1,"type":"%b","data":{"id":"x"}}'
    event = read_event(body % name.encode())
    assert type(event) is TYPES[name]
    assert event.type == name


def test_types_that_have_a_class_are_known():
    assert known_types() == set(TYPES)


@pytest.mark.parametrize(
    "body", [b"{}", b'{"type":5}', b'{"type":"moon.risen","data":[1,null],"more":{"a":1.5}}']
)
def test_event_of_an_unknown_type_has_all_that_came(body: bytes):
    import json

    event = read_event(body)
    assert type(event) is UnknownUnwrapWebhookEvent
    assert event.to_dict() == json.loads(body)


def test_event_of_a_known_type_with_strange_fields_has_all_that_came():
    event = read_event(b'{"type":"response.completed","data":5,"new":[1]}')
    assert type(event) is TYPES["response.completed"]
    assert event.to_dict() == {"type": "response.completed", "data": 5, "new": [1]}


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"id":"\xff"}', b"\x00", b'{"a":NaN}'])
def test_event_in_an_unreadable_body_keeps_the_body(body: bytes):
    with pytest.raises(WebhookPayloadError, match="not a JSON object") as caught:
        read_event(body)
    assert caught.value.payload == body
    assert caught.value.__cause__ is not None
