"""ZenMux."""

from __future__ import annotations

from openai_mock.personalities.personality import Personality
from openai_mock.personalities.quirks import on_mark, vendor_models

PERSONALITIES = (
    Personality(
        name="zenmux",
        line="ZenMux: models are named vendor/model",
        roots=("/api/v1", "/v1"),
        quirks=(
            vendor_models("Models are named vendor/model, also in their list."),
            on_mark(
                "rate_limited",
                "Keys of subscriptions have about 10 to 15 requests a minute: [rate_limited].",
                status=429,
                message="Rate limit exceeded: 15 requests a minute.",
                code="rate_limit_exceeded",
            ),
        ),
    ),
)
