"""Names that do not exist, never run: mypy and pyright must refuse each.

Both complain of an ignore that ignores nothing, so each line proves that the name is refused.
"""

from openai_http import OpenAl  # type: ignore[attr-defined]
from openai_mock import sever  # type: ignore[attr-defined]
from openai_realtime import RealtimeConection  # type: ignore[attr-defined]
from openai_stream import Steam  # type: ignore[attr-defined]
from openai_suite import AsyncOpenAl  # type: ignore[attr-defined]
from openai_suite.lib.streaming.chat import ChunkEvnt  # type: ignore[attr-defined]
from openai_suite.types import FileObjekt  # type: ignore[attr-defined]
from openai_suite.types.chat import ChatCompletionn  # type: ignore[attr-defined]
from openai_tools import function_tol  # type: ignore[attr-defined]
from openai_types import Decodr  # type: ignore[attr-defined]
from openai_types.beta.threads import Mesage  # type: ignore[attr-defined]
from openai_webhooks import Webhok  # type: ignore[attr-defined]
from openai_webhooks.inbox import Inbx  # type: ignore[attr-defined]

__all__ = [
    "AsyncOpenAl",
    "ChatCompletionn",
    "ChunkEvnt",
    "Decodr",
    "FileObjekt",
    "Inbx",
    "Mesage",
    "OpenAl",
    "RealtimeConection",
    "Steam",
    "Webhok",
    "function_tol",
    "sever",
]
