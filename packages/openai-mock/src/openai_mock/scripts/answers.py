"""Makes the answers of scripts.

Decides what an answer of each kind is for an operation, and what is told where it cannot be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, cast

from openai_types.model import BaseModel
from pydantic import BaseModel as AnyModel

from openai_mock.calls import Call
from openai_mock.described.resources import described, returned, streams
from openai_mock.errors import MockServerError
from openai_mock.models import check_text_model
from openai_mock.refusals import Refusal, error_kind
from openai_mock.replies import (
    DONE,
    BytesReply,
    EventsReply,
    JsonReply,
    Reply,
    check_headers,
    check_json,
    check_status,
    error_reply,
)
from openai_mock.scripts.streams import STREAMED
from openai_mock.scripts.texts import SPEAKING, as_tool_call
from openai_mock.state.addresses import collection_of, located, owner_of
from openai_mock.state.edits import merged
from openai_mock.world import World

if TYPE_CHECKING:
    from openai_types.catalogue import Operation

    from openai_mock.faults import Fault
    from openai_mock.replies import Frame
    from openai_mock.scripts.texts import ToolCall

Event: TypeAlias = "Frame | Mapping[str, object] | AnyModel | str"
Body: TypeAlias = str | bytes | Mapping[str, object] | AnyModel | Reply | None
Usual: TypeAlias = Callable[[Call, World], Reply]
Make: TypeAlias = Callable[[Call, World, Usual], Reply]

KNOWN_MODEL = "gpt-5.5"
_ERRORS = range(400, 600)
_NOT_FOUND = 404
_STREAM_OPTIONS = ("stream", "stream_options")


def usually(call: Call, world: World, usual: Usual) -> Reply:
    """What the server answers by itself."""
    return usual(call, world)


def dressed(reply: Reply, headers: Mapping[str, str], faults: tuple[Fault, ...]) -> Reply:
    """A reply with more headers and faults."""
    return replace(reply, headers={**reply.headers, **headers}, faults=(*reply.faults, *faults))


def replying(
    operation: Operation,
    body: Body,
    *,
    tool_calls: tuple[ToolCall | Mapping[str, object], ...],
    exactly: bool,
    status: int,
    media_type: str | None,
) -> Make:
    """What `Expectation.reply` answers.

    Raises:
        MockServerError: The operation has no answer of this kind.
    """
    check_status(status)
    calls = tuple(as_tool_call(each) for each in tool_calls)
    if isinstance(body, Reply):
        return _as_it_is(body)
    if body is None and not calls:
        return lambda call, world, usual: replace(usual(call, world), status=status)
    if isinstance(body, str):
        check_json(body)
    if calls or (isinstance(body, str) and operation.name in SPEAKING):
        return _speaking(operation, body, calls, status)
    if isinstance(body, str | bytes):
        return _content(operation, body, media_type, status)
    over = _object(body)
    check_json(over)
    if exactly:
        return lambda call, _world, _usual: _whole(call, over, status, exact=True)
    return lambda call, world, usual: _whole(
        call, _kept(call, world, merged(_usual_body(call, world, usual), over)), status
    )


def streaming(operation: Operation, events: tuple[Event, ...], *, done: bool) -> Make:
    """What `Expectation.reply_events` answers.

    Raises:
        MockServerError: The operation has no streams.
    """
    if not operation.streams:
        raise MockServerError(f"{operation.name} never streams. Answer it with reply().")
    frames = [_frame(operation, each) for each in events]
    check_json(frames)
    ends = DONE if not operation.event_and_data else ("done", DONE[1])
    named = all(name is not None for name, _ in frames) and bool(frames)
    if done and (operation.event_and_data or not named) and frames[-1:] != [ends]:
        frames.append(ends)
    return lambda _call, _world, _usual: EventsReply(frames, exact=True)


def failing(
    status: int,
    *,
    message: str | None,
    code: str | None,
    kind: str | None,
    param: str | None,
    headers: Mapping[str, str] | None,
) -> Make:
    """What `Expectation.error` answers.

    Raises:
        MockServerError: It is no status of an error.
    """
    if status not in _ERRORS:
        raise MockServerError(f"{status} is no status of an error. Give 400 to 599, or use reply.")
    check_headers(headers or {})
    check_json([message, code, kind, param])
    usual_kind, usual_code = error_kind(status)
    refusal = Refusal(
        message or f"The script answers with the status {status}.",
        code=code or usual_code,
        kind=kind or usual_kind,
        param=param,
        status=status,
        headers=headers,
    )
    return lambda _call, _world, _usual: error_reply(refusal)


def _as_it_is(reply: Reply) -> Make:
    check_status(reply.status)
    check_headers(reply.headers)
    if isinstance(reply, JsonReply):
        check_json(reply.body)
    given = replace(reply, exact=True)
    return lambda _call, _world, _usual: given


def _speaking(operation: Operation, body: Body, calls: tuple[ToolCall, ...], status: int) -> Make:
    """The model says this text, or calls these functions."""
    speak = SPEAKING.get(operation.name)
    if speak is None or not (body is None or isinstance(body, str)):
        raise MockServerError(
            f"{operation.name} is not answered with tool calls and this body. Only "
            f"{', '.join(SPEAKING)} are, with text or nothing as the body."
        )
    text = body
    if calls and operation.name == "completions.create":
        raise MockServerError("completions.create has no tool calls. Answer it with text.")

    def speaking(call: Call, world: World, usual: Usual) -> Reply:
        said = speak(_usual_body(call, world, usual), text, calls, world.ids)
        return _whole(call, _kept(call, world, said), status)

    return speaking


def _content(operation: Operation, body: str | bytes, media_type: str | None, status: int) -> Make:
    if isinstance(body, bytes):
        kind = media_type or operation.accept or "application/octet-stream"
        content = body
    elif "str" in operation.returns.split(" | ") or media_type:
        kind, content = media_type or "text/plain; charset=utf-8", body.encode()
    else:
        raise MockServerError(
            f"{operation.name} is not answered with text. Give an object, bytes, or text with its "
            "media_type."
        )
    return lambda _call, _world, _usual: BytesReply(content, kind, status=status)


def _object(body: object) -> dict[str, object]:
    """An object as JSON has it: of a model, also of the official package, what was set."""
    if isinstance(body, BaseModel):
        return body.to_dict()
    if isinstance(body, AnyModel):
        return body.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(body, Mapping):
        return {**cast("Mapping[str, object]", body)}
    raise MockServerError(
        f"{body!r} is no answer, and no event. Give text, bytes, an object, a model or a Reply; "
        "answers that depend on the request are expectations of their own, told apart by where()."
    )


def _usual_body(call: Call, world: World, usual: Usual) -> dict[str, object]:
    """What the server would answer if no stream were asked for, whatever the model is called."""
    body = {name: value for name, value in call.body.items() if name not in _STREAM_OPTIONS}
    query = {name: value for name, value in call.query.items() if name not in _STREAM_OPTIONS}
    asked: dict[str, str] = {}
    model: object = body.get("model")
    if call.operation.name in SPEAKING and isinstance(model, str) and not _exists(model):
        asked, body["model"] = {"model": model}, KNOWN_MODEL
    plain = replace(call, body=body, query=query)
    try:
        reply = usual(plain, world)
    except Refusal as refusal:
        if refusal.status != _NOT_FOUND or not call.path:
            raise
        reply = JsonReply(_made_up(plain, world))
    found = reply.body if isinstance(reply, JsonReply) else None
    if not isinstance(found, dict):
        what = returned(call)
        raise Refusal(
            f"The script has an object for {call.operation.name}, but this request is answered "
            f"with {what}. Script text, bytes or events for it, or say exactly=True.",
            code="impossible_script",
            headers={"x-should-retry": "false"},
        )
    return {**cast("dict[str, object]", found), **asked}


def _made_up(call: Call, world: World) -> dict[str, object]:
    """What would be answered of something that is not there, but of which a script tells."""
    document = described(call, world)
    collection = collection_of(call.operation) or owner_of(call.operation)
    key = call.path.get(collection.parameter) if collection else None
    return document if key is None or "id" not in document else {**document, "id": key}


def _exists(model: str) -> bool:
    try:
        check_text_model(model)
    except Refusal:
        return False
    return True


def _kept(call: Call, world: World, body: object) -> dict[str, object]:
    """Keep a scripted body where the server kept the one that it would have answered."""
    document = cast("dict[str, object]", body)
    collection, key = collection_of(call.operation), document.get("id")
    if collection and isinstance(key, str):
        name = located(collection.path, call.path)
        old = world.store.get(name, key)
        if old is not None:
            world.store.put(name, key, {**old, **document})
    return document


def _whole(call: Call, body: dict[str, object], status: int, *, exact: bool = False) -> Reply:
    """A body, or the stream of it where one is asked for."""
    if not streams(call):
        return JsonReply(body, status=status, exact=exact)
    stream = STREAMED.get(call.operation.name)
    if stream is None:
        raise Refusal(
            f"The script has an object for {call.operation.name}, but this request asks for a "
            "stream. Script it with reply_events().",
            code="impossible_script",
            headers={"x-should-retry": "false"},
        )
    return EventsReply(list(stream(body, call.body)), status=status, exact=exact)


def _frame(operation: Operation, event: Event) -> Frame:
    """An event as it is sent, with the name that events of its operation have."""
    if isinstance(event, tuple):
        return event
    if isinstance(event, str):
        return None, event
    data = _object(event)
    if operation.event_and_data and "event" in data:
        return str(data["event"]), data.get("data")
    kind = data.get("type")
    return (kind if isinstance(kind, str) else None), data
