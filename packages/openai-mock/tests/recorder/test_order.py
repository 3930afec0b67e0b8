import pytest
from openai_mock.recorder.exchange import (
    Accepted,
    Chunk,
    End,
    Event,
    Head,
    Headers,
    Message,
    Request,
)
from openai_mock.recorder.lines import LineError
from openai_mock.recorder.order import check_order

GET = Request("GET", "/v1/models", (), {})
HEAD = Request("HEAD", "/v1/models", (), {})
SOCKET = Request("WEBSOCKET", "/v1/realtime", (), {})
CHUNK, MESSAGE, ACCEPTED = Chunk(b"four", 0), Message("client", "a", 0), Accepted(None, 0)
COMPLETE, CUT, CLOSED = End("complete", 0), End("cut", 0), End("closed", 0, "client", 1000, "")


def head(length: str | None = None, status: int = 200) -> Head:
    headers: Headers = (("content-length", length),) if length is not None else ()
    return Head(status, headers, 0)


def check(request: Request, *events: Event) -> None:
    for place, event in enumerate(events):
        check_order(request, events[:place], event)


@pytest.mark.parametrize(
    ("request_", "events"),
    [
        (GET, (CUT,)),
        (GET, (head(), COMPLETE)),
        (GET, (head("8"), CHUNK, CHUNK, COMPLETE)),
        (GET, (head("8"), CHUNK, CUT)),
        (GET, (head("8", 304), COMPLETE)),
        (HEAD, (head("8"), COMPLETE)),
        (SOCKET, (ACCEPTED, MESSAGE, CLOSED)),
        (SOCKET, (ACCEPTED, CUT)),
        (SOCKET, (head(status=401), CHUNK, COMPLETE)),
    ],
)
def test_what_can_be_replayed(request_: Request, events: tuple[Event, ...]):
    check(request_, *events)


@pytest.mark.parametrize(
    ("request_", "events", "told"),
    [
        (GET, (COMPLETE,), "how GET /v1/models was answered: a status or an end"),
        (GET, (CHUNK,), "how GET /v1/models was answered"),
        (GET, (ACCEPTED,), "how GET /v1/models was answered"),
        (SOCKET, (MESSAGE,), "a status, an accepted WebSocket or an end"),
        (GET, (head(), head()), "a chunk of an answer"),
        (GET, (head(), MESSAGE), "a chunk of an answer"),
        (GET, (head(), CLOSED), "only a WebSocket is closed"),
        (SOCKET, (ACCEPTED, CHUNK), "a message on a WebSocket"),
        (SOCKET, (ACCEPTED, COMPLETE), "a message on a WebSocket"),
        (GET, (head("8"), CHUNK, COMPLETE), "content-length is 8, and the chunks have 4"),
        (GET, (head("3"), CHUNK), "content-length is 3, and the chunks have 4"),
        (GET, (head("x"), CHUNK), "content-length is x"),
    ],
)
def test_what_cannot(request_: Request, events: tuple[Event, ...], told: str):
    with pytest.raises(LineError, match=told):
        check(request_, *events)
