"""A request as a command line that sends it again."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING
from urllib.parse import quote

from openai_types.configuration import REMOVED

if TYPE_CHECKING:
    from openai_mock.journal import Request

KEY = '"Authorization: Bearer $OPENAI_API_KEY"'
FILE = "@body.bin"
# What curl says itself, or what only fits the connection that it came on.
_LEFT_OUT = frozenset(
    {
        *("accept-encoding", "authorization", "connection", "content-length", "host"),
        *("keep-alive", "transfer-encoding", "user-agent"),
    }
)


def curl(request: Request) -> str | None:
    """The command, with the variable OPENAI_API_KEY for the key; None for a WebSocket.

    A body that is no text, or is not known as a whole, is read from a file `body.bin`.
    """
    if request.method == "WEBSOCKET":
        return None
    query = f"?{request.query}" if request.query else ""
    url = f"http://{request.headers.get('host', 'localhost')}{quote(request.path)}{query}"
    has_body = bool(request.body) or not request.read
    words = [f"curl {shlex.quote(url)}"]
    if request.method != ("POST" if has_body else "GET"):
        words.append(f"-X {shlex.quote(request.method)}")
    words += [_header(name, value) for name, value in request.headers.items() if _is_sent(name)]
    if "authorization" in request.headers:
        words.append(f"-H {KEY}")
    if has_body:
        words.append(f"--data-raw {_text(request)}" if _text(request) else f"--data-binary {FILE}")
    return " \\\n  ".join(words)


def _is_sent(name: str) -> bool:
    return name not in _LEFT_OUT


def _header(name: str, value: str) -> str:
    shown = value.replace(REMOVED, "REMOVED")
    return f"-H {shlex.quote(f'{name}: {shown}')}"


def _text(request: Request) -> str | None:
    """The body in quotes, if it can stand in a command."""
    if not request.read or request.dropped or b"\0" in request.body:
        return None
    try:
        return shlex.quote(request.body.decode())
    except UnicodeDecodeError:
        return None
