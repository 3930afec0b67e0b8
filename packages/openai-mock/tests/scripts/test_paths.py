import copy
import threading
from typing import Any

import pytest
from openai_mock import MockServerError
from openai_mock.errors import UnknownOperationError
from openai_mock.scripts.paths import OperationPath
from openai_types.catalogue import operations


def path(taken: list[Any] | None = None) -> Any:
    kept: list[Any] = [] if taken is None else taken
    return OperationPath(kept.append, threading.RLock())


def test_every_operation_is_reached():
    for name in operations():
        taken: list[Any] = []
        found = path(taken)
        for part in name.split("."):
            found = getattr(found, part)
        found()
        assert taken[0].operation is operations()[name]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["respones"], "Did you mean 'responses'"),
        (["responses", "crate"], "Did you mean 'responses.create'"),
        (["chat", "completion"], "Did you mean 'chat.completions'"),
    ],
)
def test_unknown_name_is_told_with_the_nearest(names: list[str], told: str):
    found = path()
    for name in names[:-1]:
        found = getattr(found, name)
    with pytest.raises(UnknownOperationError, match=told):
        getattr(found, names[-1])


def test_group_is_no_operation():
    with pytest.raises(UnknownOperationError, match="is a group of operations"):
        path().chat()


def test_unknown_parameter_is_told_with_the_nearest():
    with pytest.raises(MockServerError, match="Did you mean 'model'"):
        path().responses.create(modle="gpt-5.5")
    with pytest.raises(MockServerError, match="It has: "):
        path().models.retrieve(zzzzzz=1)


def test_names_are_listed_and_shown():
    assert {"chat", "responses"} <= set(dir(path()))
    assert dir(path().chat) == ["completions"]
    assert repr(path().chat.completions) == "on.chat.completions"
    assert repr(path()) == "on"


def test_it_is_no_object_of_everything():
    assert not hasattr(path(), "no_such")
    assert not hasattr(path(), "__len__")
    with pytest.raises(TypeError):
        copy.deepcopy(path())  # it has a lock


def test_place_of_an_expectation_is_where_it_was_written():
    taken: list[Any] = []
    path(taken).responses.create()
    assert "test_paths.py:" in str(taken[0])


def test_id_needs_no_name_as_in_clients():
    taken: list[Any] = []
    path(taken).responses.retrieve("resp_1")
    path(taken).vector_stores.files.retrieve("file-1", vector_store_id="vs_1")
    told = [str(each) for each in taken]
    assert told[0].startswith("responses.retrieve(response_id='resp_1')")
    assert told[1].startswith("vector_stores.files.retrieve(file_id='file-1', vector_store_id=")


def test_nothing_else_goes_without_its_name():
    with pytest.raises(MockServerError, match="takes no parameter without its name"):
        path().responses.create("gpt-5.5")
    with pytest.raises(MockServerError, match="takes only 'file_id'"):
        path().vector_stores.files.retrieve("file-1", "vs_1")
    with pytest.raises(MockServerError, match="and once"):
        path().responses.retrieve("resp_1", response_id="resp_2")
