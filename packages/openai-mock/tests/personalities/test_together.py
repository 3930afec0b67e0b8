from typing import Any

import pytest


@pytest.fixture
def together(like: Any) -> Any:
    return like("together")


def test_models_are_named_by_their_vendors(together: Any):
    assert together.refuses(404)["error"]["param"] == "model"
    assert together.chat(model="meta/llama")


def test_responses_without_state(together: Any):
    body = {"model": "meta/llama", "input": "Hi"}
    made = together.post("/responses", body).json()
    assert together.client.get(f"/responses/{made['id']}").status_code == 404
    answer = together.post("/responses", {**body, "previous_response_id": made["id"]})
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/batches", "/fine_tuning/jobs"])
def test_what_it_has_not_in_this_shape(together: Any, path: str):
    assert together.client.get(path).status_code == 404
    assert together.post("/moderations", {"input": "x"}).status_code == 404


def test_reason_of_its_own(together: Any):
    assert together.choice(model="a/b")["finish_reason"] == "eos"
    assert together.chunks(model="a/b")[-1]["choices"][0]["finish_reason"] == "eos"
