"""Recording and replaying while a block runs.

Decides what is checked before anything listens, and what the end of a block means: a recording
becomes a tape only if its block ended well, and a replay that went otherwise than it was recorded
is an error.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from openai_types.configuration import KEY_VARIABLE

from openai_mock.recorder import tape as tapes
from openai_mock.recorder.errors import TapeError
from openai_mock.recorder.hosting import hosted
from openai_mock.recorder.redaction import Redactor
from openai_mock.settings import DEFAULT_API_KEY

if TYPE_CHECKING:
    from collections.abc import Collection, Generator
    from contextlib import AbstractContextManager

    from openai_mock.recorder.redaction import Secret
    from openai_mock.recorder.replaying import Sleep

DEFAULT_TIMEOUT = 600.0  # seconds, which is what clients of the API allow


class TapeServer:
    """A server that records or replays.

    Attributes:
        url: Its address, such as `http://127.0.0.1:8000`.
        base_url: The address of the API, for `OPENAI_BASE_URL`.
        api_key: A key for clients: that of the environment when recording, because the upstream
            wants it, and a made-up one when replaying, where any will do.
        tape: The file.
    """

    def __init__(self, url: str, *, base: str, api_key: str, tape: Path) -> None:
        self.url = url
        self.base_url = url + base
        self.api_key = api_key
        self.tape = tape

    def __repr__(self) -> str:
        return f"TapeServer({self.url!r}, tape={str(self.tape)!r})"


@contextmanager
def record(
    upstream: str,
    tape: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    secrets: Collection[Secret] = (),
    timeout: float = DEFAULT_TIMEOUT,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Generator[TapeServer]:
    """Pass requests on to a server while the block runs, and record what comes back.

    The tape appears when the block ends well. Keys, cookies, the ids of organization and project
    and whatever looks like a secret are never written on it.

    Args:
        upstream: The base URL of the server, such as `https://api.openai.com/v1`.
        tape: The file to record to.
        overwrite: Whether a tape that is there may be replaced.
        secrets: More that is never written: texts, and compiled patterns of texts.
        timeout: How many seconds the server may be silent.
        host: The address to listen on; only this machine reaches the default.
        port: The port to listen on; 0 for a free one.

    Raises:
        TapeError: The tape is there already or cannot be written, no server can have this URL, or
            httpx is not installed.
        MockServerError: It cannot listen there.
    """
    _check_httpx()
    from openai_mock.recorder.recording import Recording
    from openai_mock.recorder.upstream import Upstream
    from openai_mock.recorder.writer import TapeWriter

    path = Path(tape)
    server = Upstream(upstream, timeout=timeout)
    if path.exists() and not overwrite:
        raise TapeError(
            f"The tape {path} is there already. Replay it, delete it, or let it be overwritten."
        )
    writer = TapeWriter(path, base=server.base, redactor=Redactor(secrets))
    try:
        with hosted(Recording(server, writer), host=host, port=port) as url:
            key = os.environ.get(KEY_VARIABLE, DEFAULT_API_KEY)
            yield TapeServer(url, base=server.base, api_key=key, tape=path)
    except BaseException:
        writer.discard()
        raise
    writer.save()


@contextmanager
def replay(
    tape: str | os.PathLike[str],
    *,
    allow_unused: bool = False,
    ignore: Collection[str] = (),
    speed: float | None = None,
    secrets: Collection[Secret] = (),
    sleep: Sleep = asyncio.sleep,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Generator[TapeServer]:
    """Answer from a tape while the block runs, without any other server.

    Each recorded exchange answers once. A request that is not on the tape is refused with a
    status 400 that says how it differs from the nearest one that is.

    Args:
        tape: The file.
        allow_unused: Whether recorded exchanges may be left over in the end.
        ignore: Names of fields in JSON, and of query parameters, that may differ from what was
            recorded, such as a made-up id.
        speed: 1.0 to wait as long as the server did, 2.0 for half as long; None for not at all.
        secrets: The `secrets` that it was recorded with.
        sleep: How to wait for a number of seconds.
        host: The address to listen on; only this machine reaches the default.
        port: The port to listen on; 0 for a free one.

    Raises:
        TapeError: There is no such tape, or it cannot be read.
        TapeMismatchError: At the end of the block: something was asked that is not on the tape, or
            something recorded was not asked for. If the block itself fails, this is only a note
            on its error.
        MockServerError: It cannot listen there.
    """
    from openai_mock.recorder.replaying import Replaying
    from openai_mock.recorder.shelf import Shelf

    if speed is not None and speed <= 0:
        raise TapeError(f"The speed {speed} is not above 0. Use 1.0, or None for no waiting.")
    path = Path(tape)
    recorded = tapes.read(path)
    shelf = Shelf(recorded, ignore)
    replaying = Replaying(shelf, redactor=Redactor(secrets), speed=speed, sleep=sleep)
    try:
        with hosted(replaying, host=host, port=port) as url:
            yield TapeServer(url, base=recorded.base, api_key=DEFAULT_API_KEY, tape=path)
    except BaseException as error:
        mismatch = shelf.mismatch(allow_unused=True)  # it may not have come to the rest
        if mismatch:
            error.add_note(str(mismatch))
        raise
    mismatch = shelf.mismatch(allow_unused=allow_unused)
    if mismatch:
        raise mismatch


def record_or_replay(
    upstream: str,
    tape: str | os.PathLike[str],
    *,
    allow_unused: bool = False,
    ignore: Collection[str] = (),
    speed: float | None = None,
    secrets: Collection[Secret] = (),
    timeout: float = DEFAULT_TIMEOUT,
) -> AbstractContextManager[TapeServer]:
    """Replay the tape if it is there, else record it: the mode "once" of other recorders.

    Args:
        upstream: The base URL of the server, for recording.
        tape: The file.
        allow_unused: See `replay`.
        ignore: See `replay`.
        speed: See `replay`.
        secrets: See `record`.
        timeout: See `record`.

    Raises:
        TapeError: See `record` and `replay`.
        TapeMismatchError: See `replay`.
    """
    if Path(tape).exists():
        return replay(tape, allow_unused=allow_unused, ignore=ignore, speed=speed, secrets=secrets)
    return record(upstream, tape, secrets=secrets, timeout=timeout)


def _check_httpx() -> None:
    if find_spec("httpx") is None:  # only recording needs it
        raise TapeError(
            "Recording needs httpx, which is not installed: pip install httpx. "
            "Replaying does without."
        )
