"""Every generated model and union takes what is described, and gives back whatever it is sent."""

import json
import pkgutil
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from importlib import import_module
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, cast, get_args, get_origin

import openai_types
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from openai_types import BaseModel, Decoder, UnknownMember
from openai_types.leniency import Tagged

# Any: JSON, and annotations, of any shape.

DEPTH = 3  # levels below which only what is required is there, and lists are empty
ODD: list[Any] = [None, True, 0, 1, 1.0, 0.5, "", "12", "true", [], [1], [{}], {}, {"type": 1}]
TEXTS = st.text(max_size=3)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    NoneType: st.none(),
    bool: st.booleans(),
    float: st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    int: st.integers(),
    object: st.sampled_from([*ODD, {"type": "message"}, [None, {"a": [1.5]}]]),
    str: TEXTS,
}


class Described(NamedTuple):
    name: str
    type: Any


def described() -> Iterator[Described]:
    """Every model and tagged union of every namespace, by the first of its names."""
    seen: set[int] = set()
    for _, path, is_package in pkgutil.walk_packages(openai_types.__path__, "openai_types."):
        namespace = import_module(path)
        for name in namespace.__all__ if is_package else ():
            each = getattr(namespace, name)
            is_model = isinstance(each, type) and issubclass(each, BaseModel)
            is_union = get_origin(each) is Annotated and isinstance(get_args(each)[-1], Tagged)
            if (is_model or is_union) and id(each) not in seen:
                seen.add(id(each))
                yield Described(f"{path.partition('.')[2]}.{name}", each)


ALL = list(described())
BATCHES = [ALL[start::24] for start in range(24)]  # dealt out, so that each takes as long
every_batch = pytest.mark.parametrize("batch", BATCHES, ids=range(24))


@cache
def fields_of(model: type[BaseModel]) -> list[tuple[str, bool, Any]]:
    """Of each field its name on the wire, whether it must be there, and its annotation."""
    return [
        (
            field.alias or name,
            field.is_required(),
            Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation,
        )
        for name, field in model.model_fields.items()
    ]


def members_of(annotation: Any, depth: int) -> tuple[Any, ...]:
    """The members of a union that may stand at this depth."""
    members = get_args(annotation)
    plain = tuple(each for each in members if each in (NoneType, str))
    return plain if plain and depth <= 0 else members


def instance(draw: st.DrawFn, annotation: Any, depth: int = DEPTH) -> Any:
    """JSON that is valid by an annotation."""
    origin = get_origin(annotation)
    if origin is Annotated:
        union, *metadata = get_args(annotation)
        assert isinstance(metadata[-1], Tagged)
        *known, _ = get_args(union)
        return instance(draw, draw(st.sampled_from(known)), depth)
    if origin in (Union, UnionType):
        return instance(draw, draw(st.sampled_from(members_of(annotation, depth))), depth)
    if origin is Literal:
        return draw(st.sampled_from(get_args(annotation)))
    if isinstance(annotation, TypeVar):  # of generic models: their users say what it is
        return draw(PLAIN[object])
    if annotation in PLAIN:
        return draw(PLAIN[annotation])
    return container(draw, annotation, depth)


def container(draw: st.DrawFn, annotation: Any, depth: int) -> Any:
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is list:
        return [instance(draw, inside[0], depth - 1) for _ in sizes(draw, depth)]
    if origin is dict:
        return {draw(TEXTS): instance(draw, inside[1], depth - 1) for _ in sizes(draw, depth)}
    return {
        name: instance(draw, each, depth - 1)
        for name, required, each in fields_of(annotation)
        if required or (depth > 0 and draw(st.booleans()))
    }


instances = st.composite(instance)


def sizes(draw: st.DrawFn, depth: int) -> range:
    return range(draw(st.integers(0, 2)) if depth > 0 else 0)


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield cast("dict[str, Any]", value)
    for inside in cast("dict[str, Any]", value).values() if isinstance(value, dict) else value:
        if isinstance(inside, dict | list):
            yield from objects_in(inside)


def change(draw: st.DrawFn, valid: dict[str, Any]) -> None:
    """Drop, null, retype or replace a field somewhere, or add one."""
    target = draw(st.sampled_from(list(objects_in(valid))))
    name = draw(st.sampled_from([*target, "vendor_field", "model_fields", "_request_id", ""]))
    if name in target and draw(st.booleans()):
        del target[name]
    else:
        target[name] = deepcopy(draw(st.sampled_from(ODD)))


@st.composite
def odd_instances(draw: st.DrawFn, annotation: Any) -> dict[str, Any]:
    """JSON as a newer, an older or another server might send it."""
    value = deepcopy(instance(draw, annotation))
    for _ in range(draw(st.integers(1, 5))):
        change(draw, value)
    return cast("dict[str, Any]", value)


def canonical(value: Any) -> str:
    """Unlike `==`, this tells 1 from 1.0 and from True."""
    return json.dumps(value, sort_keys=True)


def assert_gives_back(model: BaseModel, sent: dict[str, Any]) -> None:
    assert canonical(model.to_dict(mode="json")) == canonical(sent)
    assert canonical(model.model_dump()) == canonical(sent)
    assert canonical(json.loads(model.to_json())) == canonical(sent)


few = settings(
    max_examples=4,  # of thousands of types: what one misses in a kind of type, others meet
    derandomize=True,  # a change fails for what it changes
    phases=(Phase.generate,),  # what fails is small; shrinking it would take longer than all else
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def is_unknown(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, UnknownMember)


def prove_described(each: Described) -> None:
    unknown = is_unknown(each.type)
    decoders = [Decoder[BaseModel](each.type, strict=strict) for strict in (True, False)]

    @few
    @given(sent=instances(each.type))
    def check(sent: dict[str, Any]) -> None:
        note(each.name)
        for decode in decoders:
            model = decode(json.dumps(sent))
            assert isinstance(model, UnknownMember) == unknown
            assert_gives_back(model, sent)

    check()


def prove_odd(each: Described) -> None:
    decode = Decoder[BaseModel](each.type)

    @few
    @given(sent=odd_instances(each.type))
    def check(sent: dict[str, Any]) -> None:
        note(each.name)
        assert_gives_back(decode(json.dumps(sent)), sent)

    check()


@every_batch
def test_described_instances_decode_strictly_and_leniently(batch: list[Described]):
    for each in batch:
        prove_described(each)


@every_batch
def test_odd_instances_decode_and_come_back(batch: list[Described]):
    for each in batch:
        prove_odd(each)


def test_there_are_models_and_unions_to_prove():
    names = {each.name for each in ALL}
    assert {"chat.ChatCompletion", "responses.ResponseStreamEvent"} <= names
    assert {"beta.threads.Run", "fine_tuning.alpha.GraderRunResponse"} <= names
    assert sum(len(batch) for batch in BATCHES) == len(ALL) > 2000
