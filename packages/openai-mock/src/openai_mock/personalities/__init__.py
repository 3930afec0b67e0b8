"""Personalities: the documented quirks of servers that speak this API, to test clients against.

A module for each provider has its table of quirks; `others` has those with one or two. What a
provider does only now and then is asked for in the prompt, as `[no_balance]`. The quirks are
defaults of the providers as their documentation and their users describe them, not rules.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from openai_mock.errors import MockServerError
from openai_mock.personalities.personality import Personality, Quirk

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Personality", "Quirk", "named", "personalities"]


@cache
def personalities() -> Mapping[str, Personality]:
    """All personalities, by their names."""
    from openai_mock.personalities import (
        azure,
        cerebras,
        deepseek,
        gemini,
        groq,
        llama_cpp,
        minimax,
        mistral,
        ollama,
        openrouter,
        others,
        together,
        vllm,
        zenmux,
        zhipu,
    )

    modules = (
        azure, cerebras, deepseek, gemini, groq, llama_cpp, minimax, mistral, ollama, openrouter,
        others, together, vllm, zenmux, zhipu,
    )  # fmt: skip
    found = [each for module in modules for each in module.PERSONALITIES]
    return {each.name: each for each in sorted(found, key=lambda each: each.name)}


def named(name: str) -> Personality:
    """The personality of this name.

    Raises:
        MockServerError: There is none.
    """
    found = personalities().get(name.lower())
    if found is None:
        near = get_close_matches(name.lower(), personalities(), n=1)
        known = ", ".join(personalities())
        hint = f"Did you mean '{near[0]}'?" if near else f"There are: {known}."
        raise MockServerError(f"There is no personality '{name}'. {hint}")
    return found
