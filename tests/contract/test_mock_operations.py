"""Every operation of the catalogue through the mock server: what is described comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Any

import pytest
from openai_http import HttpxBinaryResponseContent, NotFoundError, OpenAI
from openai_mock import MockServer, serve
from openai_mock.state.addresses import Collection, collections, located
from openai_types.catalogue import Operation, operations, resolve

from .described_values import Call, calls, described_classes
from .stored_items import around, at, fill

# Any: what hundreds of methods take and give, each of another type.

NAMES = sorted(operations())
# What comes before an answer, which is not there; the tests of the mock prove that it is read.
ALONE: Mapping[str, Any] = {"conversation": None, "previous_response_id": None}
COMPACTED: Mapping[str, Any] = {"previous_response_id": None}
SECRET: Mapping[str, Any] = {"expires_after": {"anchor": "created_at", "seconds": 60}}
IMAGE: Mapping[str, Any] = {"model": "gpt-image-1", "size": "1024x1024"}
HEARD: Mapping[str, Any] = {"model": "gpt-4o-transcribe"}
RESUMED: Mapping[str, Any] = {"starting_after": 0}
RESPONSE: Mapping[str, Any] = {
    **ALONE,
    "model": "gpt-5.5",
    "input": "Hi",
    "max_output_tokens": 16,
}
LIFETIME = {"anchor": "created_at", "seconds": 3600}
SKILL = ("s/SKILL.md", b"---\nname: s\ndescription: Does it.\n---\n")
# What the types of parameters do not say.
VALID: Mapping[str, Mapping[str, Any]] = {
    "chat.completions.create": {
        "model": "gpt-5.5",
        "messages": [{"role": "user", "content": "Hi"}],
    },
    "completions.create": {"model": "gpt-3.5-turbo-instruct", "best_of": 1, "n": 1},
    **dict.fromkeys(("images.generate", "images.edit"), IMAGE),
    "images.create_variation": {"model": "dall-e-2"},
    "audio.speech.create": {"model": "gpt-4o-mini-tts"},
    **dict.fromkeys(("audio.transcriptions.create", "audio.translations.create"), HEARD),
    "embeddings.create": {"model": "text-embedding-3-small"},
    "moderations.create": {"model": "omni-moderation-latest"},
    "videos.create": {"model": "sora-2"},
    "realtime.client_secrets.create": SECRET,
    "realtime.translations.client_secrets.create": SECRET,
    "responses.create": RESPONSE,
    "beta.responses.create": RESPONSE,
    **dict.fromkeys(("responses.input_tokens.count", "beta.responses.input_tokens.count"), ALONE),
    **dict.fromkeys(("responses.compact", "beta.responses.compact"), COMPACTED),
    **dict.fromkeys(("responses.retrieve", "beta.responses.retrieve"), RESUMED),
    "beta.threads.runs.submit_tool_outputs": {
        "tool_outputs": [{"tool_call_id": "call_1", "output": "1"}],
    },
    "conversations.items.create": {
        "items": [{"type": "message", "role": "user", "content": "Hi"}],
    },
    "models.retrieve": {"model": "gpt-5.5"},
    "batches.create": {"output_expires_after": LIFETIME},
    "fine_tuning.jobs.create": {"model": "gpt-4o-mini"},
    "containers.files.create": {"file_id": "text"},
    "files.create": {"expires_after": LIFETIME},
    "live.create": {"session": {"model": "gpt-live-1"}},
    "live.sessions.accept": {"session": {"model": "gpt-live-1", "type": "live"}},
    "skills.create": {"files": [SKILL]},
    "skills.versions.create": {"files": [SKILL]},
    "uploads.create": {"expires_after": LIFETIME},
    "uploads.complete": {"part_ids": [], "md5": "d41d8cd98f00b204e9800998ecf8427e"},
    "vector_stores.file_batches.create": {"file_ids": ["text"]},
}
# Until the last chunk of a text completion its reason is null, which the description does not have.
NOT_AS_DESCRIBED = {("completions.create", True)}
KEPT: Mapping[str, Any] = {"store": True, "stream": False}


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with serve() as server:
        yield server


@pytest.fixture(scope="module")
def client(mock: MockServer) -> Iterator[OpenAI]:
    """Refuses every answer that is not what the description says."""
    with opened(mock, strict=True) as made:
        yield made


def opened(mock: MockServer, *, strict: bool) -> OpenAI:
    return OpenAI(
        api_key=mock.api_key,
        admin_api_key=mock.admin_api_key,
        base_url=mock.base_url,
        max_retries=0,
        _strict_response_validation=strict,
    )


@pytest.mark.parametrize("name", NAMES)
def test_described_call_gets_a_described_answer(name: str, mock: MockServer, client: OpenAI):
    operation = operations()[name]
    with opened(mock, strict=False) as lenient:
        for given in calls(operation):
            params = {**given.params, **VALID.get(name, {})}
            if "after" in params:
                params.pop("before", None)  # there is nothing between a cursor and itself
            fill(mock, operation, params)
            as_described = (name, given.streams) not in NOT_AS_DESCRIBED
            result = attrgetter(name)(client if as_described else lenient)(**params)
            inside = list(result) if given.streams or operation.page else []
            assert_described(result, inside, operation, given)


def assert_described(result: Any, inside: list[Any], operation: Operation, given: Call) -> None:
    if given.streams or operation.page:
        assert inside
        for each in inside:
            assert isinstance(each, described_classes(resolve(given.returns)))
    elif given.returns == "None":
        assert result is None
    elif given.returns == "bytes":
        assert isinstance(result, HttpxBinaryResponseContent)
        assert result.content
    elif given.returns == "str":
        assert isinstance(result, str)
    else:
        assert isinstance(result, described_classes(resolve(given.returns)))


@pytest.mark.parametrize("name", [name for name in NAMES if around(operations()[name])])
def test_what_is_not_there_is_not_found(name: str, client: OpenAI):
    operation = operations()[name]
    given = calls(operation)[-1]
    params = {**given.params, **VALID.get(name, {})}
    for each in operation.parameters:
        if each.place == "path":
            params[each.name] = "not-there"
    with pytest.raises(NotFoundError, match="not-there"):
        attrgetter(name)(client)(**params)


def made_by(collection: Collection) -> Operation | None:
    """What makes an item that can be found afterwards."""
    item = f"{collection.path}/{{{collection.parameter}}}"
    return at("POST", collection.path) if at("GET", item) else None


@pytest.mark.parametrize("path", [path for path, each in collections().items() if made_by(each)])
def test_what_is_made_can_be_found_listed_and_removed(path: str, mock: MockServer, client: OpenAI):
    collection = collections()[path]
    create = made_by(collection)
    assert create
    name = create.name
    known = {each.name for each in create.parameters}
    # Without `store` a chat completion is not kept.
    more = {**VALID.get(name, {}), **{key: value for key, value in KEPT.items() if key in known}}
    params = {**calls(create)[-1].params, **more}
    fill(mock, create, params)
    attrgetter(name)(client)(**params)
    outer: dict[str, str] = {key: params[key] for key in params if f"{{{key}}}" in path}
    key = mock.store.list(located(path, outer), order="desc", limit=1).keys[0]
    item = f"{path}/{{{collection.parameter}}}"
    one = {**outer, collection.parameter: key}
    retrieve, listing, remove = at("GET", item), at("GET", path, pages=True), at("DELETE", item)
    assert retrieve
    found = attrgetter(retrieve.name)(client)(**one)
    if listing:
        assert found in [*attrgetter(listing.name)(client)(**outer)] or found.id in [
            each.id for each in attrgetter(listing.name)(client)(**outer)
        ]
    if remove:
        attrgetter(remove.name)(client)(**one)
        with pytest.raises(NotFoundError, match=key):
            attrgetter(retrieve.name)(client)(**one)
