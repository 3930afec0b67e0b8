"""Tokens with which a stream can go on in another process: what is in one, and what is refused.

A token names a place in the stream of a response. There is no secret in it: whoever has it needs a
key for the same server, too.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from openai_types.errors import InvalidArgumentError

_FORM = re.compile(r"resume1:([a-z.]+):([^:\s]+):(\d*)(!?):([0-9a-f]{12})")
_APIS = frozenset({"responses", "beta.responses"})


class Place(NamedTuple):
    """A place in the stream of a response.

    Attributes:
        api: "responses" or "beta.responses".
        id: of the response.
        number: the sequence number of the last event that came; None before the first.
        ended: whether that was the last of all.
    """

    api: str
    id: str
    number: int | None
    ended: bool = False


def make_token(place: Place, base_url: str) -> str:
    """The token of a place, for the server of a client."""
    number = "" if place.number is None else str(place.number)
    where = f"{quote(place.id, safe='')}:{number}{'!' if place.ended else ''}"
    return f"resume1:{place.api}:{where}:{_fingerprint(base_url)}"


def read_token(token: object, base_url: str) -> Place:
    """The place that a token names.

    Raises:
        InvalidArgumentError: it is no token, or one of another server.
    """
    found = _FORM.fullmatch(token.strip()) if isinstance(token, str) else None
    if found is None or found[1] not in _APIS:
        raise InvalidArgumentError(
            "This is no token of a stream, or not all of one. Pass what stream.token gave."
        )
    api, id, number, ended, fingerprint = found.groups()
    if fingerprint != _fingerprint(base_url):
        raise InvalidArgumentError(
            "This token is of a stream of another server than that of this client. Resume it with"
            " a client that has the base_url of the one that gave the token."
        )
    return Place(api, unquote(id), int(number) if number else None, bool(ended))


def _fingerprint(base_url: str) -> str:
    """Tells servers apart; nobody can read the URL from it, and its credentials are left out."""
    parts = urlsplit(base_url)
    host = parts.netloc.rpartition("@")[2].lower()
    return sha256(f"{parts.scheme}://{host}{parts.path.rstrip('/')}".encode()).hexdigest()[:12]
