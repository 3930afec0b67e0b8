"""Inflating of a compressed body step by step, and the end of one that would fill the memory.

A few kilobytes can inflate to gigabytes. So no step gives more than `STEP` bytes, and a body that
passes a limit is an error. Both limits hold for the process and can be set:
`openai_http.bodies.inflating.MAX_SIZE = 2**32`. No I/O: it is fed bytes and gives bytes.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from openai_http.errors import APIResponseValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openai_http.messages import Response

MAX_SIZE = 2**30
"""Bytes that a body may inflate to."""
MAX_RATIO = 250
"""How many times longer it may get by that, if it gets longer than `FREE`."""
FREE = 2**26
STEP = 2**18  # bytes that are inflated at a time
LAYERS = 2  # how often a body may be compressed: servers do it once
_KEPT = 2**16  # bytes of what was received that an error keeps

_GZIP = 16 + zlib.MAX_WBITS
_RAW = -zlib.MAX_WBITS
_HEAD = 2  # bytes of the head that deflate has by the standard


def inflater_of(
    response: Response, *, is_inflated: bool = False, asks_itself: bool = False
) -> Inflater | None:
    """What inflates the body of a response; None if it is not compressed.

    Args:
        response: the head.
        is_inflated: whether the HTTP library inflates the body already.
        asks_itself: whether it asks for the compressions that it knows.
    """
    if "content-encoding" not in response.headers:
        return None
    asks = asks_itself or "accept-encoding" in response.wire_request.headers
    return Inflater(response, is_inflated=is_inflated, knows_more=asks)


class Inflater:
    """Inflates the body of one response; without a compression that it knows, it counts only.

    Args:
        response: the head, by whose `content-encoding` it goes.
        is_inflated: whether the HTTP library inflates the body already.
        knows_more: whether it can inflate what is not known here, and was set up to be sent that.

    Attributes:
        inflates: whether it wants the body as it was sent.
    """

    def __init__(
        self, response: Response, *, is_inflated: bool = False, knows_more: bool = True
    ) -> None:
        names = response.headers.get("content-encoding", "").lower().split(",")
        codings = [name.strip() for name in names if name.strip() not in {"", "identity"}]
        self._unknown = sorted({*codings} - {*_LAYERS})
        self.inflates = bool(codings) and not is_inflated and not (self._unknown and knows_more)
        self._response = response
        is_plain = not self.inflates or self._unknown
        self._layers = [] if is_plain else [_LAYERS[name]() for name in reversed(codings)]
        self._start = b""
        self._received = 0
        self._given = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Take the next bytes; gives what they inflate to.

        Raises:
            APIResponseValidationError: they are not compressed as the head says, or they inflate
                past the limits.
        """
        self._received += len(chunk)
        if len(self._start) < _KEPT:
            self._start += chunk[:_KEPT]
        if self._unknown and self.inflates and self._response.is_success:
            raise self._error(f"It is compressed as {self._unknown[0]}, which nobody asked for")
        if len(self._layers) > LAYERS:
            raise self._error(f"It is compressed {len(self._layers)} times")
        pieces: Iterable[bytes] = (chunk,)
        for layer in self._layers:
            pieces = layer.feed(pieces)
        try:
            for piece in pieces:
                self._count(piece)
                yield piece
        except zlib.error as error:
            if self._response.is_success or self._given:
                raise self._error(f"It is not compressed as its head says: {error}") from error
            self._layers = []  # what an error's status says is enough; its body is shown as it is
            yield self._start[: self._received - len(chunk)] + chunk

    def finish(self) -> None:
        """Take the end.

        Raises:
            APIResponseValidationError: more must have come.
        """
        if self._response.is_success and any(layer.is_open for layer in self._layers):
            error = self._error("Its compression breaks off: it was cut on the way")
            error.ends_stream = "truncated"
            raise error

    def _count(self, piece: bytes) -> None:
        self._given += len(piece)
        if self._given > MAX_SIZE:
            raise self._error(
                f"It inflates to more than {MAX_SIZE} bytes, the limit of"
                " openai_http.bodies.inflating.MAX_SIZE"
            )
        if self._given > FREE and self._given > MAX_RATIO * self._received:
            raise self._error(
                f"It inflates to more than {MAX_RATIO} times its length, the limit of"
                " openai_http.bodies.inflating.MAX_RATIO, as attacks do"
            )

    def _error(self, reason: str) -> APIResponseValidationError:
        response = self._response
        endpoint = response.wire_request.endpoint
        response.content = self._start
        response.forget_secrets()
        error = APIResponseValidationError(
            response,
            response.content,
            message=f"{endpoint} was answered with {response.status_code} and a compressed body"
            f" that cannot be read. {reason}. Check base_url and what is between you and the"
            " server; how the body begins is in .body.",
        )
        error.attempts = response.attempts
        return error


class _Gzip:
    """One layer of gzip, of which a body may have several parts one after another."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_GZIP)
        self._begun = False

    @property
    def is_open(self) -> bool:
        return self._begun and not self._inflate.eof

    def feed(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            data = chunk
            while data:
                if self._inflate.eof:
                    data = data.lstrip(b"\0")  # with which some pad
                    if not data:
                        break
                    self._inflate = zlib.decompressobj(_GZIP)
                self._begun = True
                yield from self._step(data)
                data = self._inflate.unused_data

    def _step(self, data: bytes) -> Iterator[bytes]:
        while piece := self._inflate.decompress(data, STEP):
            yield piece
            data = self._inflate.unconsumed_tail


class _Deflate(_Gzip):
    """One layer of deflate, which has a head by the standard, and none at some servers."""

    def __init__(self) -> None:
        super().__init__()
        self._inflate = zlib.decompressobj()
        self._start = b""  # until it is long enough to be a head

    def feed(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            data = chunk
            if len(self._start) < _HEAD:
                self._start = data = self._start + chunk
                self._begun = bool(data)
                if len(data) < _HEAD:
                    continue
                try:
                    zlib.decompressobj().decompress(data[:_HEAD])
                except zlib.error:
                    self._inflate = zlib.decompressobj(_RAW)
            if not self._inflate.eof:
                yield from self._step(data)


_LAYERS: dict[str, type[_Gzip]] = {"gzip": _Gzip, "x-gzip": _Gzip, "deflate": _Deflate}
