"""The streams of assistants, where the official package has them; other streams are below."""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

if TYPE_CHECKING:
    from openai_stream import AssistantEventHandler as AssistantEventHandler
    from openai_stream import AssistantStreamManager as AssistantStreamManager
    from openai_stream import AsyncAssistantEventHandler as AsyncAssistantEventHandler
    from openai_stream import AsyncAssistantStreamManager as AsyncAssistantStreamManager

__all__ = [
    "AssistantEventHandler",
    "AssistantStreamManager",
    "AsyncAssistantEventHandler",
    "AsyncAssistantStreamManager",
]

if not TYPE_CHECKING:  # pragma: no branch - type checkers see the names above
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            "AssistantEventHandler": "openai_stream",
            "AssistantStreamManager": "openai_stream",
            "AsyncAssistantEventHandler": "openai_stream",
            "AsyncAssistantStreamManager": "openai_stream",
        },
    )
