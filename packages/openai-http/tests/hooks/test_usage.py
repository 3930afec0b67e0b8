from types import SimpleNamespace as Object
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_http.hooks.usage import Usage, usage_of, usage_of_events
from openai_types.chat import ChatCompletion
from openai_types.responses import Response

CHAT = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
SMALL = Usage(input_tokens=3, output_tokens=4, total_tokens=7)


def test_both_sets_of_names_are_read():
    chat = ChatCompletion.model_validate(
        {
            "usage": {
                **CHAT,
                "prompt_tokens_details": {"cached_tokens": 1},
                "completion_tokens_details": {"reasoning_tokens": 2},
            }
        }
    )
    response = Response.model_validate(
        {
            "usage": {
                "input_tokens": 3,
                "output_tokens": 4,
                "total_tokens": 7,
                "input_tokens_details": {"cached_tokens": 1},
                "output_tokens_details": {"reasoning_tokens": 2},
            }
        }
    )
    wanted = Usage(
        input_tokens=3, output_tokens=4, total_tokens=7, cached_tokens=1, reasoning_tokens=2
    )
    assert usage_of(chat) == usage_of(response) == wanted


@pytest.mark.parametrize(
    "result",
    [
        Object(usage=CHAT),
        Object(response=Object(usage=CHAT)),
        Object(data=Object(usage=CHAT), event="thread.run.completed"),
        Object(choices=[Object(), Object(usage=CHAT)]),
        {"usage": CHAT},
    ],
    ids=["own", "of the response", "of the run", "Moonshot, in a choice", "object of any shape"],
)
def test_row_37_usage_is_found_wherever_it_is(result: Any):
    assert usage_of(result) == SMALL


def test_row_37_last_usage_of_a_stream_counts():
    other = Object(usage={"prompt_tokens": 1})
    events = [other, Object(usage=CHAT), Object(usage={}), Object(usage=None), Object(choices=[])]
    assert usage_of_events(events) == SMALL
    assert usage_of_events([]) is None


def test_numbers_that_are_none_are_left_out():
    usage = {"prompt_tokens": "3", "completion_tokens": True, "total_tokens": 7}
    assert usage_of({"usage": usage}) == Usage(total_tokens=7)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["usage", "response", "choices", "prompt_tokens", "prompt_tokens_details"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_result_is_too_odd(result: object):
    found = usage_of(result)
    assert found is None or isinstance(found, Usage)
