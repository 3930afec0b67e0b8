"""What every client checks of a key, a URL and headers before it uses them, and what it hides.

A setting that cannot work is refused where it is given, with the name of where it came from, and
not by the first request. No message shows a secret. Knows nothing of connections.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from openai_types.errors import InvalidArgumentError, InvalidTypeError, OpenAIError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

DEFAULT_BASE_URL = "https://api.openai.com/v1"
KEY_VARIABLE = "OPENAI_API_KEY"
URL_VARIABLE = "OPENAI_BASE_URL"
AUTHENTICATING = frozenset({"authorization", "api-key"})
"""Headers of which a request needs one."""

REMOVED = "[removed]"

_KEY = re.compile(r"[\x21-\x7e]+")
_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
# Blanks at its ends would be lost on the way; half a surrogate pair cannot be sent.
_HEADER_VALUE = re.compile(r"(?!\s)[\t\x20-\x7e\x80-\ud7ff\ue000-\U0010ffff]*(?<!\s)")
# By what a name says, so that the headers of gateways and proxies are hidden too.
_SECRET_NAME = re.compile(
    r"(?i)authorization|cookie|passw|credential|secret|token|(?<!idempotency-)key"
    r"|(?<![a-z])auth(?![a-z])|jwt|signature"
)
_SHORTEST_SECRET = 6  # characters; shorter ones would be found inside ordinary words
# What is given as a key to servers that want none, and would be found in ordinary words, too.
_PLACEHOLDERS = frozenset({"ollama", "lm-studio", "not-needed", "unused", "bearer", "no-key"})


def find_key(given: str | None) -> str:
    """The API key: the one that was given, or else that of the environment.

    Raises:
        OpenAIError: there is none, or it has a character that no key has.
    """
    source, key = "api_key", given
    if key is None:
        source, key = KEY_VARIABLE, os.environ.get(KEY_VARIABLE)
    if not key:
        raise OpenAIError(
            f"No API key. Set the environment variable {KEY_VARIABLE}, or pass api_key=... A"
            " server that wants none takes any text."
        )
    check_key(key, f"in {source}")
    return key


def check_key(key: str, place: str) -> None:
    """Refuse a key that has a character that no key has.

    Args:
        key: the key, which no message shows.
        place: where it is from, for messages, like "in api_key".

    Raises:
        InvalidArgumentError: it has one.
    """
    if not _KEY.fullmatch(key):
        raise InvalidArgumentError(
            f"The API key {place} contains a line break, a blank or a character that is not"
            " ASCII. It was probably read from a file with its line end: remove what is around"
            " the key."
        )


def find_base_url(given: str | None, *, schemes: Collection[str]) -> SplitResult:
    """The parts of the base URL: the one that was given, or that of the environment, or the API's.

    Args:
        given: the URL, or None; blanks around it do not matter.
        schemes: those that it may have.

    Raises:
        OpenAIError: it is empty, malformed, of another scheme or without a host.
    """
    source, url = "base_url", given
    if url is None:
        source, url = URL_VARIABLE, os.environ.get(URL_VARIABLE, DEFAULT_BASE_URL)
    url = url.strip()
    if not url:
        raise InvalidArgumentError(
            f"The base URL in {source} is empty. Set it to a URL such as {DEFAULT_BASE_URL}, or"
            " leave it out to use that one."
        )
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # a malformed port is noticed when it is read
    except ValueError as error:
        raise InvalidArgumentError(
            f"The base URL in {source} is malformed: {error}. Correct it."
        ) from error
    if parts.scheme not in schemes or not host or " " in url or not url.isprintable():
        raise InvalidArgumentError(
            f"The base URL in {source} must be a URL with a host that begins with"
            f" {' or '.join(f'{scheme}://' for scheme in schemes)}, for example"
            f" {DEFAULT_BASE_URL}."
        )
    if parts.scheme in {"http", "ws"} and f".{host}".endswith(".openai.com"):
        raise InvalidArgumentError(
            f"The base URL in {source} would send the API key to {host} unencrypted. Use"
            f" {parts.scheme}s://."
        )
    return parts


def check_header(name: str, value: object) -> None:
    """Refuse a header that would not arrive as it is.

    Raises:
        OpenAIError: its value is no text, or it has a character that a header cannot have.
    """
    if not isinstance(value, str):
        raise InvalidTypeError(
            f"The header {name!r} is of type {type(value).__name__}. Pass its value as text."
        )
    if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
        raise InvalidArgumentError(
            f"The header {name!r} cannot be sent: its name or value has a line break or another"
            " control character, or a blank at an end. Remove it."
        )


def is_secret(name: str) -> bool:
    """Whether a header or a query parameter of this name holds a secret."""
    return _SECRET_NAME.search(name) is not None


def hidden(headers: Mapping[str, str]) -> dict[str, str]:
    """A copy of headers that can be shown, logged and pickled."""
    return {name: REMOVED if is_secret(name) else value for name, value in headers.items()}


def blot_out(text: str, headers: Mapping[str, str], url: str = "") -> str:
    """Remove the secrets of a request from a text, such as an answer with them in it.

    Args:
        text: the text.
        headers: those of the request.
        url: its URL, which may have a password, or a key in its query.
    """
    # The longest first: one secret may be the beginning of another.
    for secret in sorted(_secrets(headers, url), key=len, reverse=True):
        text = text.replace(secret, REMOVED)
    return text


def _secrets(headers: Mapping[str, str], url: str) -> set[str]:
    """The secrets, as they are and as they are written in JSON and in URLs."""
    values = [value for name, value in headers.items() if is_secret(name)]
    found = {*values, *(value.rpartition(" ")[2] for value in values)}  # after "Bearer" and others
    pairs = [pair for value in values for pair in value.split(";")]  # of cookies
    found |= {pair.partition("=")[2].strip() for pair in pairs} | _secrets_of_url(url)
    secrets = {each for each in found if len(each) >= _SHORTEST_SECRET}
    secrets -= _PLACEHOLDERS
    return {form for each in secrets for form in (each, quote(each, safe=""), _in_json(each))}


def _secrets_of_url(url: str) -> set[str]:
    if "@" not in url and "?" not in url:
        return set()
    try:
        parts = urlsplit(url)
        found = {parts.username or "", parts.password or ""}
    except ValueError:
        return set()
    pairs = (pair.partition("=") for pair in parts.query.split("&"))
    found |= {value for name, _, value in pairs if is_secret(name)}
    return found | {unquote(each) for each in found} | {_basic(parts.username, parts.password)}


def _basic(user: str | None, password: str | None) -> str:
    """The user and the password of a URL as the header has them that is sent instead."""
    from base64 import b64encode

    if not password:
        return ""
    return b64encode(f"{unquote(user or '')}:{unquote(password)}".encode()).decode()


def _in_json(text: str) -> str:
    import json  # making a client does without

    return json.dumps(text)[1:-1]


def without_credentials(url: str) -> str:
    """A URL that can be shown: without user, password, and the values of secret parameters."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    pairs = (pair.partition("=") for pair in parts.query.split("&"))
    query = "&".join(
        name + equals + (REMOVED if is_secret(name) else value) for name, equals, value in pairs
    )
    return urlunsplit((parts.scheme, host, parts.path, query, ""))
