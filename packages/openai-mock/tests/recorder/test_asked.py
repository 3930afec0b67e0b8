from openai_mock.recorder.asked import Asked, written
from openai_mock.recorder.exchange import Request
from openai_mock.recorder.redaction import Redactor


def test_request_is_written_without_what_says_who_asks():
    asked = Asked(
        "POST",
        b"/v1/files",
        b"api_key=0123456789abcdef&limit=2",
        [
            (b"host", b"127.0.0.1:1"),
            (b"authorization", b"Bearer 0123456789abcdef"),
            (b"user-agent", b"me"),
            (b"openai-beta", b"assistants=v2"),
            (b"content-type", b"multipart/form-data; boundary=abc"),
        ],
        b'--abc\r\ncontent-disposition: form-data; name="a"\r\n\r\n0123456789abcdef\r\n--abc--',
    )
    disposition = ["content-disposition", 'form-data; name="a"']
    assert written(asked, Redactor()) == Request(
        "POST",
        "/v1/files?api_key=[removed]&limit=2",
        (("openai-beta", "assistants=v2"), ("content-type", "multipart/form-data")),
        {"multipart": [{"headers": [disposition], "text": "[removed]"}]},
    )
    assert "0123456789abcdef" not in repr(asked).replace("api_key=0123456789abcdef", "")


def test_websocket_is_written_without_headers():
    asked = Asked("WEBSOCKET", b"/v1/realtime", b"model=m", [(b"accept", b"*/*")])
    assert written(asked, Redactor()) == Request("WEBSOCKET", "/v1/realtime?model=m", (), {})
