from typing import Any

import pytest
from openai_mock.described.instances import Maker, fits
from openai_mock.described.streams import described_frames
from openai_mock.replies import DONE
from openai_mock.state.clock import Clock
from openai_mock.state.ids import Identifiers
from openai_types.catalogue import operations, resolve

STREAMS = sorted(name for name, each in operations().items() if each.streams)
ENDS = {
    "images.generate": "image_generation.completed",
    "audio.transcriptions.create": "transcript.text.done",
    "responses.retrieve": "response.completed",
}


def frames(name: str) -> list[Any]:  # Any: JSON
    return [*described_frames(operations()[name], Maker(Clock(lambda: 0), Identifiers()))]


@pytest.mark.parametrize("name", STREAMS)
def test_every_event_is_described(name: str):
    operation = operations()[name]
    found = [(event, data) for event, data in frames(name) if data != "[DONE]"]
    assert found
    for event, data in found:
        whole = {"event": event, "data": data} if operation.event_and_data else data
        assert fits(resolve(operation.streams), whole)
        assert "error" not in str(event)


@pytest.mark.parametrize(("name", "last"), ENDS.items())
def test_stream_ends_as_it_does_when_all_went_well(name: str, last: str):
    assert frames(name)[-1][0] == last


def test_assistants_end_with_an_event_and_completions_with_a_mark():
    assert frames("beta.threads.runs.create")[-1] == ("done", "[DONE]")
    assert frames("beta.threads.runs.create")[-2][0] == "thread.run.completed"
    assert frames("completions.create")[-1] == DONE
