from typing import Any


def test_models_are_named_by_their_vendors(like: Any):
    zenmux = like("zenmux")
    assert zenmux.server.base_url.endswith("/api/v1")
    assert zenmux.chat(model="openai/gpt-5.5")["model"] == "openai/gpt-5.5"
    assert zenmux.refuses(404)["error"]["code"] == "model_not_found"
    listed = zenmux.client.get("/models").json()["data"]
    assert all("/" in each["id"] for each in listed)


def test_limit_of_subscriptions(like: Any):
    assert (
        "15 requests"
        in like("zenmux").refuses(429, "[rate_limited]", model="a/b")["error"]["message"]
    )
