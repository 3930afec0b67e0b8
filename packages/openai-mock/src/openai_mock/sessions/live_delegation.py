"""Who does what a Live session hands on: Responses, or Decisions.

Decides what each of them is given and in which order. Responses are made as over a WebSocket of
their own, so that scripts and handlers are the same; what is decided is decided where all decisions
are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.answers.decisions import decide
from openai_mock.content.json_values import as_object, objects_in
from openai_mock.content.turns import text_of
from openai_mock.faults.wire import Wait
from openai_mock.refusals import Refusal
from openai_mock.sessions.responses_lane import Lane

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openai_mock.checking.body import JsonObject
    from openai_mock.content.json_values import Object
    from openai_mock.state.ids import Identifiers
    from openai_mock.world import World


class Backend:
    """The conversation with Responses.

    Args:
        world: What handlers share.
    """

    def __init__(self, world: World) -> None:
        self._lane = Lane(None, world, {}, ())
        self._waiting: list[Object] = []

    def begin_with(self, items: Iterable[Object]) -> None:
        """Take what was said before the session."""
        self._waiting += items

    def add(self, item: Object) -> None:
        """Take an item for the next response."""
        self._waiting.append(item)

    def respond(self, settings: Object) -> Iterator[JsonObject]:
        """The events of a response to all that waits.

        Args:
            settings: How the session says that responses are to be.
        """
        given, self._waiting = self._waiting, []
        latest = self._lane.latest
        before = {} if latest is None else {"previous_response_id": latest[0]}
        request = {"type": "response.create", **settings, **before, "input": given, "store": False}
        self._lane.add(request)
        while True:
            told = self._lane.proceed({} if latest is None else dict((latest,)))
            if isinstance(told, dict):
                yield told
            elif isinstance(told, Wait):
                self._lane.resume(told)  # a session in sound has no pauses
            else:
                return


class Decider:
    """What decisions are made on.

    Args:
        ids: Where ids are from.
    """

    def __init__(self, ids: Identifiers) -> None:
        self._ids = ids
        self._items: list[JsonObject] = []
        self._asked: set[str] = set()

    def hear(self, role: str, text: str) -> None:
        """Take what was said in the session."""
        self._items.append({"id": self._ids.new("item_"), "role": role, "content": text})

    def add(self, item: Object) -> JsonObject:
        """Take an item of the client; gives it with its id."""
        named = {name: value for name, value in item.items() if name != "id" or value is not None}
        made = {"id": self._ids.new("item_"), **named}
        self._items.append(made)
        return made

    def remove(self, item_id: str) -> None:
        """Take an item out.

        Raises:
            Refusal: There is none with this id.
        """
        kept = [each for each in self._items if each["id"] != item_id]
        if len(kept) == len(self._items):
            message = f"There is no item '{item_id}'. Use an id of decision.item.created."
            raise Refusal(message, code="item_not_found", param="item_id")
        self._items = kept

    def check_new(self, event_id: str) -> None:
        """Return if no decision was asked for with this id before.

        Raises:
            Refusal: One was.
        """
        if event_id in self._asked:
            message = f"A decision with the event_id '{event_id}' was asked for. Use another id."
            raise Refusal(message, code="duplicate_event_id", param="event_id")
        self._asked.add(event_id)

    def decide(self, questions: object, model: str) -> JsonObject:
        """Answer questions about all that was said.

        Args:
            questions: The questions.
            model: The name of what decides.
        """
        return decide({"model": model, "input": list(self._items), "questions": questions})

    @staticmethod
    def questions_of(trigger: Object) -> object:
        """The questions of a trigger."""
        return as_object(trigger.get("decisions")).get("questions")


def spoken_by(event: JsonObject) -> str | None:
    """What the model says when a response is over; None if it is not, or has no words."""
    if event["type"] not in ("response.completed", "response.incomplete"):
        return None
    output = objects_in(as_object(event["response"]).get("output"))
    texts = [text_of(item.get("content")) for item in output if item.get("type") == "message"]
    return "\n".join(filter(None, texts)) or None
