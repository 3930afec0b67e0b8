import gzip
import zlib
from collections.abc import Callable

import httpx
import pytest
from openai_mock import MockServerError, faults
from openai_mock.faults.fault import disturbed
from openai_mock.faults.wire import Wait, Wire

Faulty = Callable[..., httpx.Response]


STREAM = (b"content-type", b"text/event-stream")


def pieces(fault: faults.Fault, *given: bytes) -> list[bytes]:
    wire = disturbed(Wire(200, (STREAM, (b"content-length", b"9")), given), [fault])
    assert wire.headers in {(STREAM,), (STREAM, (b"content-encoding", b"gzip"))}
    return [each for each in wire.pieces if isinstance(each, bytes)]


def test_comments_before_every_second_event():
    found = pieces(faults.comments(2, "ping"), b"a", b"b", b"c")
    assert found == [b": ping\n\na", b"b", b": ping\n\nc"]


def test_comments_over_http(faulty: Faulty):
    answer = faulty("comments:1,OPENROUTER PROCESSING")
    assert answer.text.count(": OPENROUTER PROCESSING\n\n") == answer.text.count("data: ")


def test_blank_lines_before_json(faulty: Faulty):
    answer = faulty("blank_lines:2", stream=False)
    assert answer.content.startswith(b"\n\n{")
    assert answer.json()["object"] == "chat.completion"


def test_byte_order_mark_and_crlf(faulty: Faulty):
    answer = faulty("crlf+bom")
    assert answer.content.startswith(b"\xef\xbb\xbfdata: ")
    assert answer.content.count(b"\n") == answer.content.count(b"\r\n") > 0


def test_malformed_events(faulty: Faulty):
    second = faulty("malformed").content.split(b"\n\n")[1]
    assert second == b'data: {"broken": '
    third = faulty("half_character:2").content.split(b"\n\n")[2]
    with pytest.raises(UnicodeDecodeError):
        third.decode()


def test_malformed_event_at_the_end_of_shorter_streams():
    assert len(pieces(faults.malformed(5), b"a")) == 2


def test_no_final_blank_line(faulty: Faulty):
    assert faulty("no_final_blank_line").content.endswith(b"data: [DONE]")
    assert pieces(faults.no_final_blank_line(), b"a\n\n", b"b\r\n\r\n") == [b"a\n\n", b"b"]


def test_gzip_whose_end_is_missing():
    found = b"".join(pieces(faults.gzip_cut(), b"one", b"two"))
    with pytest.raises(EOFError):
        gzip.decompress(found)
    assert zlib.decompressobj(31).decompress(found) == b"onetwo"


def test_gzip_over_http(faulty: Faulty):
    assert faulty("gzip_cut").headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    "fault",
    [faults.bom(), faults.no_final_blank_line(), faults.malformed(9), faults.gzip_cut()],
)
def test_pauses_stay(fault: faults.Fault):
    wire = disturbed(Wire(200, (STREAM,), (b"a", Wait(1), b"b")), [fault])
    assert Wait(1) in list(wire.pieces)


@pytest.mark.parametrize(
    "words", ["comments", "crlf", "no_final_blank_line", "malformed", "half_character", "linger"]
)
def test_what_is_no_stream_is_left_alone(faulty: Faulty, words: str):
    answer = faulty(words, stream=False)
    assert answer.json()["object"] == "chat.completion"
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_impossible_places_are_told():
    for make in (lambda: faults.comments(0), lambda: faults.malformed(-1)):
        with pytest.raises(MockServerError):
            make()
