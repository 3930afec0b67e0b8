import json
import subprocess
import sys
from types import ModuleType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args

import pydantic
import pytest
from openai_types import BaseModel, DecodeError, Decoder, UnknownMember, responses
from openai_types.catalogue import operations, resolve
from openai_types.leniency import Tagged
from openai_types.parsed_response import ParsedResponse
from openai_types.realtime import RealtimeServerEvent
from openai_types.schemas import is_plain, plain_schema
from openai_types.webhooks import UnwrapWebhookEvent
from pydantic import Field, TypeAdapter
from pydantic_core import to_jsonable_python

# Any: JSON, and types, of any shape.

# In a process of its own: a class that another test has built would not be made anew.
COMPARE = """
from importlib import import_module
from pkgutil import walk_packages

import openai_types
from openai_types import model
from openai_types.schemas import is_plain
from pydantic import TypeAdapter


def below(cls):
    for each in cls.__subclasses__():
        yield from (each, *below(each))


def comparable(part):
    if isinstance(part, dict):
        # A model's JSON schema is made without the annotations of its fields.
        kept = {
            key: comparable(each)
            for key, each in part.items()
            if key != "pydantic_js_annotation_functions"
        }
        if part.get("type") == "definitions":
            kept["definitions"] = {each["ref"]: each for each in kept["definitions"]}
        return {key: each for key, each in kept.items() if key != "metadata" or each}
    if isinstance(part, list | tuple):
        return [comparable(each) for each in part]
    return getattr(part, "__qualname__", part)  # of functions and classes


for _, name, _ in walk_packages(openai_types.__path__, "openai_types."):
    import_module(name)
models = [each for each in dict.fromkeys(below(openai_types.BaseModel)) if is_plain(each)]
assert len(models) > 1000
ours = comparable(TypeAdapter(tuple[tuple(models)]).core_schema)
model.is_plain = lambda _: False
pydantics = comparable(TypeAdapter(tuple[tuple(models)]).core_schema)
assert ours["schema"] == pydantics["schema"]
assert ours["definitions"].keys() == pydantics["definitions"].keys()
for name, definition in pydantics["definitions"].items():
    assert ours["definitions"][name] == definition, name
"""


FIRST_USE = """
from openai_types import Decoder
from openai_types.responses import Response
from openai_types.schemas import UNBUILT_ARE_DUMPED

response = Decoder(Response)(b'{"id": "r"}')
assert response.to_dict() == {"id": "r"}
assert response.to_json(indent=None) == '{"id":"r"}'
assert Response.__pydantic_complete__ is not UNBUILT_ARE_DUMPED
assert Response.model_validate({"id": "r"}) == response
assert Response.__pydantic_complete__
"""


def test_first_decoding_and_first_dump_leave_the_class_to_pydantic():
    subprocess.run([sys.executable, "-c", FIRST_USE], check=True)


def test_every_plain_model_has_the_schema_that_pydantic_would_make():
    subprocess.run([sys.executable, "-c", COMPARE], check=True)


def answered_and_streamed() -> set[str]:
    """The names of the types of all results and events."""
    names: set[str] = set()
    for operation in operations().values():
        names |= {*operation.returns.split(" | "), operation.streams}
        names.update(*(by.values() for by in operation.returns_by.values()))
    return {name for name in names if "." in name}


def test_what_the_api_answers_and_streams_is_plain():
    names = answered_and_streamed()
    assert {"responses.Response", "responses.ResponseStreamEvent"} < names
    for type_ in (*map(resolve, names), RealtimeServerEvent, UnwrapWebhookEvent):
        assert plain_schema(type_) is not None, type_


class Derived(responses.ResponseOutputText):
    """As users derive models."""


class Square(BaseModel):
    kind: Literal["square"]


class UnknownShape(UnknownMember):
    kind: Literal["(unknown)"]


class Foreign(pydantic.BaseModel):
    value: int


T = TypeVar("T")


@pytest.mark.parametrize(
    "type_",
    [
        Derived,
        Square,
        UnknownShape,
        Foreign,
        ParsedResponse,
        ParsedResponse[Foreign],
        T,
        "Response",
        None,
        Annotated[int, Field(gt=1)],
        Annotated[Square | UnknownShape, Tagged("kind")],
        list[Derived],
        responses.Response | Derived,
        dict[str, tuple[int]],
    ],
)
def test_what_is_not_plain_is_left_to_pydantic(type_: Any):
    assert not is_plain(type_)
    assert plain_schema(type_) is None


TOOL = {"type": "custom", "name": "n", "async": True, "new": 1}


@pytest.mark.parametrize("strict", [False, True])
def test_forms_of_plain_models_are_plain(strict: bool):
    form = dict[str, list[responses.CustomTool] | str | None]
    assert plain_schema(form) is not None
    decode = Decoder[dict[str, Any]](form, strict=strict)
    found = decode(json.dumps({"a": [TOOL], "b": "text", "c": None}))
    tool = responses.CustomTool.model_validate(TOOL)
    assert found == {"a": [tool], "b": "text", "c": None}
    with pytest.raises(DecodeError):
        decode(b'{"a": [5]}')


def test_union_of_plain_models_is_decoded_without_pydantics_generator(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(pydantic, "TypeAdapter", None)
    *members, unknown = get_args(get_args(responses.ComputerAction)[0])
    union = Annotated[Union[(*members, unknown)], Tagged("type")]  # new: no validator is kept
    for strict in (False, True):
        decode = Decoder[object](union, strict=strict)
        assert decode(b'{"type": "wait"}') == responses.ComputerActionWait(type="wait")


def test_plain_model_is_the_same_before_and_after_pydantic_builds_its_class():
    schema = plain_schema(responses.CustomTool)
    assert schema is not None
    unbuilt = Decoder[responses.CustomTool](responses.CustomTool)(json.dumps(TOOL))
    before = unbuilt.model_dump(), unbuilt.model_dump_json(), unbuilt.model_dump(by_alias=False)
    responses.CustomTool.model_rebuild(force=True)
    assert (unbuilt.model_dump(), unbuilt.model_dump_json()) == before[:2]
    assert unbuilt.model_dump(by_alias=False) == before[2]
    assert responses.CustomTool.model_validate(TOOL) == unbuilt
    assert before[0] == TOOL


def test_what_was_decoded_is_dumped_in_a_place_of_any_type():
    tool = Decoder[responses.CustomTool](responses.CustomTool)(json.dumps(TOOL))
    assert to_jsonable_python(tool)["async"] is True
    assert TypeAdapter[object](object).dump_python(tool)["new"] == 1


# As a module of this package, whose types name some that are further down.
RECURSIVE = """
from typing import Annotated, Literal, TypeAlias, Union

from openai_types import BaseModel, UnknownMember
from openai_types.leniency import Tagged


class Lever(BaseModel):
    type: Literal["lever"]
    inner: Union["Part", None] = None


class Wheel(BaseModel):
    type: Literal["wheel"]
    parent: Union["Wheel", None] = None


class UnknownPart(UnknownMember):
    type: Literal["(unknown)"]


Part: TypeAlias = Annotated[Lever | Wheel | UnknownPart, Tagged("type")]


class Machine(BaseModel):
    part: Part
    wheel: Wheel
"""


@pytest.mark.parametrize("strict", [False, True])
def test_types_may_be_inside_of_themselves(strict: bool, monkeypatch: pytest.MonkeyPatch):
    module = ModuleType("openai_types.made_up")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(RECURSIVE, module.__dict__)  # noqa: S102 - the text above
    wheel = {"type": "wheel", "parent": {"type": "wheel", "parent": {"type": "wheel"}}}
    body = {"part": {"type": "lever", "inner": {"type": "lever", "inner": wheel}}, "wheel": wheel}

    machine: Any = Decoder[Any](module.Machine, strict=strict)(json.dumps(body))

    assert isinstance(machine.part.inner.inner.parent.parent, module.Wheel)
    assert machine.to_dict() == body
    users = pydantic.create_model("Users", machine=(module.Machine, ...), part=(module.Part, ...))
    made: Any = users(machine=body, part=wheel)
    assert isinstance(made.machine.wheel.parent, module.Wheel)
    assert isinstance(made.part.parent, module.Wheel)
    assert {"Lever", "Wheel"} < set(users.model_json_schema()["$defs"])
