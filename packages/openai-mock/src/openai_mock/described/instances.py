"""Values of described types, as the server makes them up: the same for the same type and time.

Decides what stands in the fields that an object must have, and how more values are laid over one.
Knows no operations, and nothing about what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar, cast, get_args, get_origin

from openai_types import DecodeError, Decoder, UnknownMember
from openai_types.model import BaseModel
from pydantic_core import ValidationError, to_json

from openai_mock.checking.conversion import members

if TYPE_CHECKING:
    from openai_mock.state.clock import Clock
    from openai_mock.state.ids import Identifiers

# Any: annotations, and JSON.

TEXT_MODEL = "gpt-5.5"
# Of the words of a status, those that say that all is well and over come first.
_STATUSES = (
    "completed", "succeeded", "processed", "active", "ready", "running", "idle", "uploaded", "done",
)  # fmt: skip
_TEXTS = {
    "b64_json": "",
    "email": "user@example.com",
    "model": TEXT_MODEL,
    "url": "https://example.com/",
    "version": "1",
}
_FILLED = {"data", "results"}  # lists of an answer that would say nothing if they were empty

# The prefixes of identifiers that do not follow from the name of the object.
_PREFIXES = {
    "admin_api_key": "key_",
    "api_key": "key_",
    "assistant": "asst_",
    "chat.completion": "chatcmpl-",
    "completion": "cmpl-",
    "container": "cntr_",
    "container.file": "cfile_",
    "conversation": "conv_",
    "eval.run": "evalrun_",
    "file": "file-",
    "fine_tuning.job": "ftjob-",
    "fine_tuning.job.event": "ftevent-",
    "message": "msg_",
    "project": "proj_",
    "response": "resp_",
    "session": "sess_",
    "vector_store": "vs_",
    "vector_store.file": "file-",
    "vector_store.file_batch": "vsfb_",
    "vector_store.files_batch": "vsfb_",
}


@dataclass(frozen=True)
class Maker:
    """Makes instances.

    Attributes:
        clock: Dates them.
        ids: Identifies them.
    """

    clock: Clock
    ids: Identifiers

    def make(self, type_: object, name: str = "", *, filled: bool = True) -> Any:
        """A valid value of a type: of an object what it must have, of a union the first member.

        Args:
            type_: The annotation.
            name: What it is called where it is needed: a field, or the kind of an object.
            filled: Whether its lists of data have an element.
        """
        return self._made(_plan(type_), name, filled=filled)

    def of(self, type_: object, values: Mapping[str, object]) -> dict[str, Any]:
        """An object of a type, with those of some values that fit it.

        Of several types of objects it is the first whose literals the values have.
        """
        models = models_of(type_)
        meant = next((each for each in models if _has_literals(each, values)), models[0])
        return overlaid(meant, self.make(meant), values)

    def _made(self, plan: _Plan, name: str, *, filled: bool) -> Any:
        first = plan.type
        if plan.is_fixed:
            return first
        if isinstance(first, type) and issubclass(first, BaseModel):
            return self._model(first, name, filled=filled)
        origin = get_origin(first)
        if origin in (list, Sequence, Iterable):
            wanted = filled and name in _FILLED
            return [self.make(get_args(first)[0], name, filled=False)] if wanted else []
        if origin in (dict, Mapping) or first is dict:
            return {}
        return self._scalar(first, name)

    def _model(self, model: type[BaseModel], name: str, *, filled: bool) -> dict[str, Any]:
        kind = kind_of(model) or name
        made: dict[str, Any] = {}
        for wire, plan in _needed(model):
            if wire == "id" and plan.type is str:
                made[wire] = self.ids.new(prefix_of(kind))
            elif wire == "object" and plan.type is str and name:
                made[wire] = name
            else:
                made[wire] = self._made(plan, wire, filled=filled)
        return made

    def _scalar(self, kind: Any, name: str) -> Any:
        if kind is bool:
            return name in ("deleted", "valid", "success")
        if kind in (int, float):
            dated = name.endswith("_at") or name in ("created", "start_time", "end_time")
            return kind(self.clock.seconds()) if dated else kind(0)
        if kind is str:
            if name.endswith("_id"):
                return self.ids.new(prefix_of(name.removesuffix("_id")))
            return _TEXTS.get(name, name)
        return {} if kind in (object, Any) or isinstance(kind, TypeVar) else None


class _Plan(NamedTuple):
    """What is made for an annotation.

    Attributes:
        is_fixed: Whether it is always the same value.
        type: That value, or the type of which one is made.
    """

    is_fixed: bool
    type: Any


def _plan(annotation: object) -> _Plan:
    choices = [each for each in members(annotation) if not _is_unknown(each)]
    if type(None) in choices:
        return _Plan(is_fixed=True, type=None)
    literals = [v for each in choices if get_origin(each) is Literal for v in get_args(each)]
    if literals:
        best = next((each for each in _STATUSES if each in literals), literals[0])
        return _Plan(is_fixed=True, type=best)
    return _Plan(is_fixed=False, type=choices[0])


@cache
def _needed(model: type[BaseModel]) -> tuple[tuple[str, _Plan], ...]:
    """The fields that an object must have, by the names of the wire."""
    fields = model.model_fields.items()
    return tuple(
        (info.alias or name, _plan(info.annotation)) for name, info in fields if info.is_required()
    )


@cache
def kind_of(model: type[BaseModel]) -> str:
    """The name that a described object gives itself in `object`; empty if it gives none."""
    info = model.model_fields.get("object")
    literals = get_args(info.annotation) if info and get_origin(info.annotation) is Literal else ()
    return literals[0] if literals and literals[0] != "list" else ""


def _has_literals(model: type[BaseModel], values: Mapping[str, object]) -> bool:
    """Whether none of some values contradicts what an object of this type always says."""
    return all(values.get(name) in (None, *allowed) for name, allowed in _literals(model))


@cache
def _literals(model: type[BaseModel]) -> tuple[tuple[str, tuple[object, ...]], ...]:
    fields = model.model_fields.items()
    return tuple(
        (info.alias or name, get_args(info.annotation))
        for name, info in fields
        if get_origin(info.annotation) is Literal
    )


def prefix_of(kind: str) -> str:
    """The prefix of the identifiers of a kind of object."""
    last = kind.rpartition(".")[2]
    return _PREFIXES.get(kind) or _PREFIXES.get(last) or f"{last or 'obj'}_"


def models_of(type_: object) -> list[type[BaseModel]]:
    """The described objects that a value of a type may be."""
    found = (each for each in members(type_) if not _is_unknown(each))
    return [each for each in found if isinstance(each, type) and issubclass(each, BaseModel)]


def fits(type_: object, value: object) -> bool:
    """Whether a value is one of a type, to the last field."""
    try:
        decoder(type_)(to_json(value))
    except DecodeError:
        return False
    return True


def overlaid(
    type_: object, base: Mapping[str, Any], values: Mapping[str, object]
) -> dict[str, Any]:
    """An object with those of the values over it that are its fields and fit there."""
    models = models_of(type_)
    known = {info.alias or name for each in models for name, info in each.model_fields.items()}
    added = {name: value for name, value in values.items() if name in known}
    while added:
        candidate = {**base, **added}
        wrong = _wrong_fields(type_, candidate) & added.keys()
        if not wrong:
            return candidate
        added = {name: value for name, value in added.items() if name not in wrong}
    return dict(base)


def _wrong_fields(type_: object, candidate: Mapping[str, object]) -> set[str]:
    try:
        decoder(type_)(to_json(candidate))
    except DecodeError as error:
        cause = error.__cause__
        if not isinstance(cause, ValidationError):
            raise
        steps = (each["loc"] for each in cause.errors(include_url=False, include_input=False))
        # In a union the field may come after the name of the member.
        return {step for loc in steps for step in loc if isinstance(step, str)}
    return set()


_decoders: dict[int, tuple[object, Decoder[Any]]] = {}


def decoder(type_: object) -> Decoder[Any]:
    """The strict decoder of a type; annotated unions need not be hashable."""
    entry = _decoders.get(id(type_))
    if entry is None:
        entry = _decoders[id(type_)] = (type_, Decoder[Any](type_, strict=True))
    return entry[1]


def _is_unknown(type_: object) -> bool:
    return isinstance(type_, type) and issubclass(cast("type[object]", type_), UnknownMember)
