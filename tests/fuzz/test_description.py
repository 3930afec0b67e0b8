"""The OpenAPI document that the mock server exports, judged by another project's validator."""

from __future__ import annotations

import json

import pytest
from openai_mock.described import openapi

openapi_spec_validator = pytest.importorskip(
    "openapi_spec_validator", reason="the dependency group 'fuzz' is not installed here"
)


def test_document_is_valid():
    document = json.loads(openapi.document())
    assert document["openapi"].startswith("3.1")
    openapi_spec_validator.validate(document)
