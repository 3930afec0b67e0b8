"""The OpenAI API on your machine: a local server for tests and demos.

`serve` runs it in a thread on a free port, `create_app` gives the ASGI application by itself, and
the command `openai-mock serve` keeps it running for other programs. `record`, `replay` and
`record_or_replay` keep what a real server said.
"""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

from openai_mock.version import __version__

if TYPE_CHECKING:
    from openai_mock.app import create_app as create_app
    from openai_mock.errors import MockServerError as MockServerError
    from openai_mock.errors import NetworkForbiddenError as NetworkForbiddenError
    from openai_mock.errors import RequestsTimeoutError as RequestsTimeoutError
    from openai_mock.errors import ScriptError as ScriptError
    from openai_mock.errors import UnknownOperationError as UnknownOperationError
    from openai_mock.errors import WebhookDeliveryError as WebhookDeliveryError
    from openai_mock.journal import Exchange as Exchange
    from openai_mock.journal import Journal as Journal
    from openai_mock.journal import Requests as Requests
    from openai_mock.recorder.errors import TapeError as TapeError
    from openai_mock.recorder.errors import TapeMismatchError as TapeMismatchError
    from openai_mock.recorder.sessions import TapeServer as TapeServer
    from openai_mock.recorder.sessions import record as record
    from openai_mock.recorder.sessions import record_or_replay as record_or_replay
    from openai_mock.recorder.sessions import replay as replay
    from openai_mock.scripts.matching import ANY as ANY
    from openai_mock.scripts.script import Script as Script
    from openai_mock.scripts.texts import ToolCall as ToolCall
    from openai_mock.scripts.texts import tool_call as tool_call
    from openai_mock.server import MockServer as MockServer
    from openai_mock.server import serve as serve

__all__ = [
    "ANY",
    "Exchange",
    "Journal",
    "MockServer",
    "MockServerError",
    "NetworkForbiddenError",
    "Requests",
    "RequestsTimeoutError",
    "Script",
    "ScriptError",
    "TapeError",
    "TapeMismatchError",
    "TapeServer",
    "ToolCall",
    "UnknownOperationError",
    "WebhookDeliveryError",
    "__version__",
    "create_app",
    "record",
    "record_or_replay",
    "replay",
    "serve",
    "tool_call",
]

if not TYPE_CHECKING:  # pragma: no branch - type checkers see the names above
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            "Exchange": "openai_mock.journal",
            "Journal": "openai_mock.journal",
            "MockServer": "openai_mock.server",
            "ANY": "openai_mock.scripts.matching",
            "MockServerError": "openai_mock.errors",
            "Requests": "openai_mock.journal",
            "RequestsTimeoutError": "openai_mock.errors",
            "TapeError": "openai_mock.recorder.errors",
            "TapeMismatchError": "openai_mock.recorder.errors",
            "TapeServer": "openai_mock.recorder.sessions",
            "NetworkForbiddenError": "openai_mock.errors",
            "Script": "openai_mock.scripts.script",
            "ScriptError": "openai_mock.errors",
            "ToolCall": "openai_mock.scripts.texts",
            "UnknownOperationError": "openai_mock.errors",
            "WebhookDeliveryError": "openai_mock.errors",
            "create_app": "openai_mock.app",
            "record": "openai_mock.recorder.sessions",
            "record_or_replay": "openai_mock.recorder.sessions",
            "replay": "openai_mock.recorder.sessions",
            "serve": "openai_mock.server",
            "tool_call": "openai_mock.scripts.texts",
        },
    )
