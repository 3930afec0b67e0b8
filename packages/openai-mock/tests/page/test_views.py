import json
from typing import Any

import pytest
from openai_mock import Journal
from openai_mock.journal.recording import Recording
from openai_mock.page.views import BATCH, SHOWN, details, shown_body, summary
from pydantic_core import from_json, to_json

SSE = [(b"content-type", b"text/event-stream")]
FORM = (
    b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n"batch"\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="<b>.bin"\r\n'
    b"Content-Type: audio/wav\r\n\r\n\xff\x00\r\n--b--\r\n"
)


def recorded(
    body: bytes = b"", content_type: bytes = b"application/json", journal: Journal | None = None
) -> tuple[Journal, Recording]:
    journal = journal or Journal()
    headers = [(b"content-type", content_type), (b"host", b"x")]
    recording = journal.begin("POST", "/v1/responses", b"", headers, whole=False)
    journal.received(recording, body, more=False)
    return journal, recording


def sent(value: object) -> Any:  # Any: JSON
    """What a browser gets."""
    return from_json(to_json(value))


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"a":[1.0,12345678901234567890]}', ("json", None)),
        (b"plain", ("text", "plain")),
        (b'{"a"', ("text", '{"a"')),
        (b"\xff\xfe", ("binary", None)),
        (b'"half a pair: \\ud800"', ("json", '"half a pair: ?"')),
    ],
)
def test_bodies(body: bytes, shown: tuple[str, str | None]):
    _, recording = recorded(body)
    found = sent(shown_body(recording.reading.request()))
    kind, text = shown
    assert (found["kind"], found["size"]) == (kind, len(body))
    if text is not None:
        assert found["text"] == text
    elif kind == "json":
        assert json.loads(found["text"]) == json.loads(body)
        assert "\n  " in found["text"]


def test_no_body_is_none():
    _, recording = recorded()
    assert shown_body(recording.reading.request()) is None


def test_long_body_is_cut():
    _, recording = recorded(b"x" * (SHOWN + 5), b"text/plain")
    found = sent(shown_body(recording.reading.request()))
    assert (len(found["text"]), found["cut"]) == (SHOWN, 5)


def test_form_is_shown_part_by_part():
    _, recording = recorded(FORM, b"multipart/form-data; boundary=b")
    found = sent(shown_body(recording.reading.request()))
    purpose, file = found["parts"]
    assert (purpose["name"], purpose["text"], purpose["filename"]) == ("purpose", '"batch"', None)
    assert (file["name"], file["filename"], file["type"]) == ("file", "<b>.bin", "audio/wav")
    assert (file["kind"], file["size"]) == ("binary", 2)


@pytest.mark.parametrize(
    "content_type", [b"multipart/form-data", b"multipart/form-data; boundary=z"]
)
def test_form_that_cannot_be_read_has_no_parts(content_type: bytes):
    _, recording = recorded(FORM, content_type)
    assert sent(shown_body(recording.reading.request()))["parts"] == []


def test_summary_has_what_the_list_shows():
    journal, recording = recorded(b'{"model": "gpt-5.5", "input": "Hi"}')
    found = sent(summary(recording))
    assert (found["operation"], found["model"], found["excerpt"]) == (
        "responses.create",
        "gpt-5.5",
        "Hi",
    )
    assert (found["status"], found["ended"], found["problem"]) == (None, None, None)
    journal.responded(recording, 400, [])
    error = {"message": "No \ud800", "code": "c", "param": "p"}
    journal.sent(recording, json.dumps({"error": error}).encode(), more=False)
    found = sent(summary(recording))
    assert (found["status"], found["ended"]) == (400, "complete")
    assert (found["problem"]["message"], found["problem"]["param"]) == ("No ?", "p")


def test_events_are_sent_in_batches_from_where_the_page_is():
    journal, recording = recorded(b"{}")
    assert sent(details(recording))["response"] is None
    journal.responded(recording, 200, SSE)
    for number in range(BATCH + 1):
        journal.sent(recording, b"event: e\ndata: %d\n\n" % number, more=True)
    first = sent(details(recording))
    assert [each["data"] for each in first["events"]] == [str(each) for each in range(BATCH)]
    assert first["more"]
    assert first["response"]["body"] is None
    assert first["request"]["curl"]
    rest = sent(details(recording, BATCH))
    assert [each["data"] for each in rest["events"]] == [str(BATCH)]
    assert (rest["more"], rest["first"], rest["request"]) == (False, BATCH, None)


def test_frames_are_sent_from_where_the_page_is_or_what_is_left_of_them():
    journal = Journal(body_limit=2000)
    recording = journal.begin("WEBSOCKET", "/v1/realtime", b"", [], whole=True)
    journal.framed(recording, "in", b"\xff")
    journal.framed(recording, "out", b'{"type": "a"}')
    found = sent(details(recording))
    assert [(each["direction"], each["kind"]) for each in found["frames"]] == [
        ("in", "binary"),
        ("out", "json"),
    ]
    assert [each["size"] for each in sent(details(recording, 1))["frames"]] == [13]
    for _ in range(20):
        journal.framed(recording, "out", "x" * 100)
    found = sent(details(recording, 2))
    assert found["first"] == found["frames_dropped"] > 2
    assert found["first"] + len(found["frames"]) == 22
