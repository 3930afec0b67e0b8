"""What every group of operations is: a view on a client, made when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_http.raw.modes import Modal, ModeT

if TYPE_CHECKING:
    from openai_http.client import AsyncOpenAI, OpenAI


class Resource(Modal[ModeT]):
    """A group of operations."""

    __slots__ = ("_client",)

    def __init__(self, client: OpenAI) -> None:
        self._client = client


class AsyncResource(Modal[ModeT]):
    """A group of operations, for asynchronous code."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncOpenAI) -> None:
        self._client = client
