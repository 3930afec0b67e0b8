import itertools
import json
import socket
from pathlib import Path

import pytest
from openai_webhooks import Webhook
from openai_webhooks.cli import main

from ..receivers import receiving  # noqa: TID252 - the tests of a package are one

Captured = pytest.CaptureFixture[str]


def test_deliver_a_body_that_is_taken(body: Path, secret: str, capsys: Captured):
    with receiving(202) as receiver:
        assert main(["deliver", receiver.url, "--body", str(body), "--id", "wh_1"]) == 0
    (request,) = receiver.requests
    delivery = Webhook(secret).verified(request.body, request.headers)
    assert (delivery.id, delivery.body) == ("wh_1", body.read_bytes())
    assert capsys.readouterr() == ("attempt 1: answered with 202\n", "")


@pytest.mark.parametrize(
    ("options", "data"),
    [([], {"id": "made_up"}), (["--data", '{"id": "b", "n": [1]}'], {"id": "b", "n": [1]})],
)
def test_deliver_an_event_of_a_type(options: list[str], data: object, secret: str):
    with receiving() as receiver:
        assert main(["deliver", receiver.url, "--type", "batch.failed", *options]) == 0
    (request,) = receiver.requests
    event = Webhook(secret).unwrap(request.body, request.headers)
    assert event.type == "batch.failed"
    assert event.data.to_dict() == data
    assert json.loads(request.body).keys() == {"id", "object", "created_at", "type", "data"}


def test_deliver_tries_again(capsys: Captured):
    with receiving(500, 500, 204) as receiver:
        arguments = ["deliver", receiver.url, "--type", "a", "--retries", "5", "--wait", "0"]
        assert main(arguments) == 0
    outcomes = (500, 500, 204)
    expected = [f"attempt {n}: answered with {each}" for n, each in enumerate(outcomes, 1)]
    assert capsys.readouterr().out.splitlines() == expected


def test_deliver_to_a_receiver_that_refuses(capsys: Captured):
    with receiving(400) as receiver:
        arguments = ["deliver", receiver.url, "--type", "a", "--retries", "1", "--wait", "0"]
        assert main(arguments) == 1
    assert len(receiver.requests) == 2
    assert capsys.readouterr().err == ""


def test_deliver_to_nobody(capsys: Captured):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert main(["deliver", f"http://127.0.0.1:{port}/?token", "--type", "a"]) == 1
    out, err = capsys.readouterr()
    assert out == "attempt 1: not answered\n"
    assert "start the receiver first" in err
    assert "token" not in err


def test_deliver_data_that_is_no_json(capsys: Captured):
    assert main(["deliver", "http://127.0.0.1:9", "--type", "a", "--data", "{"]) == 1
    assert "the data is no JSON" in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--type", "a", "--body", "b"]])
def test_deliver_needs_one_event(options: list[str], capsys: Captured):
    with pytest.raises(SystemExit) as ended:
        main(list(itertools.chain(["deliver", "http://127.0.0.1:9"], options)))
    assert ended.value.code == 2
    assert "--type" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (["--retries", "-1"], "no whole number"),
        (["--retries", "two"], "no whole number"),
        (["--wait", "-1"], "no number of seconds"),
        (["--wait", "nan"], "no number of seconds"),
        (["--wait", "soon"], "no number of seconds"),
    ],
)
def test_deliver_tells_what_numbers_it_takes(option: list[str], told: str, capsys: Captured):
    with pytest.raises(SystemExit):
        main(["deliver", "http://127.0.0.1:9", "--type", "a", "--retries", "1", *option])
    assert told in capsys.readouterr().err
