import json
from pathlib import Path

import pytest
from openai_webhooks import sign
from openai_webhooks.cli import main

Captured = pytest.CaptureFixture[str]


def written(headers: dict[str, str], folder: Path) -> str:
    path = folder / "headers.txt"
    path.write_text("".join(f"{name}: {value}\r\n" for name, value in headers.items()), "utf-8")
    return str(path)


def test_verify_a_genuine_request(body: Path, tmp_path: Path, capsys: Captured):
    headers = sign(body.read_bytes(), webhook_id="wh_1")
    assert main(["verify", str(body), "--headers", written(headers, tmp_path)]) == 0
    expected = f"genuine: response.completed, sent as wh_1 at {headers['webhook-timestamp']}\n"
    assert capsys.readouterr() == (expected, "")


def test_verify_with_headers_as_options_prints_json(body: Path, capsys: Captured):
    headers = sign(body.read_bytes(), webhook_id="wh_1", timestamp=7)
    options = [f"--header={name.title()}:{value}" for name, value in headers.items()]
    assert main(["verify", str(body), *options, "--at", "7", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    event = json.loads(body.read_bytes())
    assert told == {"webhook_id": "wh_1", "timestamp": 7, "event": event}


def test_verify_an_old_request_as_of_its_own_time(body: Path, tmp_path: Path, capsys: Captured):
    headers = written(sign(body.read_bytes(), timestamp=1_000), tmp_path)
    assert main(["verify", str(body), "--headers", headers]) == 1
    assert "too old" in capsys.readouterr().err
    assert main(["verify", str(body), "--headers", headers, "--at", "1000"]) == 0
    assert main(["verify", str(body), "--headers", headers, "--at", "1011"]) == 0
    at_most = ["--at", "1011", "--tolerance", "10"]
    assert main(["verify", str(body), "--headers", headers, *at_most]) == 1


def test_verify_a_forged_request(body: Path, secret: str, tmp_path: Path, capsys: Captured):
    headers = written(sign(b"{}"), tmp_path)
    assert main(["verify", str(body), "--headers", headers]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "No signature" in err
    assert secret not in err


def test_verify_an_unreadable_request(tmp_path: Path, capsys: Captured):
    (tmp_path / "body").write_bytes(b"[]")
    headers = written(sign(b"[]"), tmp_path)
    assert main(["verify", str(tmp_path / "body"), "--headers", headers]) == 1
    assert "genuine, but" in capsys.readouterr().err


def test_verify_without_headers(body: Path, capsys: Captured):
    assert main(["verify", str(body)]) == 1
    assert "webhook-id is missing" in capsys.readouterr().err
