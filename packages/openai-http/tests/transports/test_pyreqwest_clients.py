from pathlib import Path
from typing import Any

import pytest
from openai_http import Limits, OpenAIError, Timeout
from openai_http.connections.network import Network
from openai_http.messages import Request
from openai_http.transports import pyreqwest_clients as module
from openai_http.transports.patience import Patience
from openai_http.transports.pyreqwest_clients import Clients
from openai_http.transports.routes import Routes
from openai_http.transports.waking import ThreadWaiter


def clients_for(url: str, **network: Any) -> Clients:
    return Clients(Network(proxy=None, **network), Routes(None).find(url))


def prepare(clients: Clients, url: str, timeout: Timeout | None, content: bytes = b"") -> None:
    clients.prepare(Request("POST", url, {}, content), Patience(timeout), ThreadWaiter())


def test_each_pair_of_limits_has_a_client_up_to_a_number():
    clients = clients_for("http://h", limits=Limits(keepalive_expiry=None))
    for timeout in (None, Timeout(5), Timeout(5, pool=1), Timeout(5, connect=1)):
        prepare(clients, "http://h", timeout)
    assert len(clients._made) == 3
    prepare(clients, "http://h", Timeout(5), bytes(100_000))  # which takes its time
    assert len(clients._made) == 4
    for seconds in range(100):
        prepare(clients, "http://h", Timeout(seconds))
    assert len(clients._made) == module._MOST_CLIENTS
    clients.close()
    assert clients._made == {}


def test_certificates_that_pyreqwest_does_not_take(authority: Any, tmp_path: Path):
    broken = tmp_path / "0a1b2c3d.0"  # nobody looks into a folder before it is needed
    broken.write_bytes(authority.ca.read_bytes().replace(b"\nM", b"\n!", 1))
    with pytest.raises(OpenAIError, match="does not take the certificates: invalid"):
        prepare(clients_for("https://h", ca=tmp_path), "https://h", None)


def test_user_s_own_use_of_pyreqwest_before_a_fork(monkeypatch: pytest.MonkeyPatch):
    """The library itself refuses then, with an error of its own."""

    class Builder:
        def build(self) -> Any:
            raise RuntimeError

    with pytest.raises(OpenAIError, match="does not work in this process"):
        module._built(Builder())  # type: ignore[arg-type]
    monkeypatch.setattr(module, "_BEGAN_IN", [0])
    with pytest.raises(OpenAIError, match="Start processes by the method spawn"):
        clients_for("http://h")


def test_system_without_certificates():
    class Builder:
        def build(self) -> Any:
            raise ValueError("none found")

    with pytest.raises(OpenAIError, match=r"certificates: none found\. Check ca"):
        module._built(Builder())  # type: ignore[arg-type]
