"""What is special about Redis: prefixes, and keys that a cluster keeps in one place."""

import pytest
import redis
from openai_webhooks.inbox import InboxConfigurationError, InboxStoreError, records
from openai_webhooks.inbox.stores.redis import RedisStore

NEW = records.received("wh_1", "response.completed", b"{}", 7, 1.0)


def test_inboxes_with_different_prefixes_share_a_database(redis_url: str):
    one, two = (RedisStore.from_url(f"{redis_url}?prefix={name}") for name in ("one", "two"))
    assert one.add([NEW]) == [True]
    assert two.add([NEW]) == [True]
    assert two.get("wh_1") == NEW
    one.close()
    two.close()


def test_all_keys_have_the_tag_by_which_a_cluster_places_them(redis_url: str):
    store = RedisStore.from_url(f"{redis_url}?prefix=tagged")
    store.add([NEW])
    (held,) = store.claim(1.0, 30.0, 1)
    store.save([records.done(held, 2.0)])
    store.close()
    with redis.Redis.from_url(redis_url) as client:  # pyright: ignore[reportUnknownMemberType] - partly typed
        names: list[bytes] = list(client.scan_iter("*tagged*"))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - as above
    assert sorted(names) == [b"{tagged}:done", b"{tagged}:event:wh_1", b"{tagged}:received"]


def test_scripts_that_the_server_forgot_are_sent_again(redis_url: str):
    store = RedisStore.from_url(f"{redis_url}?prefix=forgotten")
    store.add([NEW])
    with redis.Redis.from_url(redis_url) as client:  # pyright: ignore[reportUnknownMemberType] - partly typed
        client.script_flush()
    assert store.get("wh_1") == NEW
    store.close()


def test_server_that_is_not_there_is_told_with_its_cause():
    store = RedisStore.from_url("redis://user:hidden@127.0.0.1:1/0")
    with pytest.raises(InboxStoreError, match="server runs") as caught:
        store.now()
    assert isinstance(caught.value.__cause__, redis.RedisError)
    assert "hidden" not in f"{caught.value}{store!r}"
    store.close()


def test_url_that_redis_py_cannot_read_is_refused_without_its_cause():
    with pytest.raises(InboxConfigurationError) as caught:
        RedisStore.from_url("redis://user:hidden@127.0.0.1:1/0?unknown=hidden")
    assert caught.value.__cause__ is None
    assert "hidden" not in str(caught.value)
