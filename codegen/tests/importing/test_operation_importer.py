from __future__ import annotations

from copy import deepcopy

import pytest

from codegen.importing.facts import Facts
from codegen.importing.importer import Importer
from codegen.importing.operation_importer import STREAM
from codegen.operations import Operation
from codegen.tests.made_up import ANIMAL, CAT, DOG, FACTS, LAYOUT, literal, ref


def imported(**more: object) -> Operation:
    """The operation of the small API, of which the facts say something else."""
    facts = deepcopy(FACTS)
    facts["methods"][0] |= more
    (operation,) = Importer(Facts(facts, LAYOUT), LAYOUT).run().operations
    return operation


def of(outer: str) -> dict[str, object]:
    return {"ref": outer, "args": [ref(ANIMAL)]}


@pytest.mark.parametrize(
    ("given", "returns", "streams"),
    [
        ({"returns": ref(CAT)}, "zoo.Cat", ""),
        ({"returns": of("pagination:SyncCursorPage"), "page": "SyncCursorPage"}, "zoo.Animal", ""),
        ({"returns": ref("_legacy_response:HttpxBinaryResponseContent")}, "bytes", ""),
        ({"returns": ref(CAT), "stream_returns": of(STREAM)}, "zoo.Cat", "zoo.Animal"),
        ({"returns": of(STREAM)}, "zoo.Animal", "zoo.Animal"),
    ],
)
def test_what_a_method_gives(given: dict[str, object], returns: str, streams: str):
    operation = imported(**given)

    assert (operation.returns, operation.streams) == (returns, streams)
    assert operation.page == ("CursorPage" if "page" in given else "")


def test_overloads_tell_what_a_value_gives():
    overloads = [
        {"params": {"kind": {"required": True, "type": literal(value)}}, "returns": ref(type_)}
        for value, type_ in (("a", CAT), ("b", DOG))
    ]

    assert imported(overloads=overloads).returns_by == (
        ("kind", (("a", "zoo.Cat"), ("b", "zoo.Dog"))),
    )
