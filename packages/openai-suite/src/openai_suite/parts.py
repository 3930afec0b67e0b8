"""The parts of the suite, and which of them has a name: their roots, which load on demand."""

from __future__ import annotations

from importlib import import_module

# In the order in which they are asked; the last imports what it names.
PARTS = (
    "openai_http",
    "openai_stream",
    "openai_tools",
    "openai_realtime",
    "openai_webhooks",
    "openai_mock",
    "openai_suite.official_names",
)
# The other names of openai-types are types, and are in `openai_suite.types`.
BASES = frozenset(
    {
        "APIError",
        "BaseModel",
        "DecodeError",
        "Decoder",
        "OpenAIError",
        "RequestLike",
        "ResponseLike",
        "UnknownMember",
    }
)


def find(name: str) -> object | None:
    """What a part has under a public name; None if none has it."""
    if name in BASES:
        return getattr(import_module("openai_types"), name)
    for part in PARTS:
        module = import_module(part)
        if name in module.__all__:
            return getattr(module, name)
    return None


def names() -> list[str]:
    """Every public name of the suite."""
    found = {"__version__", *BASES}
    return sorted(found.union(*(import_module(part).__all__ for part in PARTS)))
