"""Every generated model and union takes what is described, and gives back whatever it is sent."""

import json
import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from functools import cache
from importlib import import_module
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, cast, get_args, get_origin

import openai_types
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from openai_types import BaseModel, Decoder, UnknownMember, beta, chat, conversations, responses
from openai_types.inputs import InputItem, InputItems
from openai_types.leniency import Tagged
from typing_extensions import get_type_hints, is_typeddict

# Any: JSON, and annotations, of any shape.

DEPTH = 3  # levels below which only what is required is there, and lists are empty
ODD: list[Any] = [None, True, 0, 1, 1.0, 0.5, "", "12", "true", [], [1], [{}], {}, {"type": 1}]
LONGEST = 3
TEXTS = st.text(max_size=LONGEST)
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
            each: Any = getattr(namespace, name)
            is_model = isinstance(each, type) and issubclass(each, BaseModel)
            is_union = get_origin(each) is Annotated and isinstance(get_args(each)[-1], Tagged)
            if (is_model or is_union) and id(cast("Any", each)) not in seen:
                seen.add(id(cast("Any", each)))
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


INPUTS = [
    (responses.ResponseOutputItem, responses.ResponseInputItemParam),
    (responses.ResponseItem, responses.ResponseInputItemParam),
    (conversations.ConversationItem, responses.ResponseInputItemParam),
    (beta.BetaResponseOutputItem, beta.BetaResponseInputItemParam),
]
# What output may hold there and input has no word for: roles other than "developer", arguments that
# are no object, parts of a message that are neither input nor output.
NO_INPUT = ("AdditionalTools", "AgentMessage", "ToolSearchCall")
ITEMS = [
    pytest.param(item, target, id=f"{target_number}-{item.__name__}")
    for target_number, (union, target) in enumerate(INPUTS)
    for item in get_args(get_args(union)[0])[:-1]
    if not (item.__name__ == "Message" or item.__name__.endswith(NO_INPUT))
] + [pytest.param(chat.ChatCompletionMessage, chat.ChatCompletionMessageParam, id="chat")]


def fits(value: Any, annotation: Any) -> bool:
    """Whether JSON is valid by the annotation of a parameter; keys that are missing aside."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return any(fits(value, each) for each in inside)
    if origin is Literal:  # the texts drawn for literals that are not known yet are this short
        return value in inside or (isinstance(value, str) and len(value) <= LONGEST)
    if origin in (list, Iterable, Sequence):
        return isinstance(value, list) and all(fits(e, inside[0]) for e in cast("list[Any]", value))
    if origin is dict or is_typeddict(annotation):
        keys = hints_of(annotation) if origin is None else {}
        entries = cast("dict[str, Any]", value if isinstance(value, dict) else {"": ...})
        return all(
            fits(each, inside[1]) if inside else key in keys and fits(each, keys[key])
            for key, each in entries.items()
        )
    plain = (int, float) if annotation is float else (annotation,)
    return annotation is object or type(value) in plain


@cache
def hints_of(parameter: Any) -> dict[str, Any]:
    return get_type_hints(parameter)


@pytest.mark.parametrize(("item", "target"), ITEMS)
def test_what_goes_back_is_valid_input(item: type[InputItem], target: Any):
    decode = Decoder[InputItem](item)

    @settings(few, max_examples=15)
    @given(sent=instances(item))
    def check(sent: dict[str, Any]) -> None:
        given = decode(json.dumps(sent)).to_input()
        assert fits(given, target), given
        assert given.keys() <= sent.keys()
        same = [t for t in get_args(target) if fits(given, t) and "type" in t.__required_keys__]
        assert not same or any(t.__required_keys__ & sent.keys() <= given.keys() for t in same)

    check()


@every_batch
def test_odd_instances_go_back(batch: list[Described]):
    for each in batch:
        if isinstance(each.type, type) and issubclass(each.type, InputItem | InputItems):
            prove_odd_goes_back(each)


def prove_odd_goes_back(each: Described) -> None:
    decode = Decoder[InputItem | InputItems](each.type)

    @few
    @given(sent=odd_instances(each.type))
    def check(sent: dict[str, Any]) -> None:
        for vendor in (True, False):
            given = decode(json.dumps(sent)).to_input(vendor=vendor)
            if isinstance(given, dict):
                assert given.keys() <= sent.keys()
            else:
                assert all(isinstance(item, dict) for item in given)

    check()


def test_there_are_models_and_unions_to_prove():
    names = {each.name for each in ALL}
    assert {"chat.ChatCompletion", "responses.ResponseStreamEvent"} <= names
    assert {"beta.threads.Run", "fine_tuning.alpha.GraderRunResponse"} <= names
    assert sum(len(batch) for batch in BATCHES) == len(ALL) > 2000
