"""Events show no secret, whatever the call and its answer have."""

import pickle
from typing import Any
from weakref import ref

import pytest
from openai_http import OpenAI
from openai_http.hooks.events import Call, CallEvent

SECRET = "sk-very-secret-0123456789"
PROMPT = "the words of a user"


def test_events_show_no_secret_and_no_words(server: Any):
    told: list[CallEvent] = []
    echo = f"You sent {SECRET}"
    server.play(
        server.answer(500, echo, retry_after_ms="0", x_echo=SECRET),
        server.json(200, {"id": PROMPT, "object": "model", "owned_by": PROMPT}),
    )
    url = server.url.replace("http://", f"http://user:{SECRET}@") + f"?token={SECRET}"
    with OpenAI(api_key=SECRET, base_url=url, hooks=[told.append]) as client:
        client.models.retrieve(
            "m", extra_body={"words": PROMPT}, extra_headers={"x-api-key": SECRET}
        )
    assert len(told) == 7
    for event in told:
        assert SECRET not in repr(event)
        assert PROMPT not in repr(event)
        assert SECRET.encode() not in pickle.dumps(event)
    assert SECRET not in told[0].call.url


@pytest.mark.parametrize("model", [None, 5, ["m"]])
def test_model_is_a_name_or_nothing(model: object):
    call = Call(operation="o", method="POST", url="u", streamed=False, params={"model": model})
    assert call.model is None
    assert ref(call)() is call
