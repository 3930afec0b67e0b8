"""Who may use the server: whoever sends its key.

Decides from an `Authorization` header alone; knows nothing about requests or sockets.
"""

from __future__ import annotations

import hmac

from openai_mock.refusals import missing_key, wrong_key


def check_key(authorization: str | None, *, expected: str) -> None:
    """Return if the header carries the expected key.

    Raises:
        Refusal: It does not.
    """
    scheme, _, key = (authorization or "").partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key:
        raise missing_key()
    if not hmac.compare_digest(key.encode(), expected.encode()):
        raise wrong_key(key)
