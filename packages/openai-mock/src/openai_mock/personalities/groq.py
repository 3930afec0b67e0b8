"""Groq."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_mock.personalities.personality import Personality, Quirk
from openai_mock.personalities.quirks import fields, refused, thoughts
from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from openai_mock.personalities.asked import Asked

_TIMES = {"queue_time": 0.01, "prompt_time": 0.001, "completion_time": 0.01, "total_time": 0.011}


def _usage(body: dict[str, Any], asked: Asked) -> None:
    del asked
    if body.get("usage"):
        body["usage"] |= _TIMES


def _x_groq(body: dict[str, Any], asked: Asked) -> None:
    del asked
    body["x_groq"] = {"id": f"req_{body['id'][-24:]}"}


def _no_reasoning_tokens(body: dict[str, Any], asked: Asked) -> None:
    if body.get("usage"):
        body["usage"]["completion_tokens_details"] = {"reasoning_tokens": len(asked.thought)}


def _no_subtitles(asked: Asked) -> None:
    form = dict(asked.sent.form or ())
    if asked.path.startswith("audio/") and form.get("response_format") in ("vtt", "srt"):
        raise Refusal("response_format must be one of [json text verbose_json]")


def _effort(asked: Asked) -> None:
    effort = asked.body.get("reasoning_effort")
    if asked.model == "qwen/qwen3-32b" and effort not in (None, "none", "default"):
        raise Refusal("`reasoning_effort` must be one of `none` or `default`")
    if effort == "default":
        del asked.body["reasoning_effort"]


PERSONALITIES = (
    Personality(
        name="groq",
        line="Groq: parameters that are refused, x_groq, times in the usage",
        roots=("/openai/v1", "/v1"),
        quirks=(
            refused(
                "Some parameters are refused.",
                "logprobs",
                "top_logprobs",
                "logit_bias",
                "messages.name",
            ),
            refused(
                "There is one choice only.",
                "n",
                code=None,
                message="'{}' : number must be at most 1",
                when=lambda value, _: value not in (None, 1),
            ),
            Quirk(says="There are no vtt and srt.", request=_no_subtitles),
            Quirk(says="There is x_groq besides.", both=_x_groq),
            Quirk(says="The usage has times.", both=_usage),
            fields("The service tier is on_demand.", service_tier="on_demand"),
            thoughts("Thoughts are in reasoning.", "reasoning"),
            Quirk(says="The total may leave out reasoning.", both=_no_reasoning_tokens),
            Quirk(says='qwen3-32b wants reasoning_effort "default".', request=_effort),
        ),
    ),
)
