"""What a call does, step by step, without doing any of it.

A flow is a generator: it yields what it wants done (send this, read that, wait) and is sent the
outcome, or thrown the error. `drivers` run flows, with a sync or an async transport; so a
behaviour is written here once, and tested with a script instead of a network and a clock.
"""

from __future__ import annotations

from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Literal, TypeVar, cast

from openai_types.model import set_request_id

from openai_http.attempts.retries import policy_of
from openai_http.attempts.sending import Sending
from openai_http.failures.answers import check_text, decoded_answer
from openai_http.sentinels import is_given
from openai_http.timing.timeout import Timeout
from openai_http.timing.watch import watch_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openai_types import Decoder

    from openai_http.messages import Response
    from openai_http.operations import Operation
    from openai_http.pagination import BasePage, Origin
    from openai_http.requests import CallOptions
    from openai_http.settings import Settings
    from openai_http.steps import Flow
    from openai_http.timing.deadlines import Clock

T = TypeVar("T")
E = TypeVar("E")
R = TypeVar("R")


def call(
    settings: Settings,
    operation: Operation[T, E],
    params: Mapping[str, object],
    options: CallOptions,
) -> Flow[T]:
    """Call an operation; gives its result. The request is made at once, and sent by the flow.

    Raises:
        TypeError: a parameter is unknown, or a required one is missing.
        OpenAIError: the request cannot be made of the parameters.
        APIStatusError: the last answer had an error's status.
        APIConnectionError: the last attempt had no answer.
        APIResponseValidationError: the answer is not what the API describes.
    """
    make = partial(result_of, settings, operation, params)
    return call_for(settings, operation, params, options, make)


def result_of(
    settings: Settings, operation: Operation[T, E], params: Mapping[str, object], response: Response
) -> T:
    """What a call gives, from its response with the body.

    Raises:
        APIResponseValidationError: the answer is not what the API describes.
    """
    place = operation.result_for(params)
    if place in {"", "str"}:
        if operation.is_described:
            check_text(operation, response)
        return cast("T", response.text if place else None)
    return decoded(response, operation.result_decoder(place, strict=settings.strict))


def call_for(
    settings: Settings,
    operation: Operation[T, E],
    params: Mapping[str, object],
    options: CallOptions,
    make: Callable[[Response], R],
) -> Flow[R]:
    """Call an operation; gives what is made of the response with its body.

    Raises what `call` raises, and `make`.
    """
    return prepare(settings, operation, params, options, whole=True).send_for(make)


def call_for_page(
    settings: Settings,
    operation: Operation[T, E],
    params: Mapping[str, object],
    options: CallOptions,
    *,
    kind: Literal["Sync", "Async"],
    fetch: Callable[[Mapping[str, object], CallOptions], object],
) -> Flow[object]:
    """Call an operation that lists something; gives a page, which asks `fetch` for the next."""
    from openai_http.pagination import Origin

    origin = Origin(fetch, params, options)
    make = partial(page_of, settings, operation, kind=kind, origin=origin)
    return (yield from call_for(settings, operation, params, options, make))


def page_of(
    settings: Settings,
    operation: Operation[T, E],
    response: Response,
    *,
    kind: Literal["Sync", "Async"],
    origin: Origin,
) -> BasePage[T]:
    """What a call of an operation that lists something gives, from its response with the body.

    Raises:
        APIResponseValidationError: the answer is not what the API describes.
    """
    page = decoded(response, operation.page_decoder(kind, strict=settings.strict))
    found = cast("BasePage[T]", page)
    found.set_origin(origin)
    return found


def prepare(
    settings: Settings,
    operation: Operation[T, E],
    params: Mapping[str, object],
    options: CallOptions,
    *,
    whole: bool,
    events: bool = False,
    clock: Clock = perf_counter,
) -> Sending:
    """What sends the request of a call, and sends it again; nothing is sent yet.

    Args:
        settings: of the client.
        operation: what is called.
        params: what it was given.
        options: what else the call was given.
        whole: read the body, and take one that breaks off for a failure that may pass.
        events: the body is a stream of events, whose limits hold.
        clock: `time.perf_counter`, or one of a test.

    Raises:
        TypeError: a parameter is unknown, or a required one is missing.
        OpenAIError: the request cannot be made of the parameters, or an option cannot work.
    """
    request = operation.request(settings, params, options)
    timeout = Timeout(options.timeout) if is_given(options.timeout) else settings.timeout
    policy = settings.retry if options.retry is None else policy_of(options.retry)
    watch = watch_for(request, settings, options, events=events, clock=clock)
    observation = None
    if settings.audience is not None:
        from openai_http.hooks.observation import Observation

        observation = Observation(
            *(settings.audience, operation.name, request, params), streamed=events, clock=clock
        )
    return Sending(
        *(request, timeout, policy, watch),
        whole=whole,
        clock=clock,
        observation=observation,
        key_function=settings.key_function,
    )


def decoded(response: Response, decode: Decoder[R]) -> R:
    """The body of a response as what a decoder makes of it.

    Raises:
        APIStatusError: it reports an error.
        APIResponseValidationError: it is not that.
    """
    result = decoded_answer(response, decode)
    set_request_id(result, response.request_id)
    return result
