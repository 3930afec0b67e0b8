"""How a Realtime session is set up: what it begins with, and what may be changed of it.

Decides the defaults, how an update is merged, and what is refused of it. Knows no conversation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from openai_mock.checking.limits import check_range
from openai_mock.content.json_values import as_object
from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_mock.checking.body import JsonObject

Kind: TypeAlias = Literal["realtime", "transcription"]

USUAL_VOICE = "marin"
MOST_OUTPUT_TOKENS = 4096
_SLOWEST, _FASTEST = 0.25, 1.5
_FORMAT = {"type": "audio/pcm", "rate": 24_000}
_SERVER_VAD = {
    "type": "server_vad",
    "threshold": 0.5,
    "prefix_padding_ms": 300,
    "silence_duration_ms": 500,
    "idle_timeout_ms": None,
}
_ANSWERING = {"create_response": True, "interrupt_response": True}
_OBJECTS: dict[Kind, str] = {
    "realtime": "realtime.session",
    "transcription": "realtime.transcription_session",
}


def begun(
    kind: Kind, model: str, given: Mapping[str, object], *, session_id: str, expires_at: int
) -> JsonObject:
    """A session as it begins.

    Args:
        kind: What it is for.
        model: The model that answers; nothing for transcripts.
        given: What it is set up with besides, by the secret that opened it.
        session_id: Its id.
        expires_at: When it ends, in whole seconds since the epoch.
    """
    own = ("id", "object", "type", "expires_at", "client_secret")
    given = {name: value for name, value in given.items() if name not in own and value is not None}
    usual = _usual_of_transcripts() if kind == "transcription" else _usual_of_talk()
    named = {"model": model} if kind == "realtime" else {}
    known = {"type": kind, "object": _OBJECTS[kind], "id": session_id, "expires_at": expires_at}
    return {**merged(usual, given), **named, **known}


def updated(session: JsonObject, changes: JsonObject, *, has_spoken: bool) -> JsonObject:
    """A session after an update.

    Args:
        session: The session before.
        changes: The `session` of the update.
        has_spoken: Whether the model has been heard already.

    Raises:
        Refusal: Something of it cannot be changed, or not to this.
    """
    if changes["type"] != session["type"]:
        message = (
            f"A {session['type']} session cannot become a {changes['type']} session. Open another."
        )
        raise Refusal(message, code="invalid_value", param="session.type")
    if changes.get("model", session.get("model")) != session.get("model"):
        message = "The model of a session cannot be changed. Connect with ?model= for another."
        raise Refusal(message, code="invalid_value", param="session.model")
    check_wishes(changes, "session")
    output = as_object(as_object(changes.get("audio")).get("output"))
    voice = output.get("voice", voice_of(session))
    if has_spoken and voice != voice_of(session):
        raise Refusal(
            "Cannot update a conversation's voice if assistant audio is present. Set the voice "
            "before the first response in audio.",
            code="cannot_update_voice",
            param="session.audio.output.voice",
        )
    return merged(session, changes)


def check_wishes(wanted: Mapping[str, object], param: str) -> None:
    """Return if a session or a response can be as it is wanted.

    Args:
        wanted: What is said of it.
        param: What says it, for messages.

    Raises:
        Refusal: It cannot.
    """
    modalities = wanted.get("output_modalities")
    if isinstance(modalities, list) and modalities not in (["text"], ["audio"]):
        raise Refusal(
            f"Invalid modalities: {modalities}. Send ['audio'], which brings a transcript, or "
            "['text'].",
            code="invalid_value",
            param=f"{param}.output_modalities",
        )
    limit = wanted.get("max_output_tokens")
    if isinstance(limit, int):
        check_range(f"{param}.max_output_tokens", limit, 1, MOST_OUTPUT_TOKENS)
    speed = as_object(as_object(wanted.get("audio")).get("output")).get("speed")
    if isinstance(speed, int | float):
        check_range(f"{param}.audio.output.speed", speed, _SLOWEST, _FASTEST)


def voice_of(settings: Mapping[str, object]) -> str:
    """The voice that speaks: its name, or its id if it is one's own."""
    voice = as_object(as_object(settings.get("audio")).get("output")).get("voice")
    return str(as_object(voice).get("id") or voice or USUAL_VOICE)


def input_of(settings: Mapping[str, object]) -> Mapping[str, Any]:  # Any: JSON
    """How sound is taken in."""
    return cast("Mapping[str, Any]", as_object(as_object(settings.get("audio")).get("input")))


def output_of(settings: Mapping[str, object]) -> Mapping[str, Any]:  # Any: JSON
    """How sound is given out."""
    return cast("Mapping[str, Any]", as_object(as_object(settings.get("audio")).get("output")))


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> JsonObject:  # Any: JSON
    """What an update leaves: objects of one type are merged, everything else is replaced."""
    both = dict(old)
    for name, value in new.items():
        before = both.get(name)
        if isinstance(value, dict) and isinstance(before, dict) and name not in _REPLACED:
            former, latter = cast("JsonObject", before), cast("JsonObject", value)
            if latter.get("type", former.get("type")) == former.get("type"):
                both[name] = merged(former, latter)
                continue
        both[name] = value
    return both


_REPLACED = ("metadata", "prompt", "tool_choice", "tracing", "truncation")


def _usual_of_talk() -> JsonObject:
    return {
        "output_modalities": ["audio"],
        "instructions": "",
        "tools": [],
        "tool_choice": "auto",
        "max_output_tokens": "inf",
        "tracing": None,
        "prompt": None,
        "truncation": "auto",
        "include": None,
        "audio": {
            "input": {
                "format": {**_FORMAT},
                "transcription": None,
                "noise_reduction": None,
                "turn_detection": {**_SERVER_VAD, **_ANSWERING},
            },
            "output": {"format": {**_FORMAT}, "voice": USUAL_VOICE, "speed": 1.0},
        },
    }


def _usual_of_transcripts() -> JsonObject:
    return {
        "include": None,
        "audio": {
            "input": {
                "format": {**_FORMAT},
                "transcription": None,
                "noise_reduction": None,
                "turn_detection": {**_SERVER_VAD},
            }
        },
    }
