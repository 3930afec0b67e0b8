from pathlib import Path

import pytest
from openai_mock.recorder.exchange import End, Exchange, Message, Request
from openai_mock.recorder.shelf import NotOnTapeError, Shelf
from openai_mock.recorder.tape import Tape

HI = Request("POST", "/v1/responses", (), {"json": {"input": "Hi"}})
HO = Request("POST", "/v1/responses", (), {"json": {"input": "Ho"}})
TALK = Request("WEBSOCKET", "/v1/realtime", (), {})


def shelf_of(*requests: Request, ignore: tuple[str, ...] = ()) -> Shelf:
    exchanges = [Exchange(n, each, (End("complete", 0),)) for n, each in enumerate(requests, 1)]
    return Shelf(Tape(Path("a.jsonl"), "/v1", tuple(exchanges)), ignore)


def test_same_request_gets_its_exchanges_in_order():
    shelf = shelf_of(HI, HO, HI)
    assert [shelf.take(each).number for each in (HI, HI, HO)] == [1, 3, 2]
    assert shelf.mismatch(allow_unused=False) is None


def test_request_that_is_used_up_is_told():
    shelf = shelf_of(HI, HO)
    shelf.take(HI)
    with pytest.raises(NotOnTapeError, match=r"is on the tape a.jsonl once, and has been asked"):
        shelf.take(HI)


def test_unknown_request_is_told_with_the_nearest():
    with pytest.raises(NotOnTapeError) as caught:
        shelf_of(HI).take(HO)
    assert str(caught.value) == (
        "POST /v1/responses is not on the tape a.jsonl. What is most like it is number 1, POST "
        '/v1/responses, and differs:\n- body.input: recorded "Hi", now "Ho"'
    )
    with pytest.raises(NotOnTapeError, match=r"nothing is\.$"):
        shelf_of().take(HI)


def test_ignored_field():
    assert shelf_of(HI, ignore=("input",)).take(HO).number == 1


def test_all_that_went_otherwise_is_told_in_the_end():
    shelf = shelf_of(HI, HO, HI)
    shelf.take(HI)
    with pytest.raises(NotOnTapeError):
        shelf.take(TALK)
    found = shelf.mismatch(allow_unused=False)
    assert found
    assert found.unused == ("number 2, POST /v1/responses", "number 3, POST /v1/responses")
    assert len(found.unexpected) == 1
    for told in (*found.unused, "WEBSOCKET /v1/realtime is not on the tape", "record it anew"):
        assert told in str(found)


def test_left_over_exchanges_can_be_allowed():
    shelf = shelf_of(HI)
    assert shelf.mismatch(allow_unused=True) is None
    assert shelf.mismatch(allow_unused=False)


@pytest.mark.parametrize(
    ("recorded", "sent"),
    [('{"a": 1, "id": 1}', '{"id": 2, "a": 1.0}'), (b"\x01", b"\x01"), ("not json", "not json")],
)
def test_same_message(recorded: str | bytes, sent: str | bytes):
    shelf = shelf_of(TALK, ignore=("id",))
    exchange = shelf.take(TALK)
    shelf.check_message(exchange, Message("client", recorded, 0), sent)
    assert shelf.mismatch(allow_unused=False) is None


@pytest.mark.parametrize(
    ("recorded", "sent", "told"),
    [
        ('{"a": 1}', '{"a": 2}', "message.a: recorded 1, now 2"),
        ("\x01", b"\x01", "message: recorded"),
        ("01", b"\x01", "text and bytes"),
    ],
)
def test_other_message(recorded: str | bytes, sent: str | bytes, told: str):
    shelf = shelf_of(TALK)
    exchange = shelf.take(TALK)
    with pytest.raises(NotOnTapeError, match=told):
        shelf.check_message(exchange, Message("client", recorded, 0), sent)
    assert shelf.mismatch(allow_unused=True)
