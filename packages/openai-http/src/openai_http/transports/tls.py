"""Which certificates are trusted, and which one is shown: contexts of TLS, made once a process.

Decides by the arguments of the client, or else by SSL_CERT_FILE and SSL_CERT_DIR. Knows nothing
of servers.
"""

from __future__ import annotations

import os
import ssl
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from openai_types.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai_http.connections.network import CertTypes, Network, PathTypes


def context_for(
    network: Network, usual: Callable[[], ssl.SSLContext], *, http2: bool = False
) -> ssl.SSLContext:
    """The context for servers with TLS.

    Args:
        network: what the client was told.
        usual: makes the context that trusts what programs usually do.
        http2: it is offered to servers; a context can be used with it or without it.

    Raises:
        OpenAIError: certificates cannot be loaded; the message names the file and the remedy.
    """
    if isinstance(network.verify, ssl.SSLContext):
        return network.verify
    source = _source(network) if network.verify else None
    return _made(source, network.cert, usual, http2=http2)


def _source(network: Network) -> tuple[str, PathTypes | None]:
    """The file or folder of certificates to trust, if there is one, and who named it."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if network.ca is not None:
        return "ca", network.ca
    return ("SSL_CERT_FILE", file) if file else ("SSL_CERT_DIR", folder)


def pem_for(network: Network) -> tuple[bytes, bytes]:
    """The certificates to trust, and the client's own with its key, for libraries without contexts.

    Both are in PEM format; empty are those of the usual ones, and one that the client has not.

    Raises:
        OpenAIError: they cannot be loaded, or the key has a password.
    """
    context_for(network, _empty_context)  # says what is wrong with them
    trusted = own = b""
    _, named = _source(network)
    if network.verify and named:
        place = Path(named)
        files = sorted(place.glob("*.[0-9]")) if place.is_dir() else [place]
        trusted = b"\n".join(file.read_bytes() for file in files)
    if network.cert is not None:
        files = network.cert if isinstance(network.cert, tuple) else (network.cert,)
        own = b"\n".join(Path(file).read_bytes() for file in files[:2])
        if b"ENCRYPTED" in own:
            raise InvalidArgumentError(
                "The key of the client's own certificate has a password, which this transport does"
                " not take. Pass a file without one, or leave transport out."
            )
    return trusted, own


def _empty_context() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@lru_cache(maxsize=32)
def _made(
    trusted: tuple[str, PathTypes | None] | None,
    cert: CertTypes | None,
    usual: Callable[[], ssl.SSLContext],
    *,
    http2: bool,
) -> ssl.SSLContext:
    """The context of these settings; `trusted` is None where everything is."""
    del http2  # a part of the key
    if trusted is None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif trusted[1]:
        context = _trusting(trusted[0], trusted[1])
    else:
        context = usual()
    if cert is not None:
        _show(context, cert)
    return context


def _trusting(source: str, path: PathTypes) -> ssl.SSLContext:
    place = Path(path)
    try:
        if place.is_dir():
            return ssl.create_default_context(capath=place)
        return ssl.create_default_context(cafile=place)
    except OSError as error:  # those of TLS are of its kinds
        raise InvalidArgumentError(
            f"The certificates to trust cannot be loaded from {place} ({source}): {error}. Name a"
            " file in PEM format, or a folder of such files that c_rehash has prepared."
        ) from error


def _show(context: ssl.SSLContext, cert: CertTypes) -> None:
    chain, *rest = cert if isinstance(cert, tuple) else (cert,)
    key, password = (*rest, None, None)[:2]
    try:
        # Without a function, OpenSSL would ask on the terminal for a password that was not given.
        context.load_cert_chain(chain, key, lambda: str(password or ""))
    except (OSError, TypeError, ValueError) as error:
        raise InvalidArgumentError(
            f"The client's own certificate cannot be loaded from {chain}: {error}. Pass"
            " cert=file, with certificate and key in PEM format, or cert=(file, key) or (file,"
            " key, password)."
        ) from error
