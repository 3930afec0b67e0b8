"""Whether a request is one that the API would take.

Decides the order of the checks: the description first, then limits, then the model. Each check is
in a module of its own; this one knows what makes a request complete.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pydantic_core import ValidationError

from openai_mock.checking.complaints import to_refusal
from openai_mock.checking.limits import check_limits, check_pairs, check_sampling
from openai_mock.checking.schemas import client_event_validators, operation_validator
from openai_mock.models import check_text_model
from openai_mock.refusals import Refusal, missing_parameter

if TYPE_CHECKING:
    from openai_types.catalogue import Operation
    from openai_types.chat import CompletionCreateParams
    from openai_types.responses import ResponseCreateParams
    from pydantic_core import SchemaValidator

    from openai_mock.checking.body import JsonObject
    from openai_mock.checking.schemas import Part

_SAMPLED = ("beta.assistants.", "beta.threads.")  # take numbers that say how a text is chosen
# Any of these gives a response something to answer.
_INPUTS = ("input", "prompt", "previous_response_id", "conversation")


def check_part(operation: Operation, part: Part, values: JsonObject) -> JsonObject:
    """Give a part of a request back if it is as the description says.

    Raises:
        Refusal: It is not.
    """
    _check(operation_validator(operation.name, part), values)
    return values


def check_values(operation: Operation, body: JsonObject) -> None:
    """Return if a described body keeps to the limits that operations have in common.

    Raises:
        Refusal: It does not.
    """
    check_pairs(body)
    if operation.name.startswith(_SAMPLED):
        check_sampling(body)


def check_chat(request: JsonObject) -> CompletionCreateParams:
    """Give a described body back as one that `chat.completions.create` takes.

    Raises:
        Refusal: A number is out of its range, two parameters do not go together, or there is no
            such model.
    """
    check_limits(request)
    if request.get("top_logprobs") and request.get("logprobs") is not True:
        raise Refusal(
            "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled. Send "
            "'logprobs': true, too.",
            code="invalid_value",
            param="top_logprobs",
        )
    check_text_model(request["model"])
    return cast("CompletionCreateParams", request)


def check_response(request: JsonObject) -> ResponseCreateParams:
    """Give a described body back as one that `responses.create` takes.

    Raises:
        Refusal: A number is out of its range, nothing is there to answer, or no such model.
    """
    check_limits(request)
    if not any(request.get(name) is not None for name in _INPUTS):
        raise missing_parameter("input")
    if "model" in request:
        check_text_model(request["model"])
    elif request.get("prompt") is None:  # a stored prompt names its model
        raise missing_parameter("model")
    return cast("ResponseCreateParams", request)


def check_client_event(event: JsonObject, union: str) -> None:
    """Return if the object is an event that the client of a session may send.

    Args:
        event: The object.
        union: The type of such events, as the catalogue names it.

    Raises:
        Refusal: It is none.
    """
    name = event.get("type")
    if name is None:
        raise missing_parameter("type")
    validators = client_event_validators(union)
    if not isinstance(name, str) or name not in validators:
        known = ", ".join(f"'{each}'" for each in sorted(validators))
        message = f"Invalid value: {name!r}. Supported values are: {known}."
        raise Refusal(message, code="invalid_value", param="type")
    _check(validators[name], event)


def _check(validator: SchemaValidator, request: JsonObject) -> None:
    try:
        validator.validate_python(request, strict=True)
    except ValidationError as error:
        raise to_refusal(error) from error
