"""Which models exist: those that the description names, their dated snapshots, and fine-tunes.

Decides nothing else; what a model answers is in `content`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, get_args, get_origin, get_type_hints

from openai_mock.refusals import unknown_model

_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")
_FINE_TUNE = re.compile(r"ft:([^:]+):.+")
_AUDIO = "gpt-audio"  # of Realtime by the description, and of chat, which has them, too
_OTHERS = (  # what has models of its own, besides texts and Realtime
    *("audio.speech.create", "audio.transcriptions.create", "audio.translations.create"),
    *("completions.create", "embeddings.create", "moderations.create", "videos.create"),
    *("images.generate", "images.edit", "images.create_variation"),
)


def check_model(operation: str, model: object) -> None:
    """Return if there is such a model, of whatever kind, or the operation does not look for it.

    Args:
        operation: Its name in the catalogue.
        model: What was sent as its `model`.

    Raises:
        Refusal: There is none.
    """
    if operation in _OTHERS and isinstance(model, str):
        _check(model, known_models())


def check_text_model(model: str) -> None:
    """Return if chat completions and responses have this model.

    Raises:
        Refusal: They do not.
    """
    _check(model, _text_models())


def check_realtime_model(model: str) -> None:
    """Return if Realtime sessions have this model.

    Raises:
        Refusal: They do not.
    """
    _check(model, _realtime_models())


@cache
def known_models() -> frozenset[str]:
    """The names of all models, without fine-tunes and snapshots that the description leaves out."""
    return _text_models() | _realtime_models() | _other_models()


def is_known(model: object) -> bool:
    """Whether there is such a model, of whatever kind."""
    return isinstance(model, str) and _is_one(model, known_models())


def _check(model: str, known: frozenset[str]) -> None:
    if not _is_one(model, known):
        raise unknown_model(model)


def _is_one(model: str, known: frozenset[str]) -> bool:
    tuned = _FINE_TUNE.fullmatch(model)
    base = tuned[1] if tuned else model
    return base in known or _SNAPSHOT.sub("", base) in known


@cache
def _text_models() -> frozenset[str]:
    from openai_types.shared.objects import ResponsesModel

    spoken = {name for name in _realtime_models() if name.startswith(_AUDIO)}
    return frozenset({_AUDIO} | spoken | _names(ResponsesModel))


@cache
def _realtime_models() -> frozenset[str]:
    from openai_types.realtime.objects import RealtimeSessionCreateRequest

    return frozenset(_names(RealtimeSessionCreateRequest.model_fields["model"].annotation))


@cache
def _other_models() -> frozenset[str]:
    from openai_types.catalogue import operations, resolve

    types = (operations()[name].params[0] for name in _OTHERS)
    hints = (get_type_hints(resolve(each))["model"] for each in types)
    return frozenset(name for each in hints for name in _names(each))


def _names(annotation: object) -> set[str]:
    """The literals in a type."""
    if get_origin(annotation) is Literal:
        return {value for value in get_args(annotation) if isinstance(value, str)}
    return {name for part in get_args(annotation) for name in _names(part)}
