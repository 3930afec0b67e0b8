"""The OpenAI API on your machine: a local server for tests and demos.

`serve` runs it in a thread on a free port, `create_app` gives the ASGI application by itself, and
the command `openai-mock serve` keeps it running for other programs.
"""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

from openai_mock.version import __version__

if TYPE_CHECKING:
    from openai_mock.app import create_app as create_app
    from openai_mock.errors import MockServerError as MockServerError
    from openai_mock.errors import WebhookDeliveryError as WebhookDeliveryError
    from openai_mock.server import MockServer as MockServer
    from openai_mock.server import serve as serve

__all__ = [
    "MockServer",
    "MockServerError",
    "WebhookDeliveryError",
    "__version__",
    "create_app",
    "serve",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "MockServer": "openai_mock.server",
        "MockServerError": "openai_mock.errors",
        "WebhookDeliveryError": "openai_mock.errors",
        "create_app": "openai_mock.app",
        "serve": "openai_mock.server",
    },
)
