from typing import Any

import pytest
from openai_mock.calls import Call
from openai_mock.refusals import Refusal
from openai_mock.state.pages import asked_for, page
from openai_mock.state.store import Store
from openai_types.catalogue import operations


def listed(name: str, count: int = 30, **query: Any) -> Any:
    store = Store()
    for number in range(count):
        store.put("c", f"k{number}", {"id": f"i{number}"})
    operation = operations()[name]
    found = asked_for(Call(operation, query=query), store, "c", {})
    return page(operation, found.documents, found.keys, has_more=found.has_more)


@pytest.mark.parametrize(
    ("name", "query", "size", "rest"),
    [
        ("batches.list", {}, 20, {"has_more": True, "first_id": "i29", "last_id": "i10"}),
        ("batches.list", {"limit": 50}, 30, {"has_more": False, "last_id": "i0"}),
        ("files.list", {}, 30, {"has_more": False}),
        ("conversations.items.list", {"order": "asc", "limit": 2}, 2, {"last_id": "i1"}),
        ("admin.organization.groups.list", {"limit": 3}, 3, {"has_more": True, "next": "k27"}),
        ("admin.organization.groups.list", {"after": "k1"}, 1, {"next": None}),
        ("beta.agents.environments.files.list", {"page": "k2", "limit": 1}, 1, {"next": "k1"}),
    ],
)
def test_pages(name: str, query: dict[str, Any], size: int, rest: dict[str, object]):
    body = listed(name, **query)
    assert len(body["data"]) == size
    assert body["object"] == "list"
    assert rest.items() <= body.items()


def test_empty_page_names_no_items():
    body = listed("batches.list", 0)
    assert (body["data"], body["first_id"], body["last_id"]) == ([], None, None)


@pytest.mark.parametrize(
    ("query", "param", "status"),
    [
        ({"limit": 0}, "limit", 400),
        ({"limit": 101}, "limit", 400),
        ({"after": "gone"}, "after", 404),
        ({"before": "gone"}, "before", 404),
    ],
)
def test_refused(query: dict[str, Any], param: str, status: int):
    with pytest.raises(Refusal) as caught:
        listed("batches.list", **query)
    assert (caught.value.param, caught.value.status) == (param, status)


def test_items_that_are_kept_fill_pages():
    store = Store()
    for number in range(6):
        store.put("things", str(number), {"id": str(number), "even": number % 2 == 0})
    call = Call(operations()["chat.completions.list"], query={"limit": 2})
    found = asked_for(call, store, "things", {}, lambda document: document["even"])
    assert (found.keys, found.has_more) == (("0", "2"), True)
    call = Call(operations()["chat.completions.list"], query={"limit": 2, "after": "2"})
    found = asked_for(call, store, "things", {}, lambda document: document["even"])
    assert (found.keys, found.has_more) == (("4",), False)
