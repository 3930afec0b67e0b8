"""Who may use the server: whoever sends its key.

Decides from an `Authorization` header alone; knows nothing about requests or sockets.
"""

from __future__ import annotations

import hmac

from openai_mock.refusals import key_of_others, missing_key, wrong_key


def check_key(authorization: str | None, *, expected: str, other: str = "") -> None:
    """Return if the header carries the expected key.

    Args:
        authorization: The header.
        expected: The key that the operation takes.
        other: The key that other operations take, so that a mix-up is told.

    Raises:
        Refusal: It does not.
    """
    scheme, _, key = (authorization or "").partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key:
        raise missing_key()
    if hmac.compare_digest(key.encode(), expected.encode()):
        return
    if other and hmac.compare_digest(key.encode(), other.encode()):
        raise key_of_others()
    raise wrong_key(key)
