"""With and without files: a form or JSON, as the official package sends it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from openai_suite import APIResponseValidationError, OpenAIError
from openai_types.catalogue import operations

from ..contract.described_values import Call  # noqa: TID252 - test folders are no packages
from ..contract.recording_server import Answer, RecordingServer  # noqa: TID252
from .callers import Callers
from .sent_requests import sent

pytestmark = [
    pytest.mark.peer,
    # The official package warns of what is deprecated.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

# Any: what methods of two packages take.

FILE = ("a.txt", b"content \xff", "text/plain")
ODD: dict[str, Any] = {
    "a": 1.5,
    "b": [],
    "c": {},
    "d": None,
    "e": False,
    "f": "",
    "g": [1, {"h": [True]}],
}
CALLS: list[tuple[str, Mapping[str, Any]]] = [
    ("audio.voices.create", {"name": "n", "type": "prompt", "prompt": "p", "model": None}),
    ("audio.voices.create", {"name": "n", "consent": "c", "audio_sample": FILE}),
    ("containers.files.create", {"container_id": "c"}),
    ("containers.files.create", {"container_id": "c", "file_id": "f"}),
    ("containers.files.create", {"container_id": "c", "file": b"content"}),
    ("images.edit", {"prompt": "p", "image": []}),
    ("images.edit", {"prompt": "p", "image": [FILE, b"content"], "mask": FILE, "n": None}),
    ("realtime.calls.create", {"sdp": "v=0"}),
    ("realtime.calls.create", {"sdp": "v=0", "extra_body": {"more": [1]}}),
    ("realtime.calls.create", {"sdp": "v=0", "session": {"type": "realtime"}}),
    ("skills.create", {}),
    ("skills.create", {"extra_body": ODD}),
    ("skills.create", {"files": FILE}),
    ("skills.create", {"files": [FILE]}),
    ("skills.versions.create", {"skill_id": "s", "default": True}),
    ("skills.versions.create", {"skill_id": "s", "default": True, "files": [FILE]}),
    ("videos.create", {"prompt": "p", "seconds": "4"}),
    ("videos.create", {"prompt": "p", "extra_body": ODD}),
    ("videos.create", {"prompt": "p", "input_reference": FILE, "extra_body": ODD}),
    ("videos.edit", {"prompt": "p", "video": FILE}),
    ("videos.remix", {"video_id": "v", "prompt": "p"}),
]
# The document and the types allow these; the official package refuses whatever is no file.
REFERENCES: list[tuple[str, Mapping[str, Any]]] = [
    ("videos.create", {"prompt": "p", "input_reference": {"file_id": "f"}}),
    ("videos.edit", {"prompt": "p", "video": {"id": "v"}}),
    ("videos.extend", {"prompt": "p", "seconds": "4", "video": {"id": "v"}}),
]


@pytest.mark.parametrize(("name", "params"), CALLS)
def test_both_send_the_same(
    name: str, params: Mapping[str, Any], server: RecordingServer, peers: Callers
):
    operation = operations()[name]
    given = Call(params, operation.returns, streams=False)
    for both in zip(peers.official, peers.ours, strict=True):
        server.expect(Answer())
        for caller in both:
            with suppress(APIResponseValidationError):  # the answer is empty
                caller(operation, given)
        official, ours = (sent(each) for each in server.requests)
        assert ours == official


@pytest.mark.parametrize(("name", "params"), REFERENCES)
def test_object_in_the_place_of_a_file_is_sent_as_json(
    name: str, params: Mapping[str, Any], server: RecordingServer, peers: Callers
):
    operation = operations()[name]
    given = Call(params, operation.returns, streams=False)
    for official, ours in zip(peers.official, peers.ours, strict=True):
        server.expect(Answer())
        with suppress(APIResponseValidationError):  # the answer is empty
            ours(operation, given)
        with pytest.raises(RuntimeError, match="Expected entry at"):
            official(operation, given)
        [request] = server.requests
        assert request.json() == params


def test_what_is_no_file_is_refused_where_nothing_else_is_taken(peers: Callers):
    operation = operations()["videos.create_character"]
    given = Call({"name": "n", "video": {"id": "v"}}, operation.returns, streams=False)
    for official, ours in zip(peers.official, peers.ours, strict=True):
        with pytest.raises(RuntimeError, match="Expected entry at"):
            official(operation, given)
        with pytest.raises(OpenAIError, match="video takes a file"):
            ours(operation, given)
