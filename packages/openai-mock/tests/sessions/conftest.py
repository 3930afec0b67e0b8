"""Sessions without sockets: what is sent to them and what they answer, strictly decoded."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from openai_mock.content.audio import pcm
from openai_mock.faults.wire import Wait
from openai_mock.sessions.realtime import RealtimeSession
from openai_mock.sessions.session import Session
from openai_mock.settings import Settings
from openai_mock.state.clock import Clock
from openai_mock.state.store import Store
from openai_mock.world import World
from openai_types import Decoder
from openai_types.live import ConnectServerEvent, ForkServerEvent, ServerEvent
from openai_types.realtime import RealtimeServerEvent, RealtimeTranslationServerEvent
from openai_types.responses import ResponsesServerEvent

NOW = 1_800_000_000
SECOND = 48_000  # bytes of samples
DECODERS: dict[str, Decoder[Any]] = {
    "realtime.RealtimeClientEventParam": Decoder(RealtimeServerEvent, strict=True),
    "realtime.RealtimeTranslationClientEventParam": Decoder(
        RealtimeTranslationServerEvent, strict=True
    ),
    "responses.ResponsesClientEventParam": Decoder(ResponsesServerEvent, strict=True),
    "live.ClientEventParam": Decoder(ServerEvent, strict=True),
    "live.ConnectClientEventParam": Decoder(ConnectServerEvent, strict=True),
    "live.ForkClientEventParam": Decoder(ForkServerEvent, strict=True),
}


class Talk:
    """One session; everything that it tells is decoded strictly. Any: events of many types."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.decode = DECODERS[session.client_events]
        self.opening = [self._decoded(event) for event in session.opening()]

    def send(self, *events: object) -> list[Any]:
        """Send events; gives all that is told of each, to its end."""
        return [told for event in events for told in (*self.at_once(event), *self.rest())]

    def at_once(self, event: object) -> list[Any]:
        """Send an event; gives what is answered before anything in progress goes on."""
        frame = event if isinstance(event, str | bytes) else json.dumps(event)
        return [self._decoded(told) for told in self.session.receive(frame)]

    def next(self, count: int = 1) -> list[Any]:
        """The next events of what is in progress."""
        return [self._decoded(self.session.proceed()) for _ in range(count)]

    def rest(self) -> list[Any]:
        """What is told without anything being sent, pauses passed over."""
        found: list[Any] = []
        while self.session.closing is None and (told := self.session.proceed()) is not None:
            if isinstance(told, Wait):
                self.session.resume(told)
            else:
                found.append(self._decoded(told))
        return found

    def code(self, event: object) -> str:
        """The code of the error that an event is answered with."""
        (error,) = self.send(event)
        assert error.type == "error"
        return error.error.code

    def _decoded(self, told: object) -> Any:
        return self.decode(json.dumps(told))


@pytest.fixture
def world() -> Iterator[World]:
    clock = Clock()
    clock.freeze(NOW)
    made = World(Settings(), Store(), clock)
    yield made
    made.store.close()


@pytest.fixture
def talk() -> Callable[[Session], Talk]:
    return Talk


@pytest.fixture
def realtime(world: World) -> Talk:
    return Talk(RealtimeSession("gpt-realtime", world))


@pytest.fixture
def texting(realtime: Talk) -> Talk:
    """A Realtime session that talks in text."""
    realtime.send(
        {"type": "session.update", "session": {"type": "realtime", "output_modalities": ["text"]}}
    )
    return realtime


@pytest.fixture
def speech() -> Callable[[str], str]:
    """Speech that is heard as its text, with enough silence after it, in base64."""

    def spoken(text: str) -> str:
        return b64encode(pcm(text) + bytes(SECOND)).decode()

    return spoken
