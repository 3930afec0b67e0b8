"""The server of llama.cpp."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_mock import faults
from openai_mock.faults.fault import Fault
from openai_mock.personalities.personality import Personality, Quirk
from openai_mock.personalities.quirks import any_key, streamed_errors, thoughts, usage_unasked
from openai_mock.refusals import Refusal
from openai_mock.replies import DONE, EventsReply

if TYPE_CHECKING:
    from openai_mock.personalities.asked import Asked

CONTEXT = 4096  # tokens
LONG = 1000  # tokens of a prompt that is evaluated a second
_PROPS = {
    "default_generation_settings": {"n_ctx": CONTEXT},
    "total_slots": 1,
    "chat_template": "{{ messages }}",
    "chat_template_caps": {"supports_tools": True, "supports_system_role": True},
}
_TIMINGS = {"prompt_n": 1, "prompt_ms": 1.0, "predicted_n": 1, "predicted_ms": 1.0}


def _timings(body: dict[str, Any], asked: Asked) -> None:
    del asked
    if body.get("usage"):
        body["timings"] = _TIMINGS


def _oversize(asked: Asked) -> None:
    if asked.is_chat and asked.tokens > CONTEXT:
        raise Refusal(
            f"the request exceeds the available context size ({CONTEXT} tokens), try increasing it",
            code="exceed_context_size_error",
            kind="exceed_context_size_error",
        )


def _tools_with_stream(asked: Asked) -> None:
    if asked.is_chat and asked.streams and asked.body.get("tools"):
        raise Refusal("Cannot use tools with stream", kind="server_error", status=500)


def _evaluation(asked: Asked) -> tuple[Fault, ...]:
    return (faults.delay(asked.tokens // LONG),) if asked.tokens >= LONG else ()


def _in_data(error: dict[str, Any]) -> EventsReply:
    return EventsReply([(None, {"error": error})])


def _in_field(error: dict[str, Any]) -> EventsReply:
    field = Fault("error_field()", on_wire=lambda wire: wire.sized_anew(_renamed(wire.pieces)))
    return EventsReply([(None, error), DONE], faults=(field,))


def _renamed(pieces: Any) -> Any:  # Any: the pieces of a wire
    for number, piece in enumerate(pieces):
        yield piece if number else piece.replace(b"data: ", b"error: ", 1)


_ANY_KEY = any_key("A key is optional.")
_USAGE = usage_unasked("Usage is on the chunk that ends the stream, which has choices.")
_MORE = Quirk(says="There are timings besides.", both=_timings)
_THOUGHTS = thoughts("Thoughts are in reasoning_content.", "reasoning_content")
_WAITS = Quirk(
    says="While a long prompt is evaluated nothing is sent: a second for 1,000 tokens.",
    faults=_evaluation,
)

PERSONALITIES = (
    Personality(
        name="llama.cpp",
        line="the server of llama.cpp: /props, timings, errors in streams",
        pages={"/props": _PROPS},
        quirks=(
            _ANY_KEY,
            Quirk(says="Prompts that are too long are refused before a stream.", request=_oversize),
            streamed_errors(
                "Errors of streams come with the status 200, as data.",
                _in_data,
                when=lambda asked: asked.tokens <= CONTEXT,
            ),
            _USAGE,
            _MORE,
            _THOUGHTS,
            _WAITS,
        ),
    ),
    Personality(
        name="llama.cpp-old",
        line="llama.cpp through 2025, started without --jinja",
        pages={"/props": _PROPS},
        quirks=(
            _ANY_KEY,
            Quirk(says="Prompts that are too long are refused in the stream.", request=_oversize),
            Quirk(says="Tools cannot be used with streams.", request=_tools_with_stream),
            streamed_errors(
                "Errors of streams are in a field 'error:', followed by [DONE].",
                _in_field,
                when=lambda _: True,
            ),
            _USAGE,
            _MORE,
            _THOUGHTS,
            _WAITS,
        ),
    ),
)
