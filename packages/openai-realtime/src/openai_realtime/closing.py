"""What a close code means, and what helps.

Decides which ends are normal. Knows the codes of RFC 6455 section 7.4 and those of the API, not
the library that received them.
"""

from __future__ import annotations

from dataclasses import dataclass

# 1005: a close frame without a code, which many servers send at a regular end.
_NORMAL = {1000, 1005}
_MEANINGS = {
    1001: "The server went away, or the session reached its maximum duration. Connect again and "
    "send what the new session shall know.",
    1002: "The server saw a violation of the protocol. Check what is between you and the server.",
    1006: "The connection broke without a close frame. Check the network, then connect again.",
    1008: "The server refused what was sent. Check the API key, the model and the last event.",
    1009: "The server found an event too large. Send audio in smaller parts.",
    1011: "The server failed. Connect again.",
    1012: "The server restarts. Connect again in a moment.",
    1013: "The server is overloaded. Connect again in a moment.",
}
# Ends that this side decided on, not the server.
_OWN_MEANINGS = {
    1002: "The server violated the WebSocket protocol. Check that base_url is a Realtime server.",
    1009: "The server sent an event larger than max_size. Raise or drop that limit.",
    1011: "The server stopped answering pings. Check the network, then connect again.",
}
# The API names the error in the reason, such as invalid_request_error.invalid_api_key.
_REASONS = {
    "api_key": "Check the API key: it is wrong, was revoked, or belongs to another server.",
    "model": "Check the name of the model, and that your project may use it.",
    "duration": "The session reached its maximum duration. Connect again and send what the new "
    "session shall know.",
}


@dataclass(frozen=True)
class Ending:
    """How a connection ended.

    Attributes:
        code: The close code; 1006 if no close frame came.
        reason: The text with the code.
        by_us: Whether this side closed, for whatever reason.
        asked: Whether the user of the connection closed it.
    """

    code: int
    reason: str = ""
    by_us: bool = False
    asked: bool = False

    @property
    def normal(self) -> bool:
        """Whether it is the regular end of a session."""
        return self.asked or self.code in _NORMAL

    def explain(self) -> str:
        """Give cause and remedy in words."""
        if self.asked:
            return "This connection was closed before. Open a new one."
        said = f" ({self.reason})" if self.reason else ""
        if self.normal:
            return f"The server closed the session normally{said}. Open a new connection to go on."
        return f"The connection was closed with code {self.code}{said}. {self._remedy()}"

    def _remedy(self) -> str:
        if self.by_us and self.code in _OWN_MEANINGS:
            return _OWN_MEANINGS[self.code]
        for word, remedy in _REASONS.items():
            if word in self.reason:
                return remedy
        return _MEANINGS.get(self.code, "Look up the code in the server's documentation.")
