"""What whoever runs a server lets it do otherwise: scripts, faults, a provider's personality.

Decides which faults an answer has. By default there is nothing, and nothing costs anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from openai_mock.errors import MockServerError
from openai_mock.refusals import Refusal
from openai_mock.scripts.script import Script

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openai_mock.faults import Fault
    from openai_mock.personalities import Personality

FAULT_HEADER = "x-mock-fault"


@dataclass
class Control:
    """What a server does otherwise.

    Attributes:
        script: The scripted answers.
        personality: The provider that it answers like.
        faults: What is wrong with every answer.
    """

    script: Script = field(default_factory=Script)
    personality: Personality | None = None
    faults: tuple[Fault, ...] = ()

    def faults_of(self, headers: Mapping[str, str]) -> tuple[Fault, ...]:
        """The faults of all answers and those that a request asks for.

        Args:
            headers: The headers of the request.

        Raises:
            Refusal: It asks for what there is not.
        """
        asked = headers.get(FAULT_HEADER)
        if asked is None:
            return self.faults
        try:
            return (*self.faults, *as_faults(asked))
        except MockServerError as error:
            raise Refusal(
                f"The header '{FAULT_HEADER}' is wrong: {error}", code="invalid_fault"
            ) from error


Faults: TypeAlias = "Fault | str | Iterable[Fault | str]"
"""One fault or several, made by the functions of `openai_mock.faults` or written `cut:100`."""


def as_faults(given: Faults | None) -> tuple[Fault, ...]:
    """Faults in one form.

    Raises:
        MockServerError: There is none of this name, or it does not take this.
    """
    if given is None:
        return ()
    from openai_mock.faults import Fault
    from openai_mock.faults.spec import parsed

    if isinstance(given, Fault):
        return (given,)
    if isinstance(given, str):
        return parsed(given)
    return tuple(fault for each in given for fault in as_faults(each))
