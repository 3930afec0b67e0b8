import threading

import pytest
from openai_mock import Journal, MockServerError, Requests, RequestsTimeoutError


def ask(journal: Journal, path: str = "/v1/models", *, ended: bool = True) -> None:
    recording = journal.begin("GET", path, b"", [], whole=True)
    if ended:
        journal.responded(recording, 200, [])
        journal.sent(recording, b"{}", more=False)


@pytest.fixture
def journal() -> Journal:
    made = Journal()
    for path in ("/v1/models", "/v1/files", "/v1/files", "/v1/models/m_1"):
        ask(made, path)
    return made


def test_requests_are_a_list(journal: Journal):
    requests = journal.requests
    assert len(requests) == 4
    assert requests[0].path == "/v1/models"
    assert requests[-1].path == "/v1/models/m_1"
    assert [each.number for each in requests[1:3]] == [2, 3]
    assert [each.number for each in requests] == [1, 2, 3, 4]
    assert requests[0] in requests
    assert requests == list(requests)
    assert requests == requests[:]
    assert requests != requests[1:]
    assert requests != 4
    assert bool(requests)
    assert not Journal().requests
    with pytest.raises(TypeError):
        hash(requests)


def test_requests_to_a_target_are_a_view(journal: Journal):
    files = journal.requests.to("files.list")
    assert [each.number for each in files] == [2, 3]
    assert files == journal.requests.to("/v1/files") == journal.requests.to("GET /v1/files")
    assert journal.requests.to("POST /v1/files") == []
    assert [each.number for each in journal.requests.to("/v1/models/{model}")] == [4]
    ask(journal, "/v1/files")
    assert len(files) == 3


def test_only_those_of_a_view_are_cleared(journal: Journal):
    journal.requests.to("files.list").clear()
    assert [each.number for each in journal.requests] == [1, 4]
    journal.requests.clear()
    assert journal.requests == []


def test_wrong_name_is_an_error_and_not_an_empty_list(journal: Journal):
    with pytest.raises(MockServerError, match=r"files\.list"):
        journal.requests.to("files.lists")


def test_index_that_is_not_there_is_told_with_what_came(journal: Journal):
    with pytest.raises(IndexError, match=r"no request \[9\]: 4 came"):
        journal.requests[9]
    with pytest.raises(IndexError, match=r"no request \[-1\] to models\.delete: 0 came.*#4 GET"):
        journal.requests.to("models.delete")[-1]


def test_wait_for_gives_what_came(journal: Journal):
    ask(journal, "/v1/files", ended=False)
    files = journal.requests.to("files.list")
    assert [each.number for each in files.wait_for(3, 0)] == [2, 3, 5]
    with pytest.raises(RequestsTimeoutError, match=r"3 requests to files\.list that are over.*#5"):
        files.wait_for(3, 0, ended=True)
    with pytest.raises(TimeoutError, match="base URL"):
        Journal().requests.wait_for(timeout=0)


def test_wait_for_is_woken_by_a_request_and_by_its_end():
    journal = Journal()
    began, ended = threading.Event(), threading.Event()

    def watch(requests: Requests) -> None:
        requests.wait_for(1, 60)
        began.set()
        requests.wait_for(1, 60, ended=True)
        ended.set()

    thread = threading.Thread(target=watch, args=(journal.requests,))
    thread.start()
    recording = journal.begin("GET", "/v1/models", b"", [], whole=True)
    assert began.wait(60)
    assert not ended.is_set()
    journal.end(recording, "complete")
    assert ended.wait(60)
    thread.join()


def test_repr_shows_the_last_and_counts_the_others():
    journal = Journal(keep=12)
    assert repr(journal.requests) == "Requests[]"
    for _ in range(13):
        ask(journal)
    shown = repr(journal.requests)
    assert shown.startswith("Requests[1 dropped, 2 before, <#4 GET /v1/models (models.list): 200>")
    assert shown.endswith("<#13 GET /v1/models (models.list): 200>]")
    assert journal.requests.dropped == 1
