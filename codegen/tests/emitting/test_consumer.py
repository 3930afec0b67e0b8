from __future__ import annotations

import ast

from codegen.emitting.consumer import Consumer
from codegen.tests.made_up import described


def functions(source: str) -> dict[str, str]:
    return {
        each.name: ast.unparse(each)
        for each in ast.parse(source).body
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_operation_is_called_by_both_clients():
    description = described(with_document=True)
    found = functions(Consumer(description).source())

    called = {each.name.replace(".", "_") for each in description.operations}
    assert set(found) == called | {f"{each}_async" for each in called}


def test_the_result_of_a_call_is_asserted():
    found = functions(Consumer(described(with_document=True)).source())

    assert "client.zoo.create(place, **params)" in found["zoo_create"]
    assert "assert_type" in found["zoo_create"]
    assert "assert_type(await client.zoo.create(place, **params)" in found["zoo_create_async"]
    assert "for item in client.widgets.list(**params):" in found["widgets_list"]
    assert "async for item in client.widgets.list(**params):" in found["widgets_list_async"]


def test_names_come_from_where_users_find_them():
    source = Consumer(described(with_document=True)).source()

    assert "from openai_suite.types.zoo import" in source
    assert "from openai_suite.types import Widget\n" in source
