"""What a line of a tape says: a request, or something that followed it.

Decides the fields of lines. Knows neither files nor the order of lines; `tape` shows the format.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, cast, get_args

from openai_mock.recorder.exchange import (
    Accepted,
    Chunk,
    End,
    Ending,
    Event,
    Head,
    Headers,
    JsonObject,
    Message,
    Request,
    Side,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

BODY_KINDS = frozenset({"json", "text", "base64", "multipart", "sha256"})


class LineError(Exception):
    """A line is not what it should be; the message says what that is."""


def request_line(number: int, request: Request) -> JsonObject:
    """The line of a request."""
    return {
        "request": number,
        "method": request.method,
        "path": request.path,
        "headers": request.headers,
        **request.body,
    }


def event_line(event: Event) -> JsonObject:
    """The line of something that followed."""
    match event:
        case Head(status, headers, ms):
            return {"status": status, "headers": headers, "ms": ms}
        case Chunk(data, ms):
            return {"chunk": as_text_or_base64(data), "ms": ms}
        case Accepted(subprotocol, ms):
            return {"accepted": subprotocol, "ms": ms}
        case Message(sender, data, ms):
            return {sender: data if isinstance(data, str) else as_base64(data), "ms": ms}
        case End(how, ms, by, code, reason):
            closed = {"by": by, "code": code, "reason": reason} if how == "closed" else {}
            return {"end": how, "ms": ms, **closed}


def as_text_or_base64(data: bytes) -> str | dict[str, str]:
    """Bytes as JSON can hold them: as text, if they are UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return as_base64(data)


def as_base64(data: bytes) -> dict[str, str]:
    """Bytes as JSON can hold them, whatever they are."""
    return {"base64": base64.b64encode(data).decode()}


def read_request(line: JsonObject) -> tuple[int, Request]:
    """The number and the request of a line.

    Raises:
        LineError: It is another line.
    """
    match line:
        case {
            "request": int(number),
            "method": str(method),
            "path": str(path),
            "headers": headers,
            **body,
        } if len(body) <= 1 and BODY_KINDS.issuperset(body):
            return number, Request(method, path, _headers(headers), body)
        case _:
            raise LineError("a request with a method, a path, headers and at most one body")


def read_event(line: JsonObject) -> Event:
    """What a line says happened.

    Raises:
        LineError: It is another line.
    """
    match line:
        case {"status": int(status), "headers": headers, "ms": int(ms)}:
            return Head(status, _headers(headers), ms)
        case {"chunk": data, "ms": int(ms)}:
            chunk = _data(data)
            return Chunk(chunk.encode() if isinstance(chunk, str) else chunk, ms)
        case {"accepted": None | str() as subprotocol, "ms": int(ms)}:
            return Accepted(subprotocol, ms)
        case {"client": data, "ms": int(ms)}:
            return Message("client", _data(data), ms)
        case {"server": data, "ms": int(ms)}:
            return Message("server", _data(data), ms)
        case {"end": str(how), "ms": int(ms)} if how in get_args(Ending):
            return _end(cast("Ending", how), ms, line)
        case _:
            raise LineError("a status, a chunk, a message or an end, with its ms")


def _end(how: Ending, ms: int, line: Mapping[str, object]) -> End:
    if how != "closed":
        return End(how, ms)
    match line:
        case {"by": "client" | "server" as by, "code": int(code), "reason": str(reason)}:
            return End("closed", ms, cast("Side", by), code, reason)
        case _:
            raise LineError("who closed the WebSocket, with which code and reason")


def _data(value: object) -> str | bytes:
    match value:
        case str():
            return value
        case {"base64": str(text)}:
            try:
                return base64.b64decode(text, validate=True)
            except (binascii.Error, ValueError) as error:
                raise LineError(f"correct base64: {error}") from error
        case _:
            raise LineError("text, or bytes as base64")


def _headers(value: object) -> Headers:
    if not isinstance(value, list):
        raise LineError("headers as a list of pairs")
    found: list[tuple[str, str]] = []
    for pair in cast("list[object]", value):
        match pair:
            case [str(name), str(value)]:
                found.append((name, value))
            case _:
                raise LineError("headers as pairs of a name and a value")
    return tuple(found)
