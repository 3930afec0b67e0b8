"""Client secrets: keys with which browsers open Realtime sessions, for a while.

Decides how long they are good for, by the server's clock, and what they open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from openai_mock.state.store import Document
    from openai_mock.world import World

SECRETS = "realtime/client_secrets"
"""The collection of the secrets, each with when it expires and the session that it opens."""

PREFIX = "ek_"


def new_secret(seconds: int, session: Document, world: World) -> Document:
    """Make a secret for a session; gives its value and when it expires.

    Args:
        seconds: How long it is good for.
        session: How the session is set up.
        world: Keeps it.
    """
    value, expires_at = world.ids.new(PREFIX), world.clock.seconds() + seconds
    world.store.put(SECRETS, value, {"expires_at": expires_at, "session": session})
    return {"value": value, "expires_at": expires_at}


def secret_of(authorization: str | None, world: World) -> Document | None:
    """What is known of the secret in an `Authorization` header; None if it has another key.

    Raises:
        Refusal: The secret is none of this server, or has expired.
    """
    key = (authorization or "").partition(" ")[2].strip()
    if not key.startswith(PREFIX):
        return None
    secret = world.store.get(SECRETS, key)
    if secret is None or world.clock.now() >= secret["expires_at"]:
        what = "is unknown to this server" if secret is None else "has expired"
        raise Refusal(
            f"The client secret {what}. Make a new one with POST /v1/realtime/client_secrets.",
            code="invalid_api_key",
            status=401,
            headers={"www-authenticate": "Bearer"},
        )
    return secret
