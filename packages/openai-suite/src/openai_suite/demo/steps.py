"""The jobs that the demo shows: each function is run, and its lines are printed as they stand here.

So they are written the way a user would write them. What they yield is what came back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_webhooks import Webhook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openai_http import OpenAI

    from openai_suite.demo.receiver import WebhookReceiver


def typed_response(client: OpenAI, model: str) -> Iterator[str]:
    """A typed response."""
    response = client.responses.create(model=model, input="Say hello to whoever reads this.")
    yield response.output_text
    if response.usage:
        yield f"\n({response.status}, {response.usage.total_tokens} tokens)"


def streamed_chat(client: OpenAI, model: str) -> Iterator[str]:
    """A chat, streamed token by token."""
    stream = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": "Count from one to five, in words."}],
        stream=True,
    )
    for chunk in stream:
        for choice in chunk.choices:
            yield choice.delta.content or ""


def realtime_exchange(client: OpenAI, model: str) -> Iterator[str]:
    """A realtime exchange over a WebSocket."""
    with client.realtime.connect(model=model) as connection:
        connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
        connection.conversation.item.create(
            item={
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "Are you there?"}],
            }
        )
        connection.response.create()
        for event in connection:
            if event.type == "response.output_text.delta":
                yield event.delta
            elif event.type == "response.done":
                break


def verified_webhook(
    secret: str, receiver: WebhookReceiver, send: Callable[[str], int]
) -> Iterator[str]:
    """A webhook, received and verified."""
    send(receiver.url)
    body, headers = receiver.next_delivery()
    event = Webhook(secret).unwrap(body, headers)
    if event.type == "response.completed":
        yield f"{event.type} of {event.data.id}, verified"
