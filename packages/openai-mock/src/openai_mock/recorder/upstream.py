"""The server that is recorded: what is asked of it, and what comes back, as events.

The only module that names the HTTP library; it and `upstream_socket` are the only ones that connect
to anywhere. Each request has a connection of its own, so that a server that closes idle ones is
never taken for one that cuts an answer. Answers are asked for uncompressed, so that the bytes are
the bytes.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
from openai_types.configuration import find_base_url
from openai_types.errors import OpenAIError

from openai_mock.errors import NetworkForbiddenError
from openai_mock.recorder.errors import TapeError
from openai_mock.recorder.exchange import Chunk, End, Head
from openai_mock.recorder.headers import passed_on

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from urllib.parse import SplitResult

    from openai_mock.recorder.asked import Asked
    from openai_mock.recorder.exchange import Ending, Event, Headers
    from openai_mock.recorder.headers import RawHeaders
    from openai_mock.recorder.upstream_socket import UpstreamSocket

    Elapsed = Callable[[], int]

CONNECT_SECONDS = 30.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_OURS = ("host", "content-length", "accept-encoding", "expect")
_NOT_ASKED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.InvalidURL,
    httpx.LocalProtocolError,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    NetworkForbiddenError,  # by a run of tests
)
_UNPACKED = ("gzip", "x-gzip", "deflate")  # what httpx unpacks by itself


class UnreachableError(Exception):
    """The server could not be asked at all; that is nothing to record."""


class RefusedError(Exception):
    """The server answered instead of opening a WebSocket."""

    def __init__(self, events: tuple[Event, ...]) -> None:
        super().__init__("refused")
        self.events = events


class Upstream:
    """The server that is recorded.

    Args:
        url: Its base URL.
        timeout: How many seconds it may be silent.

    Raises:
        TapeError: No server can have this URL.
    """

    def __init__(self, url: str, *, timeout: float) -> None:
        try:
            self._parts: SplitResult = find_base_url(url, schemes=("http", "https"))
        except OpenAIError as error:
            raise TapeError(f"The upstream cannot be recorded. {error}") from error
        self._timeout = httpx.Timeout(timeout, connect=CONNECT_SECONDS)
        self.trusted = httpx.create_ssl_context()  # once, because it takes a while

    @property
    def base(self) -> str:
        """The path at which its API begins, without a slash at the end."""
        return self._parts.path.rstrip("/")

    @property
    def origin(self) -> str:
        """Its scheme and host."""
        return f"{self._parts.scheme}://{self._parts.netloc}"

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine, which no proxy leads to."""
        return self._parts.hostname in LOOPBACK

    async def exchange(self, asked: Asked, elapsed: Elapsed) -> AsyncGenerator[Event]:
        """Ask, and give what comes back as it comes.

        Args:
            asked: The request.
            elapsed: Milliseconds since the request.

        Raises:
            UnreachableError: There was no connection.
        """
        how: Ending = "complete"
        try:
            async with self._answer(asked) as answer:
                packed = _is_packed(answer)
                yield Head(answer.status_code, self._headers(answer, packed=packed), elapsed())
                async for piece in answer.aiter_bytes() if packed else answer.aiter_raw():
                    yield Chunk(piece, elapsed())
        except _NOT_ASKED as error:
            raise UnreachableError(self.unreachable(error)) from error
        except httpx.TimeoutException:
            how = "timeout"
        except httpx.NetworkError:
            how = "reset"
        except httpx.HTTPError:  # it stopped, or went on with what is no HTTP or no gzip
            how = "cut"
        yield End(how, elapsed())

    @asynccontextmanager
    async def socket(self, asked: Asked, elapsed: Elapsed) -> AsyncGenerator[UpstreamSocket]:
        """Open a WebSocket.

        Raises:
            RefusedError: It was answered otherwise.
            UnreachableError: There was no connection.
        """
        from openai_mock.recorder.upstream_socket import opened

        async with opened(self, asked, elapsed, timeout=CONNECT_SECONDS) as socket:
            yield socket

    def unreachable(self, error: Exception) -> str:
        """What a client is told that the server could not be asked."""
        return (
            f"The upstream {self._parts.scheme}://{self._parts.netloc.rpartition('@')[2]} could "
            f"not be asked: {str(error) or type(error).__name__}. Check its URL and the network; "
            "this request is not on the tape."
        )

    @asynccontextmanager
    async def _answer(self, asked: Asked) -> AsyncGenerator[httpx.Response]:
        headers = [*passed_on(asked.headers, _OURS), (b"accept-encoding", b"identity")]
        url = httpx.URL(self.origin).copy_with(raw_path=asked.target)
        request = httpx.Request(
            asked.method,
            url,
            headers=headers,
            content=asked.body or None,
            # That of a client is only for requests that it makes itself, before httpx 0.28.
            extensions={"timeout": self._timeout.as_dict()},
        )
        mounts = {"all://": None} if self.is_loopback else None  # which is: no proxy
        async with httpx.AsyncClient(verify=self.trusted, mounts=mounts) as client:
            answer = await client.send(request, stream=True, follow_redirects=False)
            try:
                yield answer
            finally:
                await answer.aclose()

    def _headers(self, answer: httpx.Response, *, packed: bool) -> Headers:
        left_out = ("content-encoding", "content-length") if packed else ()
        return self.headers(answer.headers.raw, left_out)

    def headers(self, raw: RawHeaders, left_out: tuple[str, ...] = ()) -> Headers:
        """The headers of an answer; one that leads to the server leads to the recorder."""
        decoded = (
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in passed_on(raw, left_out)
        )
        return tuple(
            (name, value.removeprefix(self.origin) if name == "location" else value)
            for name, value in decoded
        )


def _is_packed(answer: httpx.Response) -> bool:
    """Whether the server compressed its answer although it was asked not to."""
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        return False
    if encoding in _UNPACKED:
        return True
    raise UnreachableError(
        f"The upstream compressed its answer with {encoding!r} although it was asked not to, so it "
        "cannot be searched for secrets. Turn that off; this request is not on the tape."
    )
