"""What a handshake says of the Realtime session that it opens.

Decides the kind and the model of a session from the address and from the secret that opens it, and
which handshakes are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openai_mock.content.json_values import as_object
from openai_mock.models import check_realtime_model
from openai_mock.refusals import Refusal, missing_parameter
from openai_mock.sessions.realtime import RealtimeSession
from openai_mock.sessions.translation import TranslationSession

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_mock.checking.body import JsonObject
    from openai_mock.content.json_values import Object
    from openai_mock.faults import Fault
    from openai_mock.world import World

MODEL_OF_CALLS = "gpt-realtime"  # calls have a session already, which names its model
_TRANSCRIPTION, _TRANSLATION = "transcription", "translation"


def open_realtime(
    query: Mapping[str, str],
    secret: JsonObject | None,
    world: World,
    *,
    faults: tuple[Fault, ...] = (),
) -> RealtimeSession:
    """The session that is opened at `/realtime`.

    Args:
        query: The parameters of the address: `model`, `intent` and `call_id`.
        secret: The client secret that opens it, if it is one.
        world: What sessions share.
        faults: What goes wrong with its responses.

    Raises:
        Refusal: It cannot be opened.
    """
    settings = _settings(secret)
    kind = settings.get("type", "realtime")
    if kind == _TRANSLATION:
        message = "This secret opens translations. Connect to /v1/realtime/translations with it."
        raise Refusal(message, code="invalid_value", param="model")
    if query.get("intent", kind) == _TRANSCRIPTION:
        return RealtimeSession("", world, kind="transcription", settings=settings, faults=faults)
    model = query.get("model") or cast("str | None", settings.get("model"))
    if not model and query.get("call_id"):
        model = MODEL_OF_CALLS
    if not model:
        raise missing_parameter("model")
    check_realtime_model(model)
    is_call = bool(query.get("call_id"))
    return RealtimeSession(model, world, settings=settings, is_call=is_call, faults=faults)


def open_translation(
    query: Mapping[str, str], secret: JsonObject | None, world: World
) -> TranslationSession:
    """The session that is opened at `/realtime/translations`.

    Raises:
        Refusal: It cannot be opened.
    """
    settings = _settings(secret)
    if secret and settings.get("type") != _TRANSLATION:
        message = "This secret opens no translations. Connect to /v1/realtime with it."
        raise Refusal(message, code="invalid_value", param="model")
    model = query.get("model") or cast("str | None", settings.get("model"))
    if not model:
        raise missing_parameter("model")
    return TranslationSession(model, world, settings)


def _settings(secret: JsonObject | None) -> Object:
    return as_object((secret or {}).get("session"))
