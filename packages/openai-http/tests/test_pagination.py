"""Pages: which parameter asks for the next one, and the way through all of them."""

import functools
import json
import pickle
from typing import Any

import pytest
from openai_http import pagination
from openai_http.pagination import BasePage, PageInfo
from openai_types import Decoder
from openai_types.errors import OpenAIError
from openai_types.shared import FileObject

KINDS = ["CursorPage", "ConversationCursorPage", "NextCursorPage", "TokenPage", "Page"]


def page_of(kind: str, **body: Any) -> BasePage[FileObject]:
    type_ = getattr(pagination, f"Sync{kind}")[FileObject]
    return Decoder[BasePage[FileObject]](type_)(json.dumps(body))


def listed(*ids: str, **more: Any) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": each} for each in ids], **more}


@pytest.mark.parametrize(
    ("kind", "more", "params"),
    [
        ("CursorPage", {}, {"after": "b"}),
        ("ConversationCursorPage", {"last_id": "x"}, {"after": "x"}),
        ("NextCursorPage", {"next": "x"}, {"after": "x"}),
        ("TokenPage", {"next": "x"}, {"page": "x"}),
    ],
)
@pytest.mark.parametrize("has_more", [{"has_more": True}, {"has_more": None}, {}])
def test_next_page_is_asked_for_by_kind(
    kind: str, more: dict[str, str], params: dict[str, str], has_more: dict[str, Any]
):
    page = page_of(kind, **listed("a", "b", **more, **has_more))
    assert page.next_page_info() == PageInfo(params)
    assert page.has_next_page()


@pytest.mark.parametrize("kind", KINDS)
def test_last_page_has_no_next_one(kind: str):
    page = page_of(kind, **listed("a", has_more=False, last_id="a", next="a"))
    assert page.next_page_info() is None
    assert not page.has_next_page()


@pytest.mark.parametrize("kind", ["ConversationCursorPage", "NextCursorPage", "TokenPage"])
def test_page_without_its_cursor_is_the_last(kind: str):
    assert not page_of(kind, **listed("a", has_more=True)).has_next_page()


def test_page_whose_last_item_has_no_id_is_the_last():
    assert not page_of("CursorPage", data=[{"id": "a"}, {}], has_more=True).has_next_page()


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": []}, {"data": "none"}])
@pytest.mark.parametrize("kind", KINDS)
def test_page_without_items_ends_the_list(kind: str, body: dict[str, Any]):
    page = page_of(kind, **body, has_more=True, last_id="a", next="a")
    assert page.items_of_page == []
    assert not page.has_next_page()
    assert set(page.to_dict()) == {*body, "has_more", "last_id", "next"}


@pytest.mark.anyio
@pytest.mark.parametrize("more", [{}, {"has_more": None}])
async def test_list_of_a_server_that_knows_no_pages_comes_once(
    server: Any, caller: Any, more: dict[str, Any]
):
    server.play(*[server.json(200, listed("a", "b", **more))] * 4)
    async with caller.client() as client:
        listing = client.files.list
        found: list[Any] = []
        await caller.collect(await caller.do(listing) if caller.threads else listing(), found)
        assert [each.id for each in found] == ["a", "b"]
        page = await caller.do(listing)
        page = await caller.do(page.get_next_page)
        assert not page.has_next_page()


@pytest.mark.anyio
async def test_server_that_gives_the_same_page_for_ever_is_an_error(server: Any, caller: Any):
    server.play(*[server.json(200, listed("a", has_more=True))] * 4)
    async with caller.client() as client:
        listing = client.files.list
        found: list[Any] = []
        with pytest.raises(OpenAIError, match="the same page again"):
            await caller.collect(await caller.do(listing) if caller.threads else listing(), found)
        assert [each.id for each in found] == ["a"]
        page = await caller.do(listing)
        page = await caller.do(page.get_next_page)
        assert page.has_next_page()
        with pytest.raises(OpenAIError, match="the same page again"):
            await caller.do(page.get_next_page)


def test_page_that_came_from_no_call_says_so():
    page: Any = page_of("CursorPage", **listed("a"))
    with pytest.raises(OpenAIError, match="did not come from a call"):
        page.get_next_page()


@pytest.mark.anyio
async def test_iterating_goes_through_all_pages(server: Any, caller: Any):
    pages = [listed("a", "b", has_more=True), listed("c", has_more=True), listed(has_more=True)]
    server.play(*(server.json(200, each) for each in pages))
    found: list[Any] = []
    async with caller.client() as client:
        listing = functools.partial(client.files.list, limit=2, purpose="batch")
        await caller.collect(await caller.do(listing) if caller.threads else listing(), found)
    assert [each.id for each in found] == ["a", "b", "c"]
    assert [each.target for each in server.requests] == [
        "/v1/files?limit=2&purpose=batch",
        "/v1/files?limit=2&purpose=batch&after=b",
        "/v1/files?limit=2&purpose=batch&after=c",
    ]


@pytest.mark.anyio
async def test_pages_one_by_one(server: Any, caller: Any):
    server.play(
        server.json(200, listed("a", has_more=True), x_request_id="req_1"),
        server.json(200, listed("b", has_more=False), x_request_id="req_2"),
    )
    async with caller.client() as client:
        first = await caller.do(client.files.list, extra_headers={"x-mine": "1"})
        assert first._request_id == "req_1"
        second = await caller.do(first.get_next_page)
        assert [each.id for each in second.data] == ["b"]
        with pytest.raises(OpenAIError, match="no next page"):
            await caller.do(second.get_next_page)
    assert [each.headers["x-mine"] for each in server.requests] == ["1", "1"]


@pytest.mark.anyio
async def test_iter_pages_begins_with_this_one(server: Any, caller: Any):
    server.play(
        server.json(200, listed("a", has_more=True)), server.json(200, listed("b", has_more=False))
    )
    pages: list[Any] = []
    async with caller.client() as client:
        first = await caller.do(client.files.list)
        await caller.collect(first.iter_pages(), pages)
    assert pages[0] is first
    assert [[each.id for each in page.data] for page in pages] == [["a"], ["b"]]


@pytest.mark.anyio
async def test_page_is_pickled_without_its_client(server: Any, caller: Any):
    server.play(server.json(200, listed("a", has_more=True)))
    async with caller.client() as client:
        page = await caller.do(client.files.list)
    data = pickle.dumps(page)
    again = pickle.loads(data)  # noqa: S301 - made just now
    assert caller.key.encode() not in data
    assert again == page
    assert type(again) is type(page)
    with pytest.raises(OpenAIError, match="did not come from a call"):
        await caller.do(again.get_next_page)


@pytest.mark.anyio
async def test_list_that_fails_fails_where_it_is_read(server: Any, caller: Any):
    server.play(server.json(404, {"error": {"message": "no such thing"}}))
    async with caller.client() as client:
        with pytest.raises(OpenAIError, match="no such thing"):
            await caller.do(client.files.list)
