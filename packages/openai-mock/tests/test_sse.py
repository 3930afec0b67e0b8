from openai_mock import sse


def test_named_events_repeat_their_type():
    frames = list(sse.named([{"type": "response.created", "text": "ü\n"}]))
    assert frames == [
        b'event: response.created\ndata: {"type":"response.created","text":"\xc3\xbc\\n"}\n\n'
    ]


def test_unnamed_chunks_end_with_the_mark():
    assert list(sse.unnamed([{"id": 1}])) == [b'data: {"id":1}\n\n', b"data: [DONE]\n\n"]
