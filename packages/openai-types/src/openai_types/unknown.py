"""The base of what comes through where a union is newer on the server than here."""

from __future__ import annotations

from openai_types.model import BaseModel


class UnknownMember(BaseModel):
    """A member of a union that this version does not know; all its fields are kept.

    Each union has its own subclass, so that `isinstance` tells them apart. The tag is declared as
    a literal that no server sends: type checkers then rule the unknown member out after a
    comparison like `event.type == "response.completed"`. At run time it holds what was sent.
    """
