"""Exchanges in JSON, as the page shows them.

Decides what is shown of bodies, and how. Everything in it is data: the page writes it as text.
"""

from __future__ import annotations

import json
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, cast

from openai_mock.page.curl import curl

if TYPE_CHECKING:
    from email.message import Message

    from openai_mock.journal import Close, Content, Event, Frame, Problem
    from openai_mock.journal.reading import Reading
    from openai_mock.journal.recording import Recording

Json = dict[str, object]

SHOWN = 200_000  # characters of a body; more would slow browsers down
BATCH = 2000  # events or frames in one answer; the page asks again for the others


def summary(recording: Recording) -> Json:
    """A line of the list."""
    about, problem = recording.reading.about(), recording.reading.problem()
    return {
        "number": recording.number,
        "revision": recording.revision,
        "method": recording.method,
        "path": recording.path,
        "operation": about.operation,
        "model": about.model,
        "excerpt": about.excerpt,
        "status": recording.status,
        "ended": recording.ended,
        "started": recording.started,
        "duration": recording.duration,
        "problem": problem and _problem(problem),
    }


def details(recording: Recording, start: int = 0) -> Json:
    """All about an exchange, or what is new.

    Args:
        recording: The exchange.
        start: How many events or frames the page has. They are left out, and so is the request.
    """
    shown = summary(recording)  # first, so that its revision is not newer than what follows
    reading = recording.reading
    events = reading.events()
    dropped, frames = reading.frames(start)
    return {
        **shown,
        "request": None if start else _request(reading),
        "response": _response(reading, streamed=bool(events)),
        "events": [_event(each) for each in events[start : start + BATCH]],
        "frames": [_frame(each) for each in frames[:BATCH]],
        "first": max(start, dropped),
        "more": len(events) > start + BATCH or len(frames) > BATCH,
        "frames_dropped": dropped,
        "close": recording.close and _close(recording.close),
    }


def shown_body(content: Content) -> Json | None:
    """A body as people read it: laid out if it is JSON, part by part if it is a form."""
    if not (content.body or content.dropped):
        return None
    if content.content_type == "multipart/form-data":
        shown: Json = {"kind": "form", "parts": _parts(content)}
    else:
        shown = _text(content.body)
    return {**shown, "size": len(content.body), "dropped": content.dropped}


def _request(reading: Reading) -> Json:
    request = reading.request()
    return {
        "headers": request.headers.items(),
        "query": request.query.multi_items(),
        "body": shown_body(request),
        "read": request.read,
        "curl": curl(request),
    }


def _response(reading: Reading, *, streamed: bool) -> Json | None:
    """The answer; its body is left out where the events have it."""
    if streamed:
        return {"headers": reading.response_headers().items(), "body": None}
    response = reading.response()
    return response and {"headers": response.headers.items(), "body": shown_body(response)}


def _parts(content: Content) -> list[Json]:
    head = f"content-type: {content.headers['content-type']}\r\n\r\n".encode("latin-1")
    form = BytesParser(policy=HTTP).parsebytes(head + content.body)
    parts = cast("list[Message]", form.get_payload()) if form.is_multipart() else []
    return [_part(each) for each in parts]


def _part(part: Message) -> Json:
    data = cast("bytes", part.get_payload(decode=True) or b"")
    return {
        **_text(data),
        "name": part.get_param("name", header="content-disposition"),
        "filename": part.get_filename(),
        "type": part["content-type"],
        "size": len(data),
    }


def _text(data: bytes) -> Json:
    """Bytes as text: JSON laid out, another text as it is, and of others only that they are."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return {"kind": "binary"}
    try:
        text, kind = json.dumps(json.loads(text), indent=2, ensure_ascii=False), "json"
    except (ValueError, RecursionError):
        kind = "text"
    return {"kind": kind, "text": _sendable(text[:SHOWN]), "cut": max(len(text) - SHOWN, 0)}


def _sendable(text: str) -> str:
    """A text without halves of surrogate pairs, which JSON can write and UTF-8 cannot."""
    return text.encode(errors="replace").decode()


def _problem(problem: Problem) -> Json:
    return {
        "message": _sendable(problem.message),
        "remedy": problem.remedy,
        "code": problem.code and _sendable(problem.code),
        "param": problem.param and _sendable(problem.param),
    }


def _event(event: Event) -> Json:
    return {"at": event.at, "name": event.name, "data": event.data}


def _frame(frame: Frame) -> Json:
    data = frame.data
    shown: Json = {"kind": "text", "text": data} if isinstance(data, str) else _text(data)
    return {"at": frame.at, "direction": frame.direction, "size": len(data), **shown}


def _close(close: Close) -> Json:
    return {"code": close.code, "reason": close.reason, "by": close.by}
