"""How a client connects: what a user says of it, checked when it is said. It opens nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from openai_types.errors import InvalidArgumentError, InvalidTypeError

from openai_http.connections.limits import DEFAULT_LIMITS, Limits
from openai_http.sentinels import NOT_GIVEN, is_given

if TYPE_CHECKING:
    import ssl

PathTypes: TypeAlias = "str | os.PathLike[str]"
CertTypes: TypeAlias = "PathTypes | tuple[PathTypes, PathTypes] | tuple[PathTypes, PathTypes, str]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How connections are made.

    Attributes:
        proxy: the URL of the proxy for everything, None for none, `NOT_GIVEN` for that of the
            environment.
        verify: False to accept every server, or a context of one's own for everything.
        ca: a file in PEM format, or a folder, whose certificates are trusted instead of the usual.
        cert: the client's own certificate: a file with it and its key, or a file for each, and
            the password of the key.
        limits: how many connections there may be.

    Raises:
        InvalidArgumentError: a setting cannot work.
    """

    proxy: str | None = field(default=NOT_GIVEN, repr=False)
    verify: bool | ssl.SSLContext = True
    ca: PathTypes | None = None
    cert: CertTypes | None = field(default=None, repr=False)
    limits: Limits = field(default=DEFAULT_LIMITS)

    def __post_init__(self) -> None:
        if is_given(self.proxy) and self.proxy is not None:
            from openai_http.transports.routes import checked_proxy

            object.__setattr__(self, "proxy", checked_proxy(self.proxy, "in the argument proxy"))
        self._check_certificates()
        if not isinstance(self.verify, bool):
            self._check_context(self.verify)
        if self.verify is False and self.ca is not None:
            raise InvalidArgumentError(
                "verify=False accepts every server: leave out ca, or verify."
            )
        if not isinstance(self.limits, Limits):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidTypeError(
                f"limits is of type {type(self.limits).__name__}. Pass a"
                " Limits(max_connections=...) of this package."
            )

    def _check_certificates(self) -> None:
        shown = self.cert if isinstance(self.cert, tuple) else (self.cert,)
        named = {"ca": self.ca, "cert": next(iter(shown), ())}
        for name, file in named.items():
            if not isinstance(file, str | os.PathLike | None):
                raise InvalidTypeError(
                    f"{name} is of type {type(getattr(self, name)).__name__}. Pass the path of a"
                    " file in PEM format."
                )

    def _check_context(self, verify: object) -> None:
        import ssl  # who has a context has loaded it

        if not isinstance(verify, ssl.SSLContext):
            raise InvalidTypeError(
                f"verify is of type {type(verify).__name__}. Pass False to accept every server, an"
                " ssl.SSLContext, or ca=file for the certificates to trust."
            )
        if self.ca is not None or self.cert is not None:
            raise InvalidArgumentError(
                "verify is a context of TLS: load ca and cert into it instead of passing them."
            )
