"""A lane of a Responses session: its requests one after the other, and what is kept between them.

Decides what a connection keeps that HTTP does not (the latest response of each lane, whether it is
stored or not), what becomes of input that steers a response, and how a reply becomes events. Input
that steers never interrupts a response: it is taken up when the response is completed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from openai_types.catalogue import operations
from pydantic_core import to_json

from openai_mock.answers.items import kept_items
from openai_mock.api import answer
from openai_mock.calls import Call
from openai_mock.checking.body import parse_object
from openai_mock.checking.incoming import Sent
from openai_mock.content.json_values import as_object, objects_in
from openai_mock.faults.wire import Wait
from openai_mock.refusals import Refusal
from openai_mock.replies import EventsReply, JsonReply
from openai_mock.routing.registry import handlers
from openai_mock.routing.routes import ROOT
from openai_mock.sessions.progress import Progress, of_socket
from openai_mock.sessions.session import Closing
from openai_mock.state.history import items_before, new_items
from openai_mock.work.jobs import catch_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openai_mock.answers.items import Item
    from openai_mock.checking.body import JsonObject
    from openai_mock.content.json_values import Object
    from openai_mock.faults import Fault
    from openai_mock.replies import Reply
    from openai_mock.sessions.progress import Told
    from openai_mock.world import World

MOST_STEERS = 8  # that wait for one response
_OPERATION = "responses.create"
_OF_THE_SOCKET = ("type", "stream_id")
_ENDS = ("response.completed", "response.incomplete", "response.failed")
_FIRST_OF_ERRORS = 400
_STEER_TAKES = ("input_text", "input_image", "input_file")
# What a response waits for after a call that the client runs, and what names the call.
_AWAITED = {
    "function_call": ("function_call_output", "call_id"),
    "custom_tool_call": ("custom_tool_call_output", "call_id"),
    "computer_call": ("computer_call_output", "call_id"),
    "shell_call": ("shell_call_output", "call_id"),
    "apply_patch_call": ("apply_patch_call_output", "call_id"),
    "mcp_approval_request": ("mcp_approval_response", "approval_request_id"),
}


class Lane:
    """One lane.

    Args:
        name: Its `stream_id`; None for that of requests without one.
        world: What handlers share.
        headers: The headers of the handshake, in lower case.
        faults: What goes wrong with all responses.

    Attributes:
        active: The id of the response in progress.
        latest: The id of the response before, and all that was said up to its end.
    """

    def __init__(
        self,
        name: str | None,
        world: World,
        headers: Mapping[str, str],
        faults: tuple[Fault, ...],
    ) -> None:
        self._named = {} if name is None else {"stream_id": name}
        self._world = world
        self._headers = headers
        self._faults = faults
        self._requests: deque[JsonObject] = deque()
        self._progress: Progress | None = None
        self._closing: tuple[int, Closing] | None = None  # after how many events more
        self._steers: list[JsonObject] = []
        self._steered: dict[str, list[Item]] = {}  # by the response that waits for tools
        self.active: str | None = None
        self.latest: tuple[str, list[Item]] | None = None

    def add(self, request: JsonObject) -> None:
        """Take a `response.create`, to be answered after those before it."""
        self._requests.append(request)

    def proceed(self, unstored: Mapping[str, list[Item]]) -> Told | Closing | None:
        """The next event; None if there is nothing to do.

        Args:
            unstored: What was said up to responses that only the connection keeps.
        """
        while True:
            if self._progress is None:
                if not self._requests:
                    return None
                self._begin(self._requests.popleft(), unstored)
                continue
            if self._closing and self._closing[0] == 0:
                return self._closing[1]
            told = self._progress.next()
            if told is None:
                self._progress = None
                continue
            if self._closing and not isinstance(told, Wait):
                self._closing = (self._closing[0] - 1, self._closing[1])
            return {**told, **self._named} if isinstance(told, dict) else told

    def resume(self, wait: Wait) -> None:
        """A pause is over."""
        if self._progress:
            self._progress.resume(wait)

    def steer(self, event: JsonObject) -> JsonObject:
        """Take input for the response in progress; gives the event that says so, or why not."""
        target, given = event["previous_response_id"], event["input"]
        steer = {"id": self._world.ids.new("steer_"), "previous_response_id": target}
        try:
            _check_steer(given, len(self._steers))
        except Refusal as refusal:
            failed = _failed({**steer, "input": given}, str(refusal.code), refusal.message)
            return {**failed, **self._named}
        self._steers.append({**steer, "input": given})
        told = {"sequence_number": 0, "steer": steer}
        return {"type": "response.steer.accepted", **told, **self._named}

    def _begin(self, event: JsonObject, unstored: Mapping[str, list[Item]]) -> None:
        body = {name: value for name, value in event.items() if name not in _OF_THE_SOCKET}
        previous = body.get("previous_response_id")
        self._closing = None
        waiting = self._steered.pop(previous, []) if isinstance(previous, str) else []
        try:
            if waiting:
                body["input"] = [*waiting, *kept_items(body.get("input"), self._world.ids)]
            said = items_before(body, self._world.store, unstored)
            said += new_items(body.get("input"), said, self._world)
            reply = self._reply({**body, "stream": True}, unstored)
            faults = (*reply.faults, *self._faults)
            self._closing = _closing_of(reply.faults)
            self._progress = Progress(self._events(reply, body, said), faults)
        except Refusal as refusal:
            if waiting:
                self._steered[str(previous)] = waiting
            self._forget(previous)
            self._progress = Progress(iter((error_event(refusal, self._named.get("stream_id")),)))

    def _reply(self, body: JsonObject, unstored: Mapping[str, list[Item]]) -> Reply:
        """What is answered, as over HTTP: by the script, the personality and the handler."""
        handlers()  # they bring the steps that are due
        catch_up(self._world)

        def answered(sent: Sent, world: World) -> Reply:
            operation, read = operations()[_OPERATION], parse_object(sent.body)
            return answer(
                Call(operation, body=read, headers=sent.headers, unstored=unstored), world
            )

        sent = Sent("POST", f"{ROOT}/responses", headers=self._headers, body=to_json(body))
        personality = self._world.control.personality
        if personality is None:
            return answered(sent, self._world)
        headers = {**self._headers, "content-type": "application/json"}
        return personality.perform(replace(sent, headers=headers), self._world, answered)

    def _events(self, reply: Reply, body: JsonObject, said: list[Item]) -> Iterator[JsonObject]:
        for event in _events_of(reply):
            response, kind = as_object(event.get("response")), event.get("type")
            if kind == "response.created":
                self.active = str(response.get("id"))
            ends = kind in _ENDS
            if kind == "error":
                self._forget(body.get("previous_response_id"))
            if ends:
                self.active = None
                output = cast("list[Item]", objects_in(response.get("output")))
                self.latest = str(response.get("id")), [*said, *output]
            yield event
            if ends:
                yield from self._taken_up(response, body)
        self.active = None
        steers, self._steers = self._steers, []
        for each in steers:  # of a response that came to no end
            message = "The response that was steered has failed. Send the input with another one."
            yield _failed(each, "successor_creation_failed", message)

    def _forget(self, response_id: object) -> None:
        """Forget the response that a failed one goes on from, as the API does."""
        if self.latest and self.latest[0] == response_id:
            self.latest = None

    def _taken_up(self, response: Object, body: JsonObject) -> Iterator[JsonObject]:
        """Let the input that steered a response be answered: at once, or after its tools."""
        steers, self._steers = self._steers, []
        if not steers:
            return
        key = str(response.get("id"))
        items = [item for each in steers for item in kept_items(each["input"], self._world.ids)]
        required = list(_required(response))
        if not required:
            own = {name: body[name] for name in body if name not in ("input", "generate")}
            own = {**own, "previous_response_id": key, "input": items}
            self._requests.appendleft({"type": "response.create", **own})
            return
        self._steered[key] = items
        for each in steers:
            steer = {name: each[name] for name in ("id", "previous_response_id")}
            told = {"reason": "waiting_for_required_input", "required_input": required}
            told |= {"sequence_number": 0, "steer": steer}
            yield {"type": "response.steer.pending", **told}


def _failed(steer: JsonObject, code: str, message: str) -> JsonObject:
    """The event that gives input back that steers nothing."""
    error = {"type": "invalid_request_error", "code": code, "message": message}
    return {"type": "response.steer.failed", "sequence_number": 0, "error": error, "steer": steer}


def error_event(refusal: Refusal, stream_id: str | None = None) -> JsonObject:
    """The event that tells a refusal."""
    named = {} if stream_id is None else {"stream_id": stream_id}
    return {"type": "error", "status": refusal.status, "error": refusal.error, **named}


def _events_of(reply: Reply) -> Iterator[JsonObject]:
    """A reply as events, whatever it is.

    Raises:
        Refusal: Sockets have no such answer.
    """
    if isinstance(reply, EventsReply):
        for _, data in reply.frames:
            if isinstance(data, dict):
                yield of_socket(cast("JsonObject", data))
    elif isinstance(reply, JsonReply) and as_object(reply.body):
        body = {**as_object(reply.body)}
        if reply.status >= _FIRST_OF_ERRORS:
            yield {"type": "error", "status": reply.status, "error": _error_in(body)}
        else:
            yield {"type": "response.completed", "sequence_number": 0, "response": body}
    else:
        message = "This answer has no events, which a WebSocket carries. Script text or events."
        yield error_event(Refusal(message, code="impossible_script"))


def _error_in(body: JsonObject) -> JsonObject:
    """The error object in the body of an answer, completed as the API has it."""
    error = as_object(body.get("error", body))
    message = error.get("message")
    kind = error.get("type")
    return {
        **error,
        "message": message if isinstance(message, str) else "The request failed.",
        "type": kind if isinstance(kind, str) else "invalid_request_error",
    }


def _closing_of(faults: tuple[Fault, ...]) -> tuple[int, Closing] | None:
    for each in faults:
        if each.on_socket:
            close = each.on_socket
            return close.after_events, Closing(close.code, close.reason)
    return None


def _check_steer(given: object, waiting: int) -> None:
    """Return if input can steer: it is a text, or messages of the user, and few others wait.

    Raises:
        Refusal: It cannot.
    """
    if waiting >= MOST_STEERS:
        message = f"No more than {MOST_STEERS} inputs can wait. Send it later."
        raise Refusal(message, code="too_many_pending_steers")
    if isinstance(given, str):
        return
    messages = objects_in(given)
    of_user = all(each.get("role") == "user" for each in messages)
    parts = [part for each in messages for part in objects_in(each.get("content"))]
    if not messages or not of_user or any(part.get("type") not in _STEER_TAKES for part in parts):
        message = "Only text and messages of the user can steer a response. Send one of them."
        raise Refusal(message, code="invalid_input")


def _required(response: Object) -> Iterator[JsonObject]:
    """What the client has to send before a response can go on."""
    for item in objects_in(response.get("output")):
        kind = str(item.get("type"))
        if kind not in _AWAITED:
            continue
        awaited, names = _AWAITED[kind]
        called = item.get("id") if kind == "mcp_approval_request" else item.get("call_id")
        named = {"name": item.get("name")} if kind == "function_call" else {}
        yield {"type": awaited, names: called, **named}
