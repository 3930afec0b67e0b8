"""All of the suite under one name, and its command line.

Every public name of the parts is here, under the name that users of the official package know
where there is one; `openai_suite.types` has the types. No part is imported until it is used. The
groups of operations are here, too: `openai_suite.responses.create(...)` is a call of a client with
the settings of this module, `openai_suite.api_key = ...`.
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING

from openai_suite.parts import find as _find
from openai_suite.parts import names as _names
from openai_suite.version import __version__ as __version__

_PACKAGES = ("lib", "pagination", "resources", "types")

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_http import *
    from openai_http.sentinels import Omit as Omit
    from openai_http.timing.timeout import TimeoutTypes
    from openai_http.transport import HttpClient
    from openai_mock import *
    from openai_realtime import *
    from openai_stream import *
    from openai_tools import *
    from openai_types import APIError as APIError
    from openai_types import BaseModel as BaseModel
    from openai_types import DecodeError as DecodeError
    from openai_types import Decoder as Decoder
    from openai_types import OpenAIError as OpenAIError
    from openai_types import RequestLike as RequestLike
    from openai_types import ResponseLike as ResponseLike
    from openai_types import UnknownMember as UnknownMember
    from openai_types.keys import KeyFunction
    from openai_webhooks import *

    from openai_suite import lib as lib
    from openai_suite import pagination as pagination
    from openai_suite import resources as resources
    from openai_suite import types as types
    from openai_suite.module_client import admin as admin
    from openai_suite.module_client import audio as audio
    from openai_suite.module_client import batches as batches
    from openai_suite.module_client import beta as beta
    from openai_suite.module_client import chat as chat
    from openai_suite.module_client import completions as completions
    from openai_suite.module_client import containers as containers
    from openai_suite.module_client import content_provenance_checks as content_provenance_checks
    from openai_suite.module_client import conversations as conversations
    from openai_suite.module_client import decisions as decisions
    from openai_suite.module_client import embeddings as embeddings
    from openai_suite.module_client import evals as evals
    from openai_suite.module_client import files as files
    from openai_suite.module_client import fine_tuning as fine_tuning
    from openai_suite.module_client import images as images
    from openai_suite.module_client import live as live
    from openai_suite.module_client import models as models
    from openai_suite.module_client import moderations as moderations
    from openai_suite.module_client import realtime as realtime
    from openai_suite.module_client import responses as responses
    from openai_suite.module_client import safety as safety
    from openai_suite.module_client import skills as skills
    from openai_suite.module_client import uploads as uploads
    from openai_suite.module_client import vector_stores as vector_stores
    from openai_suite.module_client import videos as videos
    from openai_suite.module_client import webhooks as webhooks
    from openai_suite.official_names import *

    api_key: str | KeyFunction | None
    admin_api_key: str | None
    organization: str | None
    project: str | None
    webhook_secret: str | None
    base_url: object | None  # text, or the URL of an HTTP library
    timeout: TimeoutTypes
    max_retries: int
    default_headers: Mapping[str, str | Omit] | None
    default_query: Mapping[str, object] | None
    http_client: HttpClient | None


# Type checkers do not see it: with a `__getattr__`, every name would exist for them.
if not TYPE_CHECKING:  # pragma: no branch

    def __getattr__(name: str) -> object:
        if name == "__all__":
            return _names()
        if name in _PACKAGES:
            return _import_module(f"{__name__}.{name}")
        value = _find(name)
        if value is None:
            from openai_suite.module_client import fetch

            return fetch(name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    from openai_suite.module_client import SETTINGS, groups

    return sorted({*globals(), *_names(), *_PACKAGES, *SETTINGS, *groups()})
