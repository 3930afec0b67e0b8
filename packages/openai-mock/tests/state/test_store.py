import sqlite3
import threading
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock import MockServerError
from openai_mock.state.store import Due, Store, UnknownCursorError, below


@pytest.fixture
def store() -> Store:
    found = Store()
    for number in range(5):
        found.put("files", f"f{number}", {"id": f"id{number}", "even": number % 2 == 0})
    return found


def test_object_is_given_back_as_it_was_put():
    store = Store()
    document: dict[str, object] = {"id": "a", "n": [1, 2.5, None, True, "ü"], "o": {}}
    store.put("files", "a", document)
    assert store.get("files", "a") == document
    assert store.has("files", "a")
    assert store.get("files", "b") is None
    assert store.get("other", "a") is None


def test_object_that_is_put_again_keeps_its_place(store: Store):
    store.put("files", "f1", {"id": "new"})
    assert store.list("files").documents[1] == {"id": "new"}


@pytest.mark.parametrize(
    ("options", "keys", "has_more"),
    [
        ({}, "01234", False),
        ({"order": "desc"}, "43210", False),
        ({"limit": 2}, "01", True),
        ({"limit": 5}, "01234", False),
        ({"limit": 0}, "", True),
        ({"after": "f1"}, "234", False),
        ({"after": "id1", "limit": 1}, "2", True),
        ({"after": "f3", "order": "desc", "limit": 2}, "21", True),
        ({"before": "f3"}, "012", False),
        ({"before": "f3", "limit": 2}, "12", True),
        ({"before": "f1", "order": "desc", "limit": 2}, "32", True),
        ({"after": "f0", "before": "f4"}, "123", False),
        ({"after": "f4"}, "", False),
        ({"where": {"even": True}}, "024", False),
        ({"where": {"even": True}, "after": "f0", "limit": 1}, "2", True),
        ({"where": {"missing": 1}}, "", False),
    ],
)
def test_lists(store: Store, options: dict[str, object], keys: str, has_more: bool):
    found = store.list("files", **options)  # type: ignore[arg-type] # the cases have every kind
    assert found.keys == tuple(f"f{key}" for key in keys)
    assert found.has_more is has_more


@given(
    count=st.integers(0, 12), limit=st.integers(1, 5), descending=st.booleans(), start=st.booleans()
)
def test_pages_put_together_are_the_whole(count: int, limit: int, descending: bool, start: bool):
    store = Store()
    for number in range(count):
        store.put("c", str(number), {"id": str(number)})
    order = "desc" if descending else "asc"
    whole = store.list("c", order=order).keys
    found: tuple[str, ...] = ()
    page = store.list("c", limit=limit, order=order)
    while True:
        found += page.keys
        if not page.has_more:
            break
        page = store.list("c", limit=limit, order=order, after=page.keys[-1])
    assert found == whole
    if start and count:
        backwards = store.list("c", limit=count, order=order, before=whole[-1])
        assert backwards.keys == whole[:-1]


@pytest.mark.parametrize("cursor", ["after", "before"])
def test_cursor_of_nothing_is_told(store: Store, cursor: str):
    with pytest.raises(UnknownCursorError, match="gone"):
        store.list("files", **{cursor: "gone"})  # type: ignore[arg-type]


def test_what_is_below_an_object_goes_with_it():
    store = Store()
    for key in ("a", "a b/c", "ab"):
        store.put("threads", key, {})
        store.put(f"{below('threads', key)}/messages", "m", {})
        store.put_blob(below("threads", key), b"own")
        store.put_blob(f"{below('threads', key)}/picture", b"inside")
    assert store.delete("threads", "a b/c")
    assert not store.delete("threads", "a b/c")
    for key, there in (("a", True), ("a b/c", False), ("ab", True)):
        assert store.has(f"{below('threads', key)}/messages", "m") is there
        assert (store.get_blob(below("threads", key)) is not None) is there
        assert (store.get_blob(f"{below('threads', key)}/picture") is not None) is there


def test_blobs():
    store = Store()
    assert store.get_blob("b") is None
    store.put_blob("b", b"\0\xff")
    store.put_blob("b", b"")
    assert store.get_blob("b") == b""
    assert store.delete_blob("b")
    assert not store.delete_blob("b")


def test_transaction_that_fails_leaves_nothing(store: Store):
    def change_and_fail() -> None:
        with store.transaction():
            store.put("files", "new", {})
            with store.transaction():
                store.delete("files", "f0")
            raise KeyError

    with pytest.raises(KeyError):
        change_and_fail()
    assert store.list("files").keys == ("f0", "f1", "f2", "f3", "f4")


def test_inner_transaction_that_fails_is_undone_by_itself(store: Store):
    with store.transaction():
        store.put("files", "new", {})
        with suppress(KeyError), store.transaction():
            store.delete("files", "f0")
            raise KeyError
    assert store.list("files").keys == ("f0", "f1", "f2", "f3", "f4", "new")


def fill(store: Store) -> None:
    """Leave room for no more than a few thousand bytes, as on a full disk."""
    (pages,) = store._database.execute("PRAGMA page_count").fetchone()
    store._database.execute(f"PRAGMA max_page_count = {pages + 2}")


def test_full_disk_is_told_and_leaves_what_was_there(store: Store):
    fill(store)

    def put_too_much() -> None:
        with store.transaction():
            store.put("files", "new", {})
            store.put_blob("large", bytes(100_000))

    with pytest.raises(MockServerError, match=r"is full\. .* has room"):
        put_too_much()
    store.delete("files", "f0")
    assert store.list("files").keys == ("f1", "f2", "f3", "f4")


def test_file_keeps_everything_and_counts_its_servers(tmp_path: Path):
    first = Store(tmp_path / "state")
    first.put("files", "a", {"id": "a"})
    first.put_blob("a", b"content")
    first.close()
    first.close()
    second = Store(tmp_path / "state")
    assert (first.run, second.run) == (0, 1)
    assert second.get("files", "a") == {"id": "a"}
    assert second.get_blob("a") == b"content"
    second.close()


def test_file_that_is_no_store_is_told(tmp_path: Path):
    (tmp_path / "text").write_text("This is a text, and not a database. " * 100)
    for path in (tmp_path / "text", tmp_path / "nowhere" / "state"):
        with pytest.raises(MockServerError, match="cannot be used"):
            Store(path)


def test_database_of_another_program_is_left_alone(tmp_path: Path):
    path = tmp_path / "bookmarks"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE documents (title)")
    before = path.read_bytes()
    with pytest.raises(MockServerError, match="of another program"):
        Store(path)
    assert path.read_bytes() == before


def test_threads_share_it():
    store = Store()

    def fill(name: str) -> None:
        for number in range(100):
            store.put("c", f"{name}{number}", {"id": number})

    threads = [threading.Thread(target=fill, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.list("c").keys) == 400


def test_list_is_filtered_by_what_is_in_an_object():
    store = Store()
    for key, metadata in (("a", {"k": "v", '"': "x"}), ("b", {"k": "w"}), ("c", None)):
        store.put("files", key, {"id": key, "metadata": metadata})
    assert store.list("files", where={"metadata": {"k": "v"}}).keys == ("a",)
    assert store.list("files", where={"metadata": {"k": "v", '"': "x"}}).keys == ("a",)
    assert store.list("files", where={"metadata": {"k": "v", "other": "x"}}).keys == ()
    assert store.list("files", where={"metadata": {}}).keys == ("a", "b", "c")


@pytest.mark.parametrize(
    ("value", "found"),
    [({"b": [1, "ü"]}, ("a",)), ([None], ("a",)), (True, ("a",)), (2**63 - 1, ("a",)), (2**63, ())],
)
def test_list_is_filtered_by_any_json(value: object, found: tuple[str, ...]):
    store = Store()
    store.put("files", "a", {"metadata": {"k": value}})
    store.put("files", "b", {"metadata": {"k": 0}})
    assert store.list("files", where={"metadata": {"k": value}}).keys == found


def test_steps_are_taken_in_the_order_of_time():
    store = Store()
    late, early, same = Due(2, "x", "files", "a"), Due(1, "y", "files", "b"), Due(2, "z", "c", "d")
    for each in (late, early, same):
        store.schedule(each)
    assert store.take_due(0.9) is None
    assert [store.take_due(5) for _ in range(4)] == [early, late, same, None]


def test_steps_go_with_their_object_and_with_what_is_around_it():
    store = Store()
    inside = f"{below('files', 'a')}/parts"
    for collection, key in (("files", "a"), (inside, "p"), ("files", "b"), ("files", "c")):
        store.put(collection, key, {"id": key})
        store.schedule(Due(1, "x", collection, key))
    store.delete("files", "a")
    store.unschedule("files", "c")
    assert store.take_due(1) == Due(1, "x", "files", "b")
    assert store.take_due(1) is None
