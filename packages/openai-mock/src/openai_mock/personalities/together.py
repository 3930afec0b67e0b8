"""Together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_mock.personalities.personality import Personality, Quirk
from openai_mock.personalities.quirks import absent, responses_without_state, vendor_models

if TYPE_CHECKING:
    from openai_mock.personalities.asked import Asked


def _eos(body: dict[str, Any], asked: Asked) -> None:
    del asked
    for choice in body["choices"]:
        if choice.get("finish_reason") == "stop":
            choice["finish_reason"] = "eos"


PERSONALITIES = (
    Personality(
        name="together",
        line="Together: vendor/model, the reason eos, responses without state",
        quirks=(
            vendor_models("Models are named vendor/model."),
            responses_without_state("Responses have no stored state."),
            absent(
                "Batches, moderations and fine-tuning are not in this shape.",
                "batches",
                "moderations",
                "fine_tuning",
            ),
            Quirk(says="finish_reason can be eos.", both=_eos),
        ),
    ),
)
