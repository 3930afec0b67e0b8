"""Webhooks as OpenAI sends them: an event of a known type, signed, posted to a URL.

Decides what an event of a type looks like, from the description. How it is posted, and how that can
fail, is the business of openai-webhooks. Knows nothing about the server.
"""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import openai_webhooks
from pydantic import BaseModel
from pydantic_core import to_json

from openai_mock.checking.conversion import members
from openai_mock.checking.schemas import kinds
from openai_mock.errors import MockServerError
from openai_mock.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from openai_mock.state.ids import Identifiers

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
    "video": "video_",
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
    if model is None and event_type not in subscribable():
        known = ", ".join(sorted({*_models(), *subscribable()}))
        raise MockServerError(
            f"There is no webhook event '{event_type}'. Use one of {known}; an event of your own "
            "making is signed by openai_webhooks.sign."
        )
    start = next((each for each in _PREFIXES if event_type.startswith(each)), "")
    object_id = ids.new(_PREFIXES.get(start, "obj_"))
    data_type: Any = model.model_fields["data"].annotation if model else None
    made_up = _made_up(data_type, object_id) if data_type else {"id": object_id}
    return {
        "id": ids.new("evt_"),
        "object": "event",
        "created_at": created_at,
        "type": event_type,
        "data": {**made_up, **(data or {})},
    }


@cache
def subscribable() -> tuple[str, ...]:
    """The types of events that an endpoint can ask for; some have no class in the description."""
    (kind,) = members(kinds("webhooks.create")["event_types"])
    return get_args(get_args(kind)[0])


def deliver(
    url: str,
    event: Mapping[str, object],
    *,
    secrets: Sequence[str],
    webhook_id: str,
    timeout: float,
    clock: Callable[[], float] = time.time,
) -> int:
    """Post an event once, with a signature by each secret; returns the status of the answer.

    Raises:
        WebhookDeliveryError: There was no answer.
        WebhookSecretError: The secret cannot sign.
    """
    return openai_webhooks.deliver(
        url,
        to_json(event),
        secret=secrets,
        webhook_id=webhook_id,
        timeout=timeout,
        user_agent=f"openai-mock/{__version__}",
        clock=clock,
    ).status


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
