"""Typed models, parameters and events of the OpenAI API, and the lenient base model they share.

The types are in namespaces: `openai_types.chat`, `.responses`, `.realtime`, `.webhooks` and others.
Here are what they have in common, and the types that belong to no namespace: those of `shared`.
"""

from typing import TYPE_CHECKING

from openai_types.contents import NAMESPACES as _NAMESPACES
from openai_types.lazy import lazy_exports
from openai_types.version import __version__ as __version__

if TYPE_CHECKING:
    from openai_types.contents import *  # noqa: F403 - the namespaces, and the names of `shared`
    from openai_types.decoding import Decoder as Decoder
    from openai_types.errors import APIError as APIError
    from openai_types.errors import DecodeError as DecodeError
    from openai_types.errors import InvalidArgumentError as InvalidArgumentError
    from openai_types.errors import InvalidTypeError as InvalidTypeError
    from openai_types.errors import OpenAIError as OpenAIError
    from openai_types.model import BaseModel as BaseModel
    from openai_types.unknown import UnknownMember as UnknownMember
    from openai_types.wire import RequestLike as RequestLike
    from openai_types.wire import ResponseLike as ResponseLike

if not TYPE_CHECKING:  # pragma: no branch - type checkers see the names above
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            "APIError": "openai_types.errors",
            "BaseModel": "openai_types.model",
            "DecodeError": "openai_types.errors",
            "Decoder": "openai_types.decoding",
            "InvalidArgumentError": "openai_types.errors",
            "InvalidTypeError": "openai_types.errors",
            "OpenAIError": "openai_types.errors",
            "RequestLike": "openai_types.wire",
            "ResponseLike": "openai_types.wire",
            "UnknownMember": "openai_types.unknown",
        },
        rest="openai_types.shared",
        inside=_NAMESPACES,
    )
