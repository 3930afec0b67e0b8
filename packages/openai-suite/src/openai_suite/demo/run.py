"""Runs the steps one after another against a server, the embedded mock unless another is named."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from openai_http import OpenAI
from openai_mock import MockServer, serve
from openai_types.errors import OpenAIError

from openai_suite.demo import steps
from openai_suite.demo.receiver import WebhookReceiver
from openai_suite.demo.wire import watched_http_client, watched_websockets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openai_suite.demo.stage import Stage

Step = tuple["Callable[..., object]", "Iterator[str]"]


def run(stage: Stage, *, base_url: str | None, model: str, realtime_model: str) -> int:
    """Show every step.

    Args:
        stage: where to print.
        base_url: the server; None for the service if `OPENAI_API_KEY` is set, else for the mock.
        model: for the response and the chat.
        realtime_model: for the realtime exchange.

    Returns:
        How many steps failed.
    """
    with ExitStack() as stack:
        mock = stack.enter_context(serve())
        stack.enter_context(watched_websockets(stage))
        client = stack.enter_context(_client(stage, mock, base_url))
        receiver = stack.enter_context(WebhookReceiver())

        def send(url: str) -> int:
            stage.sent(f"POST {url}", "signed by the mock server: no service reaches this machine")
            status = mock.send_webhook(url)
            stage.received(str(status))
            return status

        shown: list[Step] = [
            (steps.typed_response, steps.typed_response(client, model)),
            (steps.streamed_chat, steps.streamed_chat(client, model)),
            (steps.realtime_exchange, steps.realtime_exchange(client, realtime_model)),
            (
                steps.verified_webhook,
                steps.verified_webhook(mock.webhook_secret, receiver, send),
            ),
        ]
        failed = sum(_fails(stage, number, *step) for number, step in enumerate(shown, start=1))
        stage.line(f"\n{len(shown) - failed} of {len(shown)} worked, against {client.base_url}")
    return failed


def _client(stage: Stage, mock: MockServer, base_url: str | None) -> OpenAI:
    http_client = watched_http_client(stage)
    named = base_url is not None or "OPENAI_BASE_URL" in os.environ
    if named or os.environ.get("OPENAI_API_KEY"):
        # A local server often wants no key; the client wants one all the same.
        key = None if os.environ.get("OPENAI_API_KEY") else "none"
        return OpenAI(api_key=key, base_url=base_url, http_client=http_client)
    stage.line(f"No key and no --base-url: this is the embedded mock server at {mock.url}.")
    return OpenAI(api_key=mock.api_key, base_url=mock.base_url, http_client=http_client)


def _fails(
    stage: Stage, number: int, function: Callable[..., object], pieces: Iterator[str]
) -> bool:
    title = (function.__doc__ or "").strip().rstrip(".")
    stage.heading(f"{number}. {title}")
    stage.code(function)
    try:
        stage.result(pieces)
    except OpenAIError as error:
        stage.failure(error)
        return True
    return False
