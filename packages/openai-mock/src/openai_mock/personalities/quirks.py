"""The quirks that several providers have, as functions that make them. Knows no provider."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from openai_mock import faults
from openai_mock.content.tokens import split
from openai_mock.personalities.personality import Quirk
from openai_mock.refusals import Refusal
from openai_mock.replies import EventsReply, JsonReply, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openai_mock.personalities.asked import Asked
    from openai_mock.personalities.personality import Chunks


def any_key(says: str) -> Quirk:
    """Any key is taken, and none."""

    def request(asked: Asked) -> None:
        asked.headers["authorization"] = f"Bearer {asked.key}"

    return Quirk(says=says, request=request)


def refused(
    says: str,
    *names: str,
    status: int = 400,
    code: str | None = "unsupported_parameter",
    message: str = "Unsupported parameter: '{}' is not supported. Remove it.",
    when: Callable[[Any, Asked], bool] = lambda value, _: value is not None,  # Any: JSON
) -> Quirk:
    """Parameters of chat completions are refused.

    Args:
        says: What is known of it.
        *names: The parameters, such as `messages.name`.
        status: The HTTP status.
        code: The code of the error.
        message: What it says, with `{}` for the parameter.
        when: Which values are refused.
    """

    def request(asked: Asked) -> None:
        for name in names if asked.is_chat else ():
            if any(when(around[last], asked) for around, last in asked.find(name)):
                raise Refusal(message.format(name), code=code, param=name, status=status)

    return Quirk(says=says, request=request)


def ignored(says: str, *names: str) -> Quirk:
    """Parameters of chat completions are taken and do nothing; the API may not even know them."""

    def request(asked: Asked) -> None:
        for name in names if asked.is_chat else ():
            for around, last in list(asked.find(name)):
                del around[last]

    return Quirk(says=says, request=request)


def no_developer(says: str, message: str = "Unknown role: 'developer'. Use 'system'.") -> Quirk:
    """The role `developer` is refused."""
    return refused(
        says, "messages.role", code=None, message=message, when=lambda role, _: role == "developer"
    )


def on_mark(
    mark: str,
    says: str,
    *,
    status: int,
    message: str,
    code: str | None = None,
    kind: str = "invalid_request_error",
    headers: dict[str, str] | None = None,
) -> Quirk:
    """An error that comes now and then: where the user writes `[mark]`."""

    def request(asked: Asked) -> None:
        if asked.wants(mark):
            raise Refusal(message, code=code, status=status, kind=kind, headers=headers)

    return Quirk(says=says, request=request)


def finish_reasons(says: str, *reasons: str) -> Quirk:
    """Reasons of their own why an answer ended: where the user writes `[reason]`."""

    def both(body: dict[str, Any], asked: Asked) -> None:
        for reason in reasons:
            for choice in body["choices"] if asked.wants(reason) else ():
                if choice.get("finish_reason"):
                    choice["finish_reason"] = reason

    return Quirk(says=says, both=both)


def thoughts(says: str, *fields: str, back: tuple[str, ...] = ()) -> Quirk:
    """What the model thinks is in fields of the message.

    Args:
        says: What is known of it.
        *fields: The fields, each with all thoughts.
        back: The fields that may come back in messages.
    """

    def request(asked: Asked) -> None:
        for name in (*fields, *back):
            for message in asked.messages if asked.is_chat else ():
                message.pop(name, None)

    def whole(body: dict[str, Any], asked: Asked) -> None:
        for choice in body["choices"]:
            choice["message"] |= dict.fromkeys(fields, asked.thought)

    def chunks(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
        pieces = [dict.fromkeys(fields, piece) for piece in split(asked.thought)]
        return with_deltas(given, pieces)

    return Quirk(says=says, request=request, whole=whole, chunks=chunks)


def with_deltas(given: Chunks, deltas: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Chunks with others after the first, made like it but for their deltas."""
    for number, chunk in enumerate(given):
        yield chunk
        if number == 0 and chunk.get("choices"):
            for delta in deltas:
                yield {**chunk, "choices": [{**chunk["choices"][0], "delta": delta}]}


def fields(says: str, **values: object) -> Quirk:
    """Completions and chunks have more fields."""
    return Quirk(says=says, both=lambda body, _: body.update(values))


def errors(says: str, shape: Callable[[dict[str, Any], JsonReply, Asked], object]) -> Quirk:
    """Errors have a shape of their own.

    Args:
        says: What is known of it.
        shape: Makes the body from the error object, its reply and the request.
    """

    def error(reply: JsonReply, asked: Asked) -> Reply:
        told = _told(reply)
        return reply if told is None else replace(reply, body=shape(told, reply, asked))

    return Quirk(says=says, error=error)


def comments(says: str, text: str, every: int = 3) -> Quirk:
    """Streams have comments."""

    def made(asked: Asked) -> tuple[faults.Fault, ...]:
        return (faults.comments(every, text),) if asked.streams else ()

    return Quirk(says=says, faults=made)


def usage_unasked(says: str) -> Quirk:
    """Streams say their usage although nobody asked, on the chunk that ends them."""
    return Quirk(says=says, request=_ask_for_usage, chunks=usage_on_the_last)


def _ask_for_usage(asked: Asked) -> None:
    if asked.is_chat and asked.streams:
        asked.body["stream_options"] = {"include_usage": True}


def usage_on_the_last(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
    """Put the usage of the chunk without choices on the one before it."""
    del asked
    held: dict[str, Any] | None = None
    for chunk in given:
        if not chunk["choices"] and held:
            held["usage"] = chunk["usage"]
            continue
        if held:
            yield held
        held = {name: value for name, value in chunk.items() if name != "usage" or value}
    if held:
        yield held


def absent(says: str, *paths: str) -> Quirk:
    """Some operations are not there.

    Args:
        says: What is known of it.
        *paths: How their paths begin, below the root.
    """

    def request(asked: Asked) -> None:
        if asked.path.startswith(paths):
            raise Refusal(f"Not Found: {asked.sent.method} /{asked.path}", status=404)

    return Quirk(says=says, request=request)


def vendor_models(says: str) -> Quirk:
    """Models are named `vendor/model`."""

    def request(asked: Asked) -> None:
        if asked.is_chat and asked.model and "/" not in asked.model:
            raise Refusal(
                f"The model '{asked.model}' does not exist. Models are named vendor/model.",
                code="model_not_found",
                param="model",
                status=404,
            )

    def answer(reply: Reply, asked: Asked) -> Reply:
        if asked.path != "models" or not isinstance(reply, JsonReply):
            return reply
        body: Any = reply.body  # Any: JSON
        listed = [{**each, "id": f"openai/{each['id']}"} for each in body["data"]]
        return JsonReply({**body, "data": listed})

    return Quirk(says=says, request=request, answer=answer)


def responses_without_state(says: str) -> Quirk:
    """Responses are not stored, and none can be named as the previous one."""

    def request(asked: Asked) -> None:
        if asked.path.startswith("responses/"):
            raise Refusal("Responses are not stored.", status=404)
        if asked.path == "responses":
            if asked.body.get("previous_response_id"):
                raise Refusal(
                    "Responses are not stored: send all items again.", param="previous_response_id"
                )
            asked.body["store"] = False

    return Quirk(says=says, request=request)


def thoughts_must_come_back(says: str, name: str) -> Quirk:
    """An assistant's turn with tool calls has to come back with its thoughts."""

    def request(asked: Asked) -> None:
        for message in asked.messages if asked.is_chat else ():
            if message.get("tool_calls") and not message.get(name):
                raise Refusal(
                    f"The `{name}` of an assistant message with tool calls must be passed back.",
                    param="messages",
                )

    return Quirk(says=says, request=request)


def streamed_errors(
    says: str, frames: Callable[[dict[str, Any]], EventsReply], when: Callable[[Asked], bool]
) -> Quirk:
    """Errors of requests for streams come in the stream, after the status 200."""

    def error(reply: JsonReply, asked: Asked) -> Reply:
        told = _told(reply)
        if told is None or not (asked.is_chat and asked.streams and when(asked)):
            return reply
        return frames(told)

    return Quirk(says=says, error=error)


def _told(reply: JsonReply) -> dict[str, Any] | None:
    """The error object of a reply; None if a script has given it another shape."""
    body: object = reply.body
    error: object = cast("dict[str, object]", body).get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None
    return {"message": "", "type": None, "param": None, "code": None, **cast("Any", error)}
