import json
from typing import Any

import pytest

from .conftest import NOW, Api

CHECK = {
    "type": "string_check",
    "name": "has",
    "operation": "ilike",
    "input": "{{sample.output_text}}",
    "reference": "{{item.answer}}",
}
MESSAGES = {
    "type": "template",
    "template": [{"role": "user", "content": "Say {{item.answer}}"}],
}


@pytest.fixture
def path(api: Api) -> str:
    config = {"type": "custom", "item_schema": {"type": "object"}}
    body = {"name": "e", "data_source_config": config, "testing_criteria": [CHECK]}
    made = api.post("/evals", body)
    assert made["data_source_config"]["schema"]["properties"]["item"] == {"type": "object"}
    assert made["testing_criteria"] == [CHECK]
    return f"/evals/{made['id']}"


def content(*rows: Any) -> dict[str, Any]:
    return {"type": "file_content", "content": list(rows)}


def row(answer: str, text: str | None = None) -> dict[str, Any]:
    sample = {} if text is None else {"sample": {"output_text": text}}
    return {"item": {"answer": answer}, **sample}


def begin(api: Api, path: str, **source: Any) -> Any:
    return api.post(f"{path}/runs", {"name": "r", "data_source": source})


def test_run_goes_on_with_the_clock(api: Api, path: str):
    made = begin(api, path, type="jsonl", source=content(row("a", "A"), row("b", "c")))
    run = f"{path}/runs/{made['id']}"
    seen: list[str] = []
    for _ in range(3):
        seen.append(api.get(run)["status"])
        api.pass_time()
    assert seen == ["queued", "in_progress", "completed"]
    done = api.get(run)
    assert done["result_counts"] == {"passed": 1, "failed": 1, "errored": 0, "total": 2}
    assert done["per_testing_criteria_results"] == [
        {"testing_criteria": "has", "passed": 1, "failed": 1}
    ]
    assert done["per_model_usage"] == []
    items = api.get(f"{run}/output_items")["data"]
    assert [(each["status"], each["created_at"]) for each in items] == [
        ("pass", NOW + 2),
        ("fail", NOW + 2),
    ]
    assert api.get(f"{run}/output_items", status="fail")["data"] == items[1:]
    assert api.get(f"{run}/output_items/{items[0]['id']}") == items[0]
    assert [each["id"] for each in api.get(f"{path}/runs", status="completed")["data"]] == [
        made["id"]
    ]


@pytest.mark.parametrize("kind", ["completions", "responses"])
def test_model_answers_where_it_is_asked(api: Api, path: str, kind: str):
    source = {"type": kind, "source": content(row("one"), row("two")), "model": "gpt-5.5"}
    settings = {"max_completion_tokens": 100, "temperature": 0.5}
    made = begin(api, path, **source, input_messages=MESSAGES, sampling_params=settings)
    api.pass_time(2)
    run = f"{path}/runs/{made['id']}"
    done = api.get(run)
    assert (done["status"], done["result_counts"]["passed"]) == ("completed", 2)
    (usage,) = done["per_model_usage"]
    assert (usage["model_name"], usage["invocation_count"]) == ("gpt-5.5", 2)
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 0
    first = api.get(f"{run}/output_items", limit=1)["data"][0]["sample"]
    assert first["input"] == [{"role": "user", "content": "Say one"}]
    assert ("one" in first["output"][0]["content"], first["temperature"]) == (True, 0.5)


def test_messages_may_be_in_the_item(api: Api, path: str):
    asked = [{"role": "user", "content": "Say yes"}]
    item = {"item": {"answer": "yes", "messages": asked}}
    reference = {"type": "item_reference", "item_reference": "item.messages"}
    source = {"type": "completions", "source": content(item), "model": "gpt-5.5"}
    made = begin(api, path, **source, input_messages=reference)
    api.pass_time(2)
    assert api.get(f"{path}/runs/{made['id']}")["result_counts"]["passed"] == 1


def test_model_that_does_not_answer(api: Api, path: str):
    source = {"type": "completions", "source": content(row("a")), "model": "gpt-none"}
    made = begin(api, path, **source, input_messages=MESSAGES)
    api.pass_time(2)
    run = f"{path}/runs/{made['id']}"
    assert api.get(run)["result_counts"]["errored"] == 1
    (item,) = api.get(f"{run}/output_items")["data"]
    assert (item["status"], item["sample"]["error"]["code"]) == ("error", "model_not_found")


def test_rows_are_read_from_a_file(api: Api, path: str):
    lines = "\n".join(json.dumps(each) for each in (row("a", "a"), row("b", "b")))
    file_id = api.upload(lines.encode(), "evals")
    made = begin(api, path, type="jsonl", source={"type": "file_id", "id": file_id})
    api.pass_time(2)
    assert api.get(f"{path}/runs/{made['id']}")["result_counts"]["passed"] == 2


def test_rows_are_what_was_stored(api: Api, path: str):
    messages = [{"role": "user", "content": "Say yes"}]
    body = {"model": "gpt-5.5", "messages": messages, "store": True, "metadata": {"k": "v"}}
    api.post("/chat/completions", body)
    api.post("/chat/completions", {**body, "metadata": {"k": "w"}})
    source = {"type": "stored_completions", "metadata": {"k": "v"}, "model": "gpt-5.5"}
    made = begin(api, path, type="completions", source=source)
    api.pass_time(2)
    run = f"{path}/runs/{made['id']}"
    (item,) = api.get(f"{run}/output_items")["data"]
    assert "Say yes" in item["sample"]["output"][0]["content"]


@pytest.mark.parametrize("choices", [[], [{}], [{"message": {"content": None}}]])
def test_what_was_stored_may_have_no_text(api: Api, path: str, choices: Any):
    body = {"id": "chatcmpl-1", "model": "gpt-5.5", "created": 1, "choices": choices}
    api.world.store.put("chat/completions", "chatcmpl-1", body)
    made = begin(api, path, type="completions", source={"type": "stored_completions"})
    api.pass_time(2)
    assert api.get(f"{path}/runs/{made['id']}")["status"] == "completed"


def test_file_has_to_be_there_and_have_rows(api: Api, path: str):
    source = {"type": "jsonl", "source": {"type": "file_id", "id": "file-0"}}
    refusal = api.refused("post", f"{path}/runs", {"data_source": source})
    assert (refusal.status, refusal.param) == (404, "data_source.source.id")
    file_id = api.upload(b'{"item": {}}\n[]', "evals")
    made = begin(api, path, type="jsonl", source={"type": "file_id", "id": file_id})
    api.pass_time(2)
    failed = api.get(f"{path}/runs/{made['id']}")
    assert (failed["status"], "Line 2" in failed["error"]["message"]) == ("failed", True)


def test_run_can_be_cancelled_until_it_is_over(api: Api, path: str):
    made = begin(api, path, type="jsonl", source=content(row("a", "a")))
    run = f"{path}/runs/{made['id']}"
    api.pass_time()
    assert api.post(f"{run}/cancel")["status"] == "canceled"
    api.pass_time(10)
    assert api.get(run)["status"] == "canceled"
    assert api.refused("post", f"{run}/cancel").code == "invalid_state"


def test_runs_go_with_their_evaluation(api: Api, path: str):
    made, other = (begin(api, path, type="jsonl", source=content(row("a", "a"))) for _ in "ab")
    told = api.delete(f"{path}/runs/{other['id']}")
    assert told == {"run_id": other["id"], "object": "eval.run.deleted", "deleted": True}
    told = api.delete(path)
    assert told == {"eval_id": made["eval_id"], "object": "eval.deleted", "deleted": True}
    api.pass_time(10)
    assert api.refused("get", f"{path}/runs/{made['id']}").status == 404
