import copy
import json
import pickle

from openai_stream.responses.recasting import become, recast
from openai_types import Decoder
from openai_types.responses import (
    ParsedResponseFunctionToolCall,
    ResponseFunctionToolCall,
)

JSON = '{"type": "function_call", "name": "f", "arguments": "{}", "call_id": "c", "more": 1}'
decode = Decoder[ResponseFunctionToolCall](ResponseFunctionToolCall)


def test_a_model_recast_has_all_that_the_other_has_and_more():
    call = decode(JSON)

    made = recast(ParsedResponseFunctionToolCall, call, {"parsed_arguments": {}})

    assert made.parsed_arguments == {}
    assert made.name == "f"
    assert made.to_dict() == call.to_dict()
    assert made.model_extra == {"more": 1}
    assert type(call) is ResponseFunctionToolCall


def test_a_model_recast_can_be_copied_and_pickled():
    made = recast(ParsedResponseFunctionToolCall, decode(JSON), {"parsed_arguments": {"a": 1}})

    for other in (copy.deepcopy(made), pickle.loads(pickle.dumps(made))):  # noqa: S301 - its own
        assert other == made
        assert other.parsed_arguments == {"a": 1}


def test_a_model_becomes_another():
    call = decode(JSON)

    made = become(ParsedResponseFunctionToolCall, call)

    assert made is call
    assert isinstance(call, ParsedResponseFunctionToolCall)
    assert made.to_dict() == json.loads(JSON)
