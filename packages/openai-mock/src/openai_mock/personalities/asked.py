"""A request as quirks see it. Knows no provider."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from pydantic_core import to_json

from openai_mock.checking.body import media_type_of, parse_object
from openai_mock.checking.incoming import JSON
from openai_mock.content.tokens import count
from openai_mock.content.turns import text_of, turn_of_messages
from openai_mock.refusals import Refusal
from openai_mock.routing.routes import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openai_mock.checking.body import JsonObject
    from openai_mock.checking.incoming import Sent

CHAT = "chat/completions"


@dataclass
class Asked:
    """A request, which quirks may change before it is checked.

    Attributes:
        sent: The request as it was sent.
        key: The key that the server takes.
        path: The path below the root, such as `chat/completions`.
        query: What is behind the question mark.
        headers: The headers, in lower case.
        body: The JSON of the body; empty if it is none.
        model: The model that was asked for.
    """

    sent: Sent
    key: str
    path: str
    query: str
    headers: dict[str, str]
    body: JsonObject = field(default_factory=dict[str, Any])
    model: str | None = None

    @classmethod
    def of(cls, sent: Sent, key: str) -> Asked:
        """A request as it was sent."""
        path = sent.path.removeprefix(f"{ROOT}/")
        asked = cls(sent, key, path, sent.query, dict(sent.headers), _json(sent))
        asked.model = asked.body.get("model")
        return asked

    def to_be_sent(self) -> Sent:
        """The request as it is to be checked."""
        body = to_json(self.body) if self.body else self.sent.body
        return replace(
            self.sent,
            path=f"{ROOT}/{self.path}",
            query=self.query,
            headers=self.headers,
            body=body,
        )

    @property
    def is_chat(self) -> bool:
        """Whether a chat completion is asked for."""
        return self.path == CHAT and self.sent.method == "POST"

    @property
    def streams(self) -> bool:
        """Whether a stream is asked for."""
        return self.body.get("stream") is True

    @property
    def messages(self) -> list[JsonObject]:
        """The messages of a chat."""
        given: object = self.body.get("messages")
        every = cast("list[object]", given) if isinstance(given, list) else []
        return [cast("JsonObject", each) for each in every if isinstance(each, dict)]

    @property
    def words(self) -> str:
        """What the user said last."""
        return turn_of_messages(self.messages).said

    @property
    def tokens(self) -> int:
        """How long the messages are."""
        return sum(count(text_of(each.get("content"))) for each in self.messages)

    @property
    def thought(self) -> str:
        """What the model thinks before it answers."""
        return f"The user wrote {len(self.words)} characters. I repeat them."

    def wants(self, mark: str) -> bool:
        """Whether the user asks for something that a provider does only now and then.

        Args:
            mark: What it is called; the user writes `[mark]`.
        """
        return f"[{mark}]" in self.words

    def find(self, names: str) -> Iterator[tuple[JsonObject, str]]:
        """Where parameters are: the object around each, and its name there.

        Args:
            names: The names on the way to it, such as `messages.name`; lists do not count.
        """
        *way, last = names.split(".")
        around: list[object] = [self.body]
        for name in way:
            inner = [
                cast("Mapping[str, object]", each).get(name)
                for each in around
                if isinstance(each, dict)
            ]
            around = [one for each in inner for one in _each(each)]
        for each in around:
            if isinstance(each, dict) and last in each:
                yield cast("JsonObject", each), last


def _each(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else [value]


def _json(sent: Sent) -> JsonObject:
    """The body, where it is an object; what is wrong with others is told when it is checked."""
    if media_type_of(sent.headers.get("content-type")) != JSON:
        return {}
    try:
        return parse_object(sent.body)
    except Refusal:
        return {}
