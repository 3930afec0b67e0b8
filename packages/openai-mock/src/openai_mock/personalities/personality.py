"""What a personality is, and how it changes requests and answers.

A personality is a table of quirks. Decides their order: requests are changed before they are
checked, then the server answers as usual or as it is scripted, then the answer is changed. Knows no
provider.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from openai_mock.models import check_text_model
from openai_mock.personalities.asked import Asked
from openai_mock.refusals import Refusal
from openai_mock.replies import EventsReply, JsonReply, Reply, error_reply
from openai_mock.routing.routes import ROOT
from openai_mock.state.edits import edited

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_mock.checking.body import JsonObject
    from openai_mock.checking.incoming import Sent
    from openai_mock.faults import Fault
    from openai_mock.replies import Frame
    from openai_mock.world import World

STAND_IN = "gpt-5.5"  # what answers for the models of others
_FIRST_OF_ERRORS = 400

Chunks: TypeAlias = Iterable[dict[str, Any]]  # Any: JSON


@dataclass(frozen=True, kw_only=True)
class Quirk:
    """Something that a provider does otherwise. Each part has the request as its last argument.

    Attributes:
        says: What is known of it, in words.
        request: Changes the request before it is checked, or refuses it.
        both: Changes a chat completion, and each chunk of a streamed one.
        whole: Changes a chat completion that is not streamed.
        chunks: Changes the chunks of a chat completion.
        answer: Changes any answer that is no error.
        error: Changes an error.
        faults: What goes wrong on the way.
    """

    says: str
    request: Callable[[Asked], None] | None = None
    both: Callable[[dict[str, Any], Asked], None] | None = None
    whole: Callable[[dict[str, Any], Asked], None] | None = None
    chunks: Callable[[Chunks, Asked], Iterator[dict[str, Any]]] | None = None
    answer: Callable[[Reply, Asked], Reply] | None = None
    error: Callable[[JsonReply, Asked], Reply] | None = None
    faults: Callable[[Asked], tuple[Fault, ...]] | None = None


@dataclass(frozen=True, kw_only=True)
class Personality:
    """A provider that the server can answer like.

    Attributes:
        name: What it is asked for by.
        line: What it is, in a line.
        quirks: What it does otherwise, in the order in which it is done.
        roots: The paths that its operations are below; the first is the one to tell clients.
        pages: JSON that it has besides, by its path.
    """

    name: str
    line: str
    quirks: tuple[Quirk, ...]
    roots: tuple[str, ...] = (ROOT,)
    pages: Mapping[str, object] = field(default_factory=dict[str, object])

    def perform(self, sent: Sent, world: World, usual: Callable[[Sent, World], Reply]) -> Reply:
        """Answer a request.

        Args:
            sent: The request.
            world: What handlers share.
            usual: Answers without this personality.
        """
        asked = Asked.of(sent, world.settings.api_key)
        try:
            for quirk in self.quirks:
                if quirk.request:
                    _change(asked, quirk.request)
            stands_in = _stand_in(asked)
            reply = usual(asked.to_be_sent(), world)
        except Refusal as refusal:
            return self._refused(error_reply(refusal), asked)
        if reply.exact:
            return reply
        if reply.status >= _FIRST_OF_ERRORS:
            return self._refused(reply, asked)
        return self._answered(_named(reply, asked.model) if stands_in else reply, asked)

    def headers_of(self, handshake: Sent, key: str) -> Mapping[str, str]:
        """The headers of a handshake as requests of this API have them.

        Args:
            handshake: The handshake as a request.
            key: The key that the server takes.
        """
        asked = Asked.of(handshake, key)
        for quirk in self.quirks:
            if quirk.request:
                with suppress(Refusal):  # a quirk may refuse requests, which a handshake is none of
                    _change(asked, quirk.request)
        return asked.headers

    def _refused(self, reply: Reply, asked: Asked) -> Reply:
        for quirk in self.quirks:
            if quirk.error and isinstance(reply, JsonReply):
                reply = quirk.error(reply, asked)
        return reply

    def _answered(self, reply: Reply, asked: Asked) -> Reply:
        if asked.is_chat and isinstance(reply, EventsReply):
            reply = replace(reply, frames=self._frames(reply.frames, asked))
        elif asked.is_chat and isinstance(reply, JsonReply):
            reply = replace(reply, body=self._body(reply.body, asked))
        faults: tuple[Fault, ...] = ()
        for quirk in self.quirks:
            if quirk.answer:
                reply = quirk.answer(reply, asked)
            if quirk.faults:
                faults += quirk.faults(asked)
        return replace(reply, faults=(*faults, *reply.faults))

    def _body(self, body: object, asked: Asked) -> JsonObject:
        changed = cast("JsonObject", deepcopy(body))
        for quirk in self.quirks:
            for change in (quirk.both, quirk.whole):
                if change:
                    change(changed, asked)
        return changed

    def _frames(self, frames: Iterable[Frame], asked: Asked) -> Iterator[Frame]:
        others: list[Frame] = []
        chunks: Chunks = _chunks(frames, others)
        for quirk in self.quirks:
            if quirk.both:
                chunks = _each(chunks, quirk.both, asked)
            if quirk.chunks:
                chunks = quirk.chunks(chunks, asked)
        for chunk in chunks:
            yield None, chunk
        yield from others


def _change(asked: Asked, change: Callable[[Asked], None]) -> None:
    """Change a request that has not been checked yet."""
    try:
        change(asked)
    except (AttributeError, LookupError, TypeError, ValueError):
        return  # it is not as described, which it is told when it is checked


def _chunks(frames: Iterable[Frame], others: list[Frame]) -> Iterator[dict[str, Any]]:
    """The chunks of a stream; the frames that are none, such as `[DONE]`, are put aside."""
    for frame in frames:
        if isinstance(frame[1], dict):
            yield deepcopy(cast("dict[str, Any]", frame[1]))
        else:
            others.append(frame)


def _each(
    chunks: Chunks, change: Callable[[dict[str, Any], Asked], None], asked: Asked
) -> Iterator[dict[str, Any]]:
    for chunk in chunks:
        change(chunk, asked)
        yield chunk


def _stand_in(asked: Asked) -> bool:
    """Let a model that is known answer for one of the provider's; gives whether it does."""
    if not isinstance(asked.model, str):
        return False
    try:
        check_text_model(asked.model)
    except Refusal:
        asked.body["model"] = STAND_IN
        return True
    return False


def _named(reply: Reply, model: str | None) -> Reply:
    """A reply in which the model has the name that was asked for."""

    def named(value: object) -> object:
        return model if value == STAND_IN else value

    if isinstance(reply, JsonReply):
        return replace(reply, body=edited(reply.body, ("model",), named))
    if isinstance(reply, EventsReply):
        frames = ((name, edited(data, ("model",), named)) for name, data in reply.frames)
        return replace(reply, frames=frames)
    return reply
