"""A script: the expectations of a test in their order, and what was not as they say.

Decides which answer a request gets and what is a failure. Threads may share it: tests write it
while a server reads it.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from openai_mock.errors import ScriptError
from openai_mock.refusals import Refusal
from openai_mock.scripts.matching import shown
from openai_mock.scripts.paths import OperationPath

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.scripts.expectation import Answer, Expectation


class Script:
    """What is expected of clients, and what they get.

    Args:
        strict: Whether every request has to be expected, not only those to operations that the
            script is about.

    Attributes:
        strict: The same; may be changed at any time.
    """

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict
        self._expectations: list[Expectation] = []
        self._unexpected: list[str] = []
        self._lock = threading.RLock()

    @property
    def on(self) -> OperationPath:
        """Where expectations begin: `script.on.responses.create(model="gpt-5.5").reply("Hi")`."""
        return OperationPath(self._add, self._lock)

    def written_at(self, place: str) -> OperationPath:
        """The same as `on`, for scripts that are not written in code.

        Args:
            place: Where this one is, for messages.
        """
        return OperationPath(self._add, self._lock, place=place)

    def next(self, call: Call) -> Answer | None:
        """The answer that is scripted for a call; None if the script is not about it.

        Raises:
            Refusal: No expectation fits, or those that do have been answered.
        """
        if not self._expectations and not self.strict:
            return None
        with self._lock:
            name = call.operation.name
            about = [each for each in self._expectations if each.operation.name == name]
            if not about and not self.strict:
                return None
            for each in about:
                answer = None if each.differences(call) else each.take()
                if answer:
                    return answer
            told = _told(call, about)
            self._unexpected.append(told)
        raise Refusal(
            f"The script of the mock server does not expect this request.\n{told}",
            code="unexpected_request",
            headers={"x-should-retry": "false"},
        )

    def report(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What was expected and did not come, and what came and was not expected."""
        with self._lock:
            unused = tuple(f"{each}: {each.left}" for each in self._expectations if each.left)
            return unused, tuple(self._unexpected)

    def check(self) -> None:
        """Return if all that came was expected, and all that is expected came.

        Raises:
            ScriptError: It did not.
        """
        unused, unexpected = self.report()
        if unused or unexpected:
            raise ScriptError(_message(unused, unexpected), unused=unused, unexpected=unexpected)

    def clear(self) -> None:
        """Forget all expectations and all that came; `strict` stays."""
        with self._lock:
            self._expectations.clear()
            self._unexpected.clear()

    def _add(self, expectation: Expectation) -> None:
        with self._lock:
            self._expectations.append(expectation)


def _told(call: Call, about: list[Expectation]) -> str:
    """A request that was not expected, and why each expectation did not take it."""
    values: dict[str, object] = {**call.path, **call.query, **call.body}
    arguments = ", ".join(f"{name}={shown(value)}" for name, value in values.items())
    lines = [f"{call.operation.name}({arguments})"]
    for each in about:
        reasons = each.differences(call) or ["all its answers had been given"]
        lines += [f"  not {each}:", *(f"    {reason}" for reason in reasons)]
    if not about:
        lines.append("  nothing is scripted for this operation, and the script is strict")
    return "\n".join(lines)


def _message(unused: tuple[str, ...], unexpected: tuple[str, ...]) -> str:
    lines = ["The script of the mock server was not followed."]
    if unused:
        lines += ["Expected, but not asked for:", *(f"  {each}" for each in unused)]
    if unexpected:
        lines.append("Asked for, but not expected:")
        lines += [f"  {line}" for each in unexpected for line in each.splitlines()]
    return "\n".join(lines)
