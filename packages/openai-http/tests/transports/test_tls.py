import ssl
from pathlib import Path
from typing import Any

import pytest
from openai_http import OpenAIError
from openai_http.connections.network import Network
from openai_http.transports.httpx import usual_context
from openai_http.transports.tls import context_for, pem_for


def usual() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest.fixture(autouse=True)
def _no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


def subjects(context: ssl.SSLContext) -> int:
    return len(context.get_ca_certs())


def test_contexts_are_made_once_for_each_setting():
    assert context_for(Network(), usual) is context_for(Network(), usual)
    assert context_for(Network(), usual) is not context_for(Network(), usual, http2=True)
    assert context_for(Network(), usual) is not context_for(Network(verify=False), usual)


def test_everything_is_checked_unless_it_is_said_otherwise():
    context = context_for(Network(), usual_context)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert subjects(context) > 50
    loose = context_for(Network(verify=False), usual)
    assert (loose.verify_mode, loose.check_hostname) == (ssl.CERT_NONE, False)
    own = usual()
    assert context_for(Network(verify=own), usual) is own


def test_ca_is_trusted_instead_of_the_usual(authority: Any, tmp_path: Path):
    assert subjects(context_for(Network(ca=authority.ca), usual)) == 1
    assert context_for(Network(ca=tmp_path), usual).verify_mode == ssl.CERT_REQUIRED


def test_environment_is_asked_after_the_argument(
    authority: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert subjects(context_for(Network(), usual_context)) == 0
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca))
    assert subjects(context_for(Network(), usual)) == 1
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    assert subjects(context_for(Network(ca=str(authority.ca)), usual)) == 1
    with pytest.raises(OpenAIError, match=r"none\.pem \(SSL_CERT_FILE\)"):
        context_for(Network(), usual)


@pytest.mark.parametrize("password", [None, "wrong"])
def test_encrypted_key_asks_for_no_password(authority: Any, password: str | None, tmp_path: Path):
    pytest.importorskip("cryptography")
    from cryptography.hazmat.primitives import serialization

    plain = authority.client.read_bytes()
    key = serialization.load_pem_private_key(plain, None)
    secret = tmp_path / "key.pem"
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"right"),
        )
    )
    parts: Any = (
        (authority.client, secret) if password is None else (authority.client, secret, password)
    )
    with pytest.raises(OpenAIError, match="own certificate cannot be loaded from"):
        context_for(Network(cert=parts), usual)
    assert context_for(Network(cert=(authority.client, secret, "right")), usual)
    with pytest.raises(OpenAIError, match="has a password, which this transport does not take"):
        pem_for(Network(cert=(authority.client, secret, "right")))


def test_certificates_for_libraries_without_contexts(
    authority: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert pem_for(Network()) == (b"", b"")
    ca, own = authority.ca.read_bytes(), authority.client.read_bytes()
    assert pem_for(Network(ca=authority.ca, cert=authority.client)) == (ca, own)
    (tmp_path / "0a1b2c3d.0").write_bytes(ca)
    (tmp_path / "README").write_text("no certificate")
    assert pem_for(Network(ca=tmp_path)) == (ca, b"")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.client))
    assert pem_for(Network()) == (own, b"")
    assert pem_for(Network(verify=False)) == (b"", b"")
    with pytest.raises(OpenAIError, match=r"none\.pem \(ca\)"):
        pem_for(Network(ca=tmp_path / "none.pem"))
