from collections.abc import AsyncGenerator
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint
from openai_http.transports.generators import begun, first

pytestmark = pytest.mark.anyio
BACKENDS: Any = pytest.mark.parametrize("kind", ["asyncio", "trio"], indirect=True)


async def outer(pieces: AsyncGenerator[int]) -> AsyncGenerator[int]:
    yield -1
    piece = await first(pieces)
    while piece is not None:
        yield piece
        piece = await anext(pieces, None)


async def inner(*pieces: int, waits: bool) -> AsyncGenerator[int]:
    if waits:
        await checkpoint()
    for piece in pieces:
        yield piece


@BACKENDS
@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("pieces", [(), (1,), (1, 2)])
async def test_all_pieces_come(kind: str, waits: bool, pieces: tuple[int, ...]):
    del kind
    assert [piece async for piece in begun(outer(inner(*pieces, waits=waits)))] == [*pieces]


@BACKENDS
async def test_what_the_first_piece_raises_is_raised(kind: str):
    del kind

    async def failing() -> AsyncGenerator[int]:
        await checkpoint()
        raise LookupError
        yield 1

    with pytest.raises(LookupError):
        await anext(begun(outer(failing())))


@BACKENDS
async def test_first_piece_can_be_cancelled(kind: str):
    del kind
    ends: list[str] = []

    async def endless() -> AsyncGenerator[int]:
        try:
            await anyio.sleep_forever()
            yield 1
        finally:
            ends.append("inner")

    with anyio.move_on_after(0):
        await anext(begun(outer(endless())))
    assert ends == ["inner"]
