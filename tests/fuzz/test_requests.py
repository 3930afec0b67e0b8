"""Requests that schemathesis makes from the server's description of itself, right ones and wrong.

None breaks the server; what is answered has a described status, type and shape, also if refused.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from openai_mock import MockServer, serve
from openai_mock.described import openapi
from openai_types.catalogue import operations

from ..contract.stored_items import fill  # noqa: TID252 - test folders are no packages

schemathesis = pytest.importorskip(
    "schemathesis", reason="the dependency group 'fuzz' is not installed here"
)

# Any: schemathesis is there in one dependency group only, so that type checkers cannot lean on it.

SEED = 1
EXAMPLES = 2  # of each operation and kind of request; they are hundreds
CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
]
KNOWN = "there"  # stands for every parameter of a path, so that something is found there
FIRST = {(each.method, each.path.partition("?")[0]): each for each in operations().values()}
CASES = [
    pytest.param(method, path, kind, id=f"{method} {path} {kind}")
    for (method, path), operation in FIRST.items()
    for kind in ("POSITIVE", "NEGATIVE")
    if kind == "POSITIVE" or any(each.place != "path" for each in operation.parameters)
]


@cache
def described() -> Any:
    """The description without keys, because those are always right here, and without `beta=true`.

    With it a body may be either of two large objects, and schemathesis cannot choose.
    """
    document = json.loads(openapi.document())
    del document["security"]
    for methods in document["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
            parameters = operation.get("parameters", [])
            plain = [each for each in parameters if each["name"] != "beta"]
            if plain != parameters and "requestBody" in operation:
                body = operation["requestBody"]["content"]["application/json"]
                body["schema"] = body["schema"]["anyOf"][0]
            operation["parameters"] = plain
    return schemathesis.openapi.from_dict(document)


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with serve() as server:
        yield server


@pytest.mark.parametrize(("method", "path", "kind"), CASES)
def test_nothing_breaks_the_server(
    method: str, path: str, kind: str, mock: MockServer, caplog: pytest.LogCaptureFixture
):
    operation = FIRST[method, path]
    key = mock.admin_api_key if operation.auth == "admin" else mock.api_key
    headers = {"authorization": f"Bearer {key}"}
    mode = getattr(schemathesis.GenerationMode, kind)
    in_path = {each.name for each in operation.parameters if each.place == "path"}

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
            HealthCheck.too_slow,
        ],
    )
    @given(described()[path][method].as_strategy(generation_mode=mode))
    def answered_as_described(case: Any) -> None:
        fill(mock, operation, dict.fromkeys(in_path, KNOWN))
        for name in case.path_parameters or ():
            case.path_parameters[name] = KNOWN
        case.call_and_validate(base_url=mock.base_url, headers=headers, checks=CHECKS)

    with caplog.at_level(logging.ERROR, "openai_mock"):
        answered_as_described()
    assert not caplog.records  # a stream that breaks off has had its status
