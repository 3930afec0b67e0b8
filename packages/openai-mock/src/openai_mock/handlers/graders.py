"""Graders by themselves: run on one sample, or only looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles
from openai_mock.work.grading import Data, grade

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.world import World

_ERRORS = (
    *("formula_parse_error", "sample_parse_error", "truncated_observation_error"),
    *("unresponsive_reward_error", "invalid_variable_error", "other_error"),
    *("python_grader_server_error", "python_grader_runtime_error"),
    *("model_grader_server_error", "model_grader_refusal_error", "model_grader_parse_error"),
)
_DETAILS = (
    *("python_grader_server_error_type", "python_grader_runtime_error_details"),
    "model_grader_server_error_details",
)


@handles("fine_tuning.alpha.graders.run")
def run(call: Call, world: World) -> Reply:
    """Grade a sample."""
    del world
    grader: dict[str, Any] = call.body["grader"]
    text: str = call.body["model_sample"]
    sample: Data = {"output_text": text, "output_json": _json(text)}
    result = grade(grader, call.body.get("item") or {}, sample)
    parts = dict(result.parts)
    metadata = {
        "name": grader["name"],
        "type": grader["type"],
        "errors": {
            **{name: name in result.errors for name in _ERRORS},
            **dict.fromkeys(_DETAILS),
        },
        "execution_time": 0.0,
        "scores": parts or {grader["name"]: result.score},
        "token_usage": None,
        "sampled_model_name": None,
    }
    return JsonReply(
        {
            "reward": result.score,
            "metadata": metadata,
            "sub_rewards": parts,
            "model_grader_token_usage_per_model": {},
        }
    )


@handles("fine_tuning.alpha.graders.validate")
def validate(call: Call, world: World) -> Reply:
    """A grader as it was sent: what is no grader was refused before."""
    del world
    return JsonReply({"grader": call.body["grader"]})


def _json(text: str) -> object:
    from pydantic_core import from_json

    try:
        return from_json(text)
    except ValueError:
        return None
