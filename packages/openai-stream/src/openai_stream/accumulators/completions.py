"""A legacy completion from its chunks, which are completions themselves: each has what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openai_stream.accumulators.growing import GrowingFields, dumped, sent_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_types import Completion

CHOICES = "choices"
INDEX = "index"


class CompletionsAccumulator:
    """Puts a completion together; its choices may come in any order."""

    __slots__ = ("_choices", "_fields")

    def __init__(self) -> None:
        self._fields: dict[str, object] = {}
        self._choices: dict[int, GrowingFields] = {}

    def add(self, event: Completion) -> None:
        """Take the next chunk. It raises nothing, whatever the server sent."""
        for name, sent in (sent_fields(event) or {}).items():
            if name == CHOICES:
                self._add_choices(sent)
                continue
            value = dumped(sent)
            if value or name not in self._fields:  # null and {} take nothing away
                self._fields[name] = value

    def _add_choices(self, choices: object) -> None:
        if not isinstance(choices, list):
            return
        for position, choice in enumerate(cast("list[object]", choices)):
            fields = sent_fields(choice) or {}
            index = fields.get(INDEX)
            key = index if isinstance(index, int) else position
            self._choices.setdefault(key, GrowingFields()).add(_without_index(fields))

    def snapshot(self) -> Completion:
        """The completion so far."""
        from openai_types import Completion

        choices = [{INDEX: key, **self._choices[key].joined()} for key in sorted(self._choices)]
        return Completion.model_validate({**self._fields, CHOICES: choices})


def _without_index(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if name != INDEX}
