"""An HTTP server that answers every request with canned bytes, so that only clients are measured.

Run as a process: prints its port, then serves until its standard input is closed.
"""

from __future__ import annotations

import asyncio
import json
import sys

CHUNKS = 2000

COMPLETION = json.dumps(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "gpt-5.5",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "logprobs": None,
                "message": {"role": "assistant", "content": "Hello there.", "refusal": None},
            }
        ],
        "usage": {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8},
    }
).encode()


def chunk(content: str, finish_reason: str | None = None) -> bytes:
    """One server-sent event of a chat stream."""
    choice = {
        "index": 0,
        "delta": {"content": content},
        "logprobs": None,
        "finish_reason": finish_reason,
    }
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": "gpt-5.5",
        "system_fingerprint": "fp_1",
        "choices": [choice],
    }
    return b"data: " + json.dumps(body).encode() + b"\n\n"


FIRST = 1_000_000  # the sequence number of the event that is sent over and over; all are as long
RESPONSE = {"id": "resp_1", "object": "response", "created_at": 1_700_000_000, "model": "gpt-5.5"}
MESSAGE = {"id": "msg_1", "type": "message", "role": "assistant", "status": "in_progress"}
PART: dict[str, object] = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
DONE = {**MESSAGE, "status": "completed", "content": [PART]}
AT = {"item_id": "msg_1", "output_index": 0, "content_index": 0}


def event(kind: str, number: int, **fields: object) -> bytes:
    """One server-sent event of a response."""
    body = {"type": f"response.{kind}", "sequence_number": number, **fields}
    return f"event: {body['type']}\ndata: {json.dumps(body)}\n\n".encode()


def response(status: str, **fields: object) -> dict[str, object]:
    """A response with all that the official package wants of one."""
    return {
        **RESPONSE,
        "status": status,
        "output": [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        **fields,
    }


# By the path of the request: what begins the stream, an event that is sent over and over, and what
# ends the stream.
STREAMS = {
    b"/v1/chat/completions": (b"", chunk("word "), chunk("", "stop") + b"data: [DONE]\n\n"),
    b"/v1/responses": (
        event("created", 0, response=response("in_progress"))
        + event("output_item.added", 1, output_index=0, item={**MESSAGE, "content": []})
        + event("content_part.added", 2, **AT, part=PART),
        event("output_text.delta", FIRST, **AT, delta="word ", logprobs=[]),
        event("output_item.done", 2 * FIRST, output_index=0, item=DONE)
        + event("completed", 2 * FIRST + 1, response=response("completed", output=[DONE])),
    ),
}
# In a header of the request: how many events there are, and whether all but the first come late.
EVENTS, LATE = b"x-events", b"x-late"
LATER = 0.02  # seconds: long after a client has seen the first event


def head(content_type: str, length: int) -> bytes:
    """The head of an HTTP response."""
    lines = f"content-type: {content_type}\r\nx-request-id: req_1\r\ncontent-length: {length}"
    return f"HTTP/1.1 200 OK\r\n{lines}\r\n\r\n".encode()


async def serve_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection, one after another."""
    try:
        while True:
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
            headers = dict(line.split(b": ", 1) for line in lines if line)
            body = await reader.readexactly(int(headers[b"content-length"]))
            if b'"stream":true' in body.replace(b" ", b""):
                await send_stream(writer, first.split()[1], headers)
            else:
                writer.write(head("application/json", len(COMPLETION)) + COMPLETION)
            await writer.drain()
    # Cancelled at the end of the program, which asyncio would report.
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        writer.close()


async def send_stream(
    writer: asyncio.StreamWriter, path: bytes, headers: dict[bytes, bytes]
) -> None:
    """Send as many events as a request asks for."""
    opening, event, end = STREAMS[path]
    count = int(headers.get(EVENTS, CHUNKS)) - 1
    writer.write(head("text/event-stream", len(opening) + len(event) * count + len(end)))
    writer.write(opening)
    sent = 0
    if LATE in headers:
        writer.write(event)
        sent = 1
        await writer.drain()
        await asyncio.sleep(LATER)
    batch = 1000  # events that are written at once
    first = str(FIRST).encode()
    for begin in range(sent, count, batch):
        numbers = range(begin, min(begin + batch, count))
        if first in event:
            writer.write(b"".join(event.replace(first, b"%d" % (FIRST + n)) for n in numbers))
        else:
            writer.write(event * len(numbers))
        await writer.drain()
    writer.write(end)


async def main() -> None:
    """Serve until standard input ends."""
    server = await asyncio.start_server(serve_connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
