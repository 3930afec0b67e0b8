"""A run of an assistant from its events: the run, its steps and its messages so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from openai_types.beta.threads.objects import Message, Run
from openai_types.beta.threads.runs.objects import RunStep
from openai_types.beta.threads_objects import Thread
from openai_types.model import BaseModel

from openai_stream.accumulators.growing import Growing, dumped, sent_fields

if TYPE_CHECKING:
    from openai_types.beta import AssistantStreamEvent

M = TypeVar("M", bound=BaseModel)

STEP = "thread.run.step."
RUN = "thread.run."
MESSAGE = "thread.message."
THREAD = "thread."
DELTA = "delta"
BEGUN = frozenset({"created", "in_progress", "queued"})


@dataclass(frozen=True, slots=True)
class RunSnapshot:
    """What a stream has said so far.

    Attributes:
        thread: the thread, if it was made for the run.
        run: the run, as the last event about it had it.
        steps: the steps, in the order in which they began.
        messages: the messages that the run made, in the order in which they began.
    """

    thread: Thread | None
    run: Run | None
    steps: list[RunStep]
    messages: list[Message]


class RunsAccumulator:
    """Puts a run together; events may come in any order, and begin anywhere."""

    __slots__ = ("_run", "_thread", "messages", "steps")

    def __init__(self) -> None:
        self._thread: Thread | None = None
        self._run: Run | None = None
        self.steps = Collection(RunStep)
        self.messages = Collection(Message)

    def add(self, event: AssistantStreamEvent) -> None:
        """Take the next event. It raises nothing, whatever the server sent."""
        name = cast("object", event.event)  # of any type, whatever is declared
        data: object = getattr(event, "data", None)
        if not isinstance(name, str):
            return
        if name.startswith(STEP):
            self.steps.add(name.removeprefix(STEP), data)
        elif name.startswith(MESSAGE):
            self.messages.add(name.removeprefix(MESSAGE), data)
        elif name.startswith(RUN):
            self._run = _typed(Run, data) or self._run
        elif name.startswith(THREAD):
            self._thread = _typed(Thread, data) or self._thread

    @property
    def run(self) -> Run | None:
        """The run, as the last event about it had it."""
        return self._run

    def snapshot(self) -> RunSnapshot:
        """All that came so far."""
        return RunSnapshot(self._thread, self._run, self.steps.all(), self.messages.all())


class Collection(Generic[M]):
    """Objects of one kind by their ids, each told of by events from its creation to its end.

    Attributes:
        current: the id of the one that the last event was about.
    """

    __slots__ = ("_growing", "_type", "_whole", "current")

    def __init__(self, type_: type[M]) -> None:
        self._type = type_
        self._growing: dict[str, Growing[M]] = {}
        self._whole: dict[str, M] = {}
        self.current: str | None = None

    def add(self, state: str, data: object) -> None:
        """Take an event.

        Args:
            state: what happened: "created", "delta", "completed", ...
            data: the object, or its delta; without an id, it is about the current one.
        """
        key = getattr(data, "id", None)
        self.current = key if isinstance(key, str) else self.current or ""
        growing = self._growing.get(self.current)
        if growing is None:
            growing = self._growing[self.current] = Growing(self._type)
            growing.add({"id": key})
        if self.current in self._whole:
            return  # late, or sent twice: the end has said it all
        if state == DELTA:
            growing.add(getattr(data, "delta", None))
        elif state in BEGUN:
            growing.update(data)
        elif (whole := _typed(self._type, data)) is not None:
            self._whole[self.current] = whole

    def get(self, key: str | None) -> M | None:
        """The object as it is now; None if no event was about it."""
        if key is None or key not in self._growing:
            return None
        return self._whole.get(key) or self._growing[key].snapshot()

    def part(self, key: str, *path: str | int) -> object:
        """What deltas have said of a part of an object; None if nothing."""
        growing = self._growing.get(key)
        return growing.part(*path) if growing else None

    def grown(self, key: str) -> M | None:
        """The object as its deltas made it, whatever its end said."""
        growing = self._growing.get(key)
        return growing.snapshot() if growing else None

    def all(self) -> list[M]:
        """The objects, in the order in which they began."""
        return [self._whole.get(key) or each.snapshot() for key, each in self._growing.items()]


def _typed(type_: type[M], data: object) -> M | None:
    if isinstance(data, type_):
        return data
    fields = sent_fields(dumped(data))
    return type_.model_validate(fields) if fields else None
