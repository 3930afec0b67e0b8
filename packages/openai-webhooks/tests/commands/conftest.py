from pathlib import Path

import pytest

SECRET = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    """The secret of the environment."""
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", SECRET)
    return SECRET


@pytest.fixture
def body(tmp_path: Path) -> Path:
    """A file with an event."""
    path = tmp_path / "body.json"
    path.write_bytes(b'{"id":"evt_1","type":"response.completed", "data":{"id":"resp_\xc3\xbc"}}\n')
    return path
