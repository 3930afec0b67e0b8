import pytest
from openai_mock.state.addresses import collection_of, collections, located, owner_of
from openai_types.catalogue import operations


@pytest.mark.parametrize(
    ("path", "parameter", "type_"),
    [
        ("/files", "file_id", "shared.FileObject"),
        ("/threads/{thread_id}/messages", "message_id", "beta.threads.Message"),
        ("/uploads", "upload_id", "shared.Upload"),
        ("/responses", "response_id", "responses.Response"),
    ],
)
def test_collections(path: str, parameter: str, type_: str):
    found = collections()[path]
    assert (found.parameter, found.type) == (parameter, type_)


@pytest.mark.parametrize("path", ["/realtime/calls", "/live/sessions", "/embeddings", "/projects"])
def test_what_is_no_collection(path: str):
    assert path not in collections()


@pytest.mark.parametrize(
    ("path", "noun"),
    [("/files", "file"), ("/fine_tuning/jobs", "fine tuning job"), ("/safety/cases", "case")],
)
def test_nouns(path: str, noun: str):
    assert collections()[path].noun == noun


def test_what_operations_are_about():
    known = operations()
    own, owner = collection_of(known["files.retrieve"]), owner_of(known["files.content"])
    assert own == owner == collections()["/files"]
    assert collection_of(known["embeddings.create"]) is None
    assert owner_of(known["files.list"]) is None


def test_identifiers_do_not_lead_elsewhere():
    path = located("/threads/{thread_id}/messages", {"thread_id": "a/messages"})
    assert path == "threads/a%2Fmessages/messages"
