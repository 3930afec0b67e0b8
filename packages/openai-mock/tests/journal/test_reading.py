import pickle
import string

from hypothesis import given
from hypothesis import strategies as st
from openai_mock.journal import Journal
from openai_mock.journal.recording import Recording

SSE = [(b"content-type", b"text/event-stream; charset=utf-8")]
SECRETS = st.text(string.ascii_letters + string.digits, min_size=12, max_size=40)


def begun(
    journal: Journal, *headers: tuple[bytes, bytes], body: bytes = b"", query: bytes = b""
) -> Recording:
    recording = journal.begin("POST", "/v1/responses", query, list(headers), whole=False)
    journal.received(recording, body, more=False)
    return recording


@given(secret=SECRETS, cut=st.integers(0, 60))
def test_no_secret_is_in_a_record_whatever_repeats_it(secret: str, cut: int):
    journal = Journal()
    key = secret.encode()
    sent = b'{"input": "%b", "tools": [{"authorization": "other-%b"}]}' % (key, key)
    recording = begun(
        journal, (b"authorization", b"Bearer " + key), body=sent, query=b"api_key=" + key
    )
    journal.responded(recording, 200, [*SSE, (b"set-cookie", b"id=" + key)])
    answer = b'data: {"echo": "%b"}\n\n' % key
    journal.sent(recording, answer[:cut], more=True)
    journal.sent(recording, answer[cut:], more=False)
    exchange = journal.requests[-1]
    assert exchange.response
    [event] = exchange.response.events
    assert event.json() == {"echo": "[removed]"}
    assert exchange.json()["tools"] == [{"authorization": "[removed]"}]
    assert secret not in repr(exchange) + repr(exchange.request) + repr(exchange.response)
    assert key not in pickle.dumps(exchange)


def test_no_secret_is_in_frames():
    journal = Journal()
    headers = [(b"authorization", b"Bearer sk-0123456789")]
    recording = journal.begin("WEBSOCKET", "/v1/realtime", b"", headers, whole=True)
    journal.framed(recording, "in", 'key sk-0123456789, {"client_secret": "x"}')
    journal.framed(recording, "out", b"key sk-0123456789")
    first, second = journal.requests[-1].frames
    assert first.data == 'key [removed], {"client_secret": "[removed]"}'
    assert second.data == b"key [removed]"


def test_frame_with_half_a_surrogate_pair_is_shown():
    journal = Journal()
    recording = journal.begin("WEBSOCKET", "/v1/realtime", b"", [], whole=True)
    journal.framed(recording, "in", "a\ud800")
    assert journal.requests[-1].frames[0].data == "a?"


def test_what_a_request_is_about_is_known_when_all_of_it_is_there():
    journal = Journal()
    recording = journal.begin("POST", "/v1/responses", b"", [], whole=False)
    journal.responded(recording, 401, [])
    assert recording.reading.about().model is None
    journal.received(recording, b'{"model": "gpt-5.5"}', more=False)
    assert journal.requests[-1].model == "gpt-5.5"


@given(
    names=st.lists(st.sampled_from(["a", "b.c", "error-free"]), max_size=8),
    cuts=st.lists(st.integers(1, 40), max_size=20),
)
def test_events_are_those_that_were_sent_however_they_were_cut(names: list[str], cuts: list[int]):
    journal = Journal()
    recording = begun(journal)
    journal.responded(recording, 200, SSE)
    rest = b"".join(b'event: %b\ndata: {"n": 1}\n\n' % name.encode() for name in names)
    for cut in cuts:
        journal.sent(recording, rest[:cut], more=True)
        rest = rest[cut:]
        response = recording.reading.response()
        assert response
        assert response.events == recording.reading.events()
    journal.sent(recording, rest, more=False)
    assert [(each.name, each.data) for each in recording.reading.events()] == [
        (name, '{"n": 1}') for name in names
    ]


def test_body_of_another_type_has_no_events():
    journal = Journal()
    recording = begun(journal)
    journal.responded(recording, 200, [(b"content-type", b"text/plain")])
    journal.sent(recording, b"data: 1\n\n", more=False)
    assert recording.reading.events() == ()


def test_problem_is_found_while_a_socket_is_open_and_stays():
    journal = Journal()
    recording = journal.begin("WEBSOCKET", "/v1/realtime", b"", [], whole=True)
    assert recording.reading.problem() is None
    journal.framed(recording, "out", '{"type": "error", "error": {"message": "First."}}')
    assert recording.reading.problem()
    journal.framed(recording, "out", '{"type": "session.updated"}')
    found = recording.reading.problem()
    assert found
    assert found.message == "First."
    journal.end(recording, "complete")
    assert recording.reading.problem() == found


def test_time_of_an_exchange_is_of_the_clocks_that_were_given():
    now = [10.0]
    journal = Journal(clock=lambda: 1_750_000_000.0, timer=lambda: now[0])
    recording = begun(journal)
    now[0] = 10.25
    journal.responded(recording, 200, SSE)
    journal.sent(recording, b"data: 1\n\n", more=True)
    now[0] = 11.0
    journal.sent(recording, b"", more=False)
    exchange = journal.requests[0]
    assert exchange.started.timestamp() == 1_750_000_000
    assert exchange.duration == 1.0
    assert exchange.response
    assert [each.at for each in exchange.response.events] == [0.25]
