"""Webhooks as OpenAI sends them: an event of a known type, signed, posted to a URL.

Decides what an event of a type looks like, from the description, and how a delivery can fail.
Knows nothing about the server.
"""

from __future__ import annotations

import http.client
import time
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

from openai_webhooks import sign
from pydantic import BaseModel
from pydantic_core import to_json

from openai_mock.errors import MockServerError, WebhookDeliveryError
from openai_mock.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openai_mock.ids import Identifiers

# What the ids of the objects begin with that events are about, by the first words of the type.
_PREFIXES = {
    "agent.environment": "env_",
    "agent.session": "sess_",
    "batch": "batch_",
    "eval.run": "evalrun_",
    "fine_tuning.job": "ftjob-",
    "live": "call_",
    "realtime.call": "call_",
    "response": "resp_",
    "safety": "alert_",
}


def make_event(
    event_type: str,
    data: Mapping[str, object] | None,
    *,
    ids: Identifiers,
    created_at: int,
) -> dict[str, object]:
    """Make an event.

    Args:
        event_type: Its type.
        data: Fields of its `data` that shall not be made up.
        ids: Where its ids are from.
        created_at: When it happened, in whole seconds since the epoch.

    Raises:
        MockServerError: There is no such type.
    """
    model = _models().get(event_type)
    if model is None:
        known = ", ".join(sorted(_models()))
        raise MockServerError(
            f"There is no webhook event '{event_type}'. Use one of {known}; an event of your own "
            "making is signed by openai_webhooks.sign."
        )
    start = next((each for each in _PREFIXES if event_type.startswith(each)), "")
    object_id = ids.new(_PREFIXES.get(start, "obj_"))
    made_up = _made_up(model.model_fields["data"].annotation, object_id)
    return {
        "id": ids.new("evt_"),
        "object": "event",
        "created_at": created_at,
        "type": event_type,
        "data": {**made_up, **(data or {})},
    }


def deliver(
    url: str,
    event: Mapping[str, object],
    *,
    secret: str,
    webhook_id: str,
    timeout: float,
    clock: Callable[[], float] = time.time,
) -> int:
    """Post an event with its signature; returns the status of the answer.

    Raises:
        WebhookDeliveryError: There was no answer.
        WebhookSecretError: The secret cannot sign.
    """
    body = to_json(event)
    signature = sign(body, secret=secret, webhook_id=webhook_id, timestamp=int(clock()))
    headers = {
        "content-type": "application/json",
        "user-agent": f"openai-mock/{__version__}",
        **signature,
    }
    try:
        return _post(url, body, headers, timeout)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise WebhookDeliveryError(
            f"The webhook for {_without_credentials(url)} was not delivered: "
            f"{str(error) or type(error).__name__}. {_remedy(error)}",
            url=url,
            body=body,
        ) from error


def _post(url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> int:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it is not an http or https URL with a host")
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=timeout)
    try:
        query = f"?{parts.query}" if parts.query else ""
        connection.request("POST", (parts.path or "/") + query, body, dict(headers))
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def _remedy(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "Nothing listens there: start the receiver first, or correct the URL."
    if isinstance(error, TimeoutError):
        return "The receiver did not answer in time: answer before working, or raise the timeout."
    if isinstance(error, OSError):
        return "Check the host and the port in the URL, and what the receiver did."
    if isinstance(error, http.client.HTTPException):
        return "What listens there does not speak HTTP: correct the URL."
    return "Correct the URL."


def _without_credentials(url: str) -> str:
    return url.partition("?")[0].rpartition("@")[2]


@cache
def _models() -> dict[str, type[BaseModel]]:
    """The model of each type of event."""
    from openai_types.webhooks import UnwrapWebhookEvent

    union, _ = get_args(UnwrapWebhookEvent)
    *members, _unknown = get_args(union)
    names = ((get_args(each.model_fields["type"].annotation)[0], each) for each in members)
    return dict(names)


# Any: JSON that fits a type which is known only while running.
def _made_up(annotation: Any, object_id: str) -> Any:
    """The least value that fits a type; a text is the id of the object."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields.items()
        needed = {name: field for name, field in fields if field.is_required()}
        return {
            field.alias or name: _made_up(field.annotation, object_id)
            for name, field in needed.items()
        }
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    if get_origin(annotation) is list:
        return []
    if get_args(annotation):  # a union, or something annotated: its first part will do
        return _made_up(get_args(annotation)[0], object_id)
    return object_id if annotation is str else annotation()
