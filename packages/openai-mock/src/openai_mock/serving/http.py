"""The API as an ASGI application: how requests are read from HTTP and replies are written to it.

Decides nothing about operations; `api` is told what was sent, and says what is answered.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic_core import to_json
from python_multipart.multipart import parse_options_header
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from openai_mock.api import perform
from openai_mock.calls import Upload
from openai_mock.checking.body import media_type_of
from openai_mock.checking.incoming import FORM, Sent
from openai_mock.faults.fault import changed, disturbed
from openai_mock.faults.sending import send_wire
from openai_mock.faults.wire import Wire
from openai_mock.posting.deliveries import Deliveries
from openai_mock.refusals import Refusal
from openai_mock.replies import WITHOUT_BODY, BytesReply, EventsReply, JsonReply, error_reply
from openai_mock.routing.routes import ROOT
from openai_mock.serving import sse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.datastructures import UploadFile

    from openai_mock.checking.pairs import Leaf
    from openai_mock.faults import Fault
    from openai_mock.replies import Reply
    from openai_mock.serving.answering import Message, Receive, Send
    from openai_mock.world import World

LARGEST_FIELD = 64 * 2**20  # bytes of one field of a form; files may be larger
MOST_PARTS = 10_000
LONGEST_EPILOGUE = 1000  # bytes after the last boundary


class Serving:
    """Serves the API.

    Args:
        world: What its handlers share.
        root: The path that the operations are below.
    """

    def __init__(self, world: World, root: str = ROOT) -> None:
        self._world = world
        self._root = root
        self._deliveries = Deliveries(world)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = _headers(scope)
        faults: tuple[Fault, ...] = ()
        try:
            faults = self._world.control.faults_of(headers)
            reply = perform(await _sent(scope, receive, headers, self._root), self._world)
        except Refusal as refusal:
            reply = error_reply(refusal)
        except ClientDisconnect:  # there is nobody to answer
            return
        self._deliveries.begin()
        if not (faults or reply.faults or isinstance(reply, EventsReply)):
            await _response(reply)(scope, receive, send)
            return
        wire = _wire(reply, (*reply.faults, *faults))
        await send_wire(wire, clock=self._world.clock, scope=scope, receive=receive, send=send)


def _headers(scope: Message) -> dict[str, str]:
    """The headers of a request; of those that were sent several times the first."""
    raw: list[tuple[bytes, bytes]] = scope["headers"]
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(raw)}


async def _sent(scope: Message, receive: Receive, headers: Mapping[str, str], root: str) -> Sent:
    form = None
    body = b""
    if media_type_of(headers.get("content-type")) == FORM:
        form = await _form(Request(scope, _to_its_end(receive, headers["content-type"])))
    else:
        body = await _body(receive)
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    path = raw.partition(b"?")[0].decode("latin-1")  # some servers leave the query in it
    if root != ROOT:
        path = ROOT + path.removeprefix(root)
    query = scope["query_string"].decode("latin-1")
    return Sent(scope["method"], path, query, headers, body, form)


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _to_its_end(receive: Receive, content_type: str) -> Receive:
    """Receive the body of a form; that it stops before its last boundary is an error of its own."""
    _, options = parse_options_header(content_type)
    end = b"--" + options.get(b"boundary", b"") + b"--"
    tail = b""

    async def received() -> Message:
        nonlocal tail
        message = await receive()
        tail = (tail + message.get("body", b""))[-len(end) - LONGEST_EPILOGUE :]
        if message["type"] == "http.request" and not message.get("more_body") and end not in tail:
            raise MultiPartException("its last boundary is missing")
        return message

    return received


async def _form(request: Request) -> tuple[tuple[str, Leaf], ...]:
    pairs: list[tuple[str, Leaf]] = []
    try:
        async with request.form(
            max_files=MOST_PARTS, max_fields=MOST_PARTS, max_part_size=LARGEST_FIELD
        ) as form:
            for name, value in form.multi_items():
                pairs.append((name, await _leaf(value)))
    except (HTTPException, MultiPartException, ValueError, KeyError) as error:
        cause = error.detail if isinstance(error, HTTPException) else str(error)
        raise Refusal(
            f"We could not read the form: {cause.rstrip('.')}. Send it as multipart/form-data, "
            "with the boundary that the content type names.",
            code="invalid_form",
        ) from error
    return tuple(pairs)


async def _leaf(value: UploadFile | str) -> Leaf:
    if isinstance(value, str):
        return value
    content_type = value.content_type or "application/octet-stream"
    return Upload(value.filename or "", content_type, await value.read())


def _wire(reply: Reply, faults: tuple[Fault, ...]) -> Wire:
    """A reply on the wire, with all that goes wrong with it."""
    reply = changed(reply, faults)
    response = _response(reply)
    if not isinstance(reply, EventsReply):
        pieces: Iterable[bytes] = (bytes(response.body),)
    elif faults:
        pieces = (sse.written(each) for each in reply.frames)  # one by one, for faults to count
    else:
        pieces = sse.joined(reply.frames)
    wire = disturbed(Wire(response.status_code, tuple(response.raw_headers), pieces), faults)
    return replace(wire, pieces=()) if wire.status in WITHOUT_BODY else wire


def _response(reply: Reply) -> Response:
    headers = dict(reply.headers)
    if reply.status in WITHOUT_BODY:
        return Response(None, reply.status, headers)
    if isinstance(reply, JsonReply):
        return Response(to_json(reply.body), reply.status, headers, "application/json")
    if isinstance(reply, BytesReply):
        return Response(reply.content, reply.status, headers, reply.media_type)
    if isinstance(reply, EventsReply):
        return _head_of_events(reply.status, headers)
    return Response(None, reply.status, headers)


def _head_of_events(status: int, headers: Mapping[str, str]) -> Response:
    """The head of a stream, whose length nobody knows."""
    head = Response(None, status, {"cache-control": "no-cache", **headers}, sse.MEDIA_TYPE)
    del head.headers["content-length"]
    return head
