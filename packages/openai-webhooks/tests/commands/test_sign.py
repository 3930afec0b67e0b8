import io
import sys
from pathlib import Path

import pytest
from openai_webhooks import sign
from openai_webhooks.cli import main


def test_sign_prints_headers_that_verify(
    body: Path, secret: str, capsys: pytest.CaptureFixture[str]
):
    assert main(["sign", str(body), "--id", "wh_1", "--timestamp", "1760000000"]) == 0
    headers = sign(body.read_bytes(), secret=secret, webhook_id="wh_1", timestamp=1_760_000_000)
    expected = "".join(f"{name}: {value}\n" for name, value in headers.items())
    assert capsys.readouterr() == (expected, "")


def test_sign_reads_the_standard_input_byte_for_byte(
    secret: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\r\n"), "utf-8"))
    assert main(["sign", "-", "--id", "wh_1", "--timestamp", "1"]) == 0
    expected = sign(b"\xff\r\n", secret=secret, webhook_id="wh_1", timestamp=1)
    assert expected["webhook-signature"] in capsys.readouterr().out


def test_sign_with_the_secrets_of_files(
    body: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    for name in ("old", "new"):
        (tmp_path / name).write_text(f"{name} secret\n")
    files = [f"--secret-file={tmp_path / name}" for name in ("old", "new")]
    assert main(["sign", str(body), "--id", "i", "--timestamp", "1", *files]) == 0
    secrets = ["old secret", "new secret"]
    expected = sign(body.read_bytes(), secret=secrets, webhook_id="i", timestamp=1)
    assert f"webhook-signature: {expected['webhook-signature']}\n" in capsys.readouterr().out
