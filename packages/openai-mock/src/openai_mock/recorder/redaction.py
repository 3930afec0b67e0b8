"""Removes secrets from what is about to be written on a tape.

Decides what takes the place of a secret. In a request, which is only compared, that is
`[removed]`, whatever was there, so that a replay with another key is the same request. In an
answer, which has to come back in the same pieces, it is a `*` for each byte. What secrets look
like is in `secret_spans`; added to it are the secrets that requests were sent with, wherever they
come back, and the user's own.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, quote_plus, unquote_plus

from openai_types.configuration import REMOVED

from openai_mock.recorder.errors import TapeError
from openai_mock.recorder.exchange import Chunk, End, Event, Head, Headers, Message
from openai_mock.recorder.secret_spans import hides_header, secret_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TypeAlias

    from openai_mock.recorder.headers import RawHeaders
    from openai_mock.recorder.secret_spans import Span

    Secret: TypeAlias = str | re.Pattern[str]
    Replacement: TypeAlias = Callable[[str], str]

_SHORTEST = 8  # characters; what is shorter would be found inside ordinary words
_ORDINARY = re.compile(r"[a-z]+(?:[-_ ][a-z]+)*")  # such as "lm-studio", which some call a key
# Browsers, which cannot set headers, send these among the subprotocols of a WebSocket.
_IN_SUBPROTOCOL = re.compile(r"openai-(?:insecure-api-key|organization|project)\.(.+)")

_COMPONENT = re.compile(r"[^/?&=]+")  # of a URL


class Redactor:
    """Knows the secrets of one recording.

    Args:
        secrets: The user's own: texts that are secret, and patterns of such texts.

    Raises:
        TapeError: A text is empty, or a pattern matches the empty text.
    """

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._patterns: list[re.Pattern[str]] = []
        self._learned: set[str] = set()
        for secret in secrets:
            self._patterns.append(_pattern(secret))

    def learn(self, headers: RawHeaders, query: bytes) -> None:
        """Remember the secrets that a request was sent with."""
        for raw_name, raw_value in headers:
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1").strip()
            if name == "sec-websocket-protocol":
                for offered in value.split(","):
                    match = _IN_SUBPROTOCOL.fullmatch(offered.strip())
                    self._remember(match[1] if match else "")
            elif hides_header(name):
                self._remember(value)
                self._remember(value.rpartition(" ")[2])  # after "Bearer" or another scheme
        for name, value in parse_qsl(query.decode("latin-1")):
            if hides_header(name):
                self._remember(value)

    def removed(self, text: str) -> str:
        """A text of a request, without secrets."""
        return self._replaced(text, lambda _: REMOVED)

    def removed_from_url(self, text: str) -> str:
        """A path, query or form of a request, without secrets; also those in encoded text."""

        def clean(match: re.Match[str]) -> str:
            decoded = unquote_plus(match[0])
            removed = self.removed(decoded)
            return match[0] if removed == decoded else quote(removed, safe="[]")

        return _COMPONENT.sub(clean, self.removed(text))

    def removed_from_message(self, data: str | bytes) -> str | bytes:
        """What a client sent on a WebSocket, without secrets."""
        if isinstance(data, str):
            return self.removed(data)
        return _encoded(self.removed(_decoded(data)))

    def masked(self, text: str) -> str:
        """A text of an answer, without secrets, with as many bytes."""
        return self._replaced(text, lambda secret: "*" * len(_encoded(secret)))

    def events(self, events: Sequence[Event]) -> tuple[Event, ...]:
        """What followed a request, without secrets; the chunks keep their lengths."""
        chunks = [event.data for event in events if isinstance(event, Chunk)]
        body = _encoded(self.masked(_decoded(b"".join(chunks))))
        return tuple(self._events(events, _pieces(body, [len(chunk) for chunk in chunks])))

    def _events(self, events: Sequence[Event], chunks: Iterator[bytes]) -> Iterator[Event]:
        for event in events:
            match event:
                case Head(status, headers, ms):
                    yield Head(status, self._headers(headers), ms)
                case Chunk(_, ms):
                    yield Chunk(next(chunks), ms)
                case Message("client", data, ms):
                    yield Message("client", self.removed_from_message(data), ms)
                case Message("server", str(text), ms):
                    yield Message("server", self.masked(text), ms)
                case Message("server", bytes(data), ms):
                    yield Message("server", _encoded(self.masked(_decoded(data))), ms)
                case End(how, ms, by, code, reason):
                    yield End(how, ms, by, code, self.masked(reason))
                case _:
                    yield event

    def _headers(self, headers: Headers) -> Headers:
        kept = ((name, value) for name, value in headers if not hides_header(name))
        return tuple((name, self.masked(value)) for name, value in kept)

    def _remember(self, secret: str) -> None:
        if len(secret) < _SHORTEST or _ORDINARY.fullmatch(secret) or secret in self._learned:
            return
        self._learned.add(secret)
        self._patterns.append(_pattern(secret))

    def _spans(self, text: str) -> Iterator[Span]:
        yield from secret_spans(text)
        for pattern in self._patterns:
            yield from (match.span() for match in pattern.finditer(text))

    def _replaced(self, text: str, replacement: Replacement) -> str:
        parts: list[str] = []
        done = 0
        for start, end in _merged(self._spans(text)):
            parts += text[done:start], replacement(text[start:end])
            done = end
        return "".join([*parts, text[done:]])


def _pattern(secret: Secret) -> re.Pattern[str]:
    """Finds a secret as it stands, as JSON writes it and as URLs do."""
    if isinstance(secret, re.Pattern):
        if secret.search(""):
            raise TapeError(
                f"The pattern {secret.pattern!r} of secrets matches the empty text. Give one that "
                "matches only secrets."
            )
        return secret
    if not secret:
        raise TapeError("A secret that shall be removed is empty. Give its text, or a pattern.")
    forms = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    forms |= {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile("|".join(re.escape(form) for form in longest_first))


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans in order, those that overlap made one, and none that is empty."""
    begun: Span | None = None
    for start, end in sorted(spans):
        if begun is not None and start < begun[1]:
            begun = (begun[0], max(begun[1], end))
        elif start < end:
            if begun is not None:
                yield begun
            begun = (start, end)
    if begun is not None:
        yield begun


def _pieces(data: bytes, lengths: Iterable[int]) -> Iterator[bytes]:
    start = 0
    for length in lengths:
        yield data[start : start + length]
        start += length


def _decoded(data: bytes) -> str:
    """Bytes as text; what is not UTF-8 survives the way back."""
    return data.decode("utf-8", "surrogateescape")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
