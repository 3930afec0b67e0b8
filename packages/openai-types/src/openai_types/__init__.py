"""Typed models, parameters and events of the OpenAI API, and the lenient base model they share.

The types are in namespaces: `openai_types.chat`, `.responses`, `.realtime`, `.webhooks` and others.
Here are what they have in common, and the few types that belong to no namespace.
"""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports
from openai_types.version import __version__

if TYPE_CHECKING:
    from openai_types.decoding import Decoder as Decoder
    from openai_types.errors import APIError as APIError
    from openai_types.errors import DecodeError as DecodeError
    from openai_types.errors import OpenAIError as OpenAIError
    from openai_types.model import BaseModel as BaseModel
    from openai_types.shared.objects import ChatModel as ChatModel
    from openai_types.shared.objects import CompletionUsage as CompletionUsage
    from openai_types.shared.objects import Metadata as Metadata
    from openai_types.shared.objects import Reasoning as Reasoning
    from openai_types.shared.objects import ReasoningEffort as ReasoningEffort
    from openai_types.shared.objects import ResponsesModel as ResponsesModel
    from openai_types.unknown import UnknownMember as UnknownMember
    from openai_types.wire import RequestLike as RequestLike
    from openai_types.wire import ResponseLike as ResponseLike

__all__ = [
    "APIError",
    "BaseModel",
    "ChatModel",
    "CompletionUsage",
    "DecodeError",
    "Decoder",
    "Metadata",
    "OpenAIError",
    "Reasoning",
    "ReasoningEffort",
    "RequestLike",
    "ResponseLike",
    "ResponsesModel",
    "UnknownMember",
    "__version__",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "APIError": "openai_types.errors",
        "BaseModel": "openai_types.model",
        "ChatModel": "openai_types.shared.objects",
        "CompletionUsage": "openai_types.shared.objects",
        "DecodeError": "openai_types.errors",
        "Decoder": "openai_types.decoding",
        "Metadata": "openai_types.shared.objects",
        "OpenAIError": "openai_types.errors",
        "Reasoning": "openai_types.shared.objects",
        "ReasoningEffort": "openai_types.shared.objects",
        "RequestLike": "openai_types.wire",
        "ResponseLike": "openai_types.wire",
        "ResponsesModel": "openai_types.shared.objects",
        "UnknownMember": "openai_types.unknown",
    },
)
