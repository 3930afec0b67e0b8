import json
from typing import Any

import pytest

from .conftest import NOW, Api

CHAT = "/v1/chat/completions"
DAY = 86_400


def line(custom_id: str, text: str = "Hi", **more: Any) -> dict[str, Any]:
    body = {"model": "gpt-5.5", "messages": [{"role": "user", "content": text}]}
    return {"custom_id": custom_id, "method": "POST", "url": CHAT, "body": body, **more}


def wrong(custom_id: str) -> dict[str, Any]:
    return line(custom_id, body={"model": "gpt-5.5", "messages": []})


def begin(api: Api, *lines: object, **more: Any) -> Any:
    text = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines)
    file_id = api.upload(text.encode(), "batch")
    window = {"completion_window": "24h", "endpoint": CHAT}
    return api.post("/batches", {"input_file_id": file_id, **window, **more})


def output(api: Api, file_id: str) -> list[Any]:
    content: bytes = api.get(f"/files/{file_id}/content")
    return [json.loads(each) for each in content.splitlines()]


def test_batch_goes_on_with_the_clock(api: Api):
    made = begin(api, line("a", "one"), wrong("b"), line("c", "two"), metadata={"k": "v"})
    path = f"/batches/{made['id']}"
    assert (made["status"], made["expires_at"], made["metadata"]) == (
        "validating",
        NOW + DAY,
        {"k": "v"},
    )
    seen: list[Any] = []
    for _ in range(5):
        found = api.get(path)
        seen.append((found["status"], *found["request_counts"].values()))
        api.pass_time()
    assert seen == [
        ("validating", 0, 0, 0),
        ("in_progress", 3, 0, 0),
        ("in_progress", 3, 1, 1),
        ("finalizing", 3, 2, 1),
        ("completed", 3, 2, 1),
    ]
    done = api.get(path)
    assert [done[f"{each}_at"] - NOW for each in ("in_progress", "finalizing", "completed")] == [
        1,
        3,
        4,
    ]
    fine = output(api, done["output_file_id"])
    assert [each["custom_id"] for each in fine] == ["a", "c"]
    assert [each["response"]["status_code"] for each in fine] == [200, 200]
    texts = [each["response"]["body"]["choices"][0]["message"]["content"] for each in fine]
    assert ("one" in texts[0], "two" in texts[1]) == (True, True)
    (failed,) = output(api, done["error_file_id"])
    assert (failed["custom_id"], failed["response"]["status_code"]) == ("b", 400)
    assert failed["response"]["body"]["error"]["param"] == "messages"
    assert api.get(f"/files/{done['output_file_id']}")["purpose"] == "batch_output"
    spent = [each["response"]["body"]["usage"]["total_tokens"] for each in fine]
    assert (done["model"], done["usage"]["total_tokens"]) == ("gpt-5.5", sum(spent))


def test_all_at_once_is_the_same_as_step_by_step(api: Api):
    made = begin(api, line("a"), line("b"))
    api.pass_time(100)
    done = api.get(f"/batches/{made['id']}")
    assert (done["status"], done["completed_at"]) == ("completed", NOW + 4)
    assert done["error_file_id"] is None


def test_output_is_there_though_nobody_asked_for_the_batch(api: Api):
    begin(api, line("a"))
    api.pass_time(10)
    purposes = [each["purpose"] for each in api.get("/files")["data"]]
    assert purposes == ["batch_output", "batch"]


@pytest.mark.parametrize(
    ("second", "code", "param"),
    [
        ("{", "invalid_json_line", None),
        ("[]", "invalid_json_line", None),
        ({"custom_id": "b"}, "missing_required_parameter", "method"),
        (line("b", body=[]), "invalid_type", "body"),
        (line("b", method="GET"), "invalid_method", "method"),
        (line("b", url="/v1/embeddings"), "url_mismatch", "url"),
        (line("a"), "duplicate_custom_id", "custom_id"),
        (line("b", body={"model": "gpt-4o"}), "model_mismatch", "body.model"),
    ],
)
def test_line_that_cannot_be_run_fails_the_batch(api: Api, second: Any, code: str, param: Any):
    made = begin(api, line("a"), "", second)
    api.pass_time(10)
    failed = api.get(f"/batches/{made['id']}")
    (error,) = failed["errors"]["data"]
    assert (failed["status"], failed["failed_at"]) == ("failed", NOW + 1)
    assert (error["code"], error["param"], error["line"]) == (code, param, 3)
    assert failed["output_file_id"] is None


def test_line_with_no_model_or_one_that_nobody_knows_fails_alone(api: Api):
    made = begin(
        api,
        line("a", body={"model": "no-such-model", "messages": [{"role": "user", "content": "x"}]}),
        line("b"),
        line("c", body={"messages": [{"role": "user", "content": "x"}]}),
        line("d"),
    )
    api.pass_time(10)
    done = api.get(f"/batches/{made['id']}")
    assert done["status"] == "completed"
    fine = output(api, done["output_file_id"])
    assert [each["custom_id"] for each in fine] == ["b", "d"]
    failed = output(api, done["error_file_id"])
    told = [(each["custom_id"], each["response"]["status_code"]) for each in failed]
    assert told == [("a", 404), ("c", 400)]


def test_empty_file_fails_the_batch(api: Api):
    made = begin(api)
    api.pass_time()
    failed = api.get(f"/batches/{made['id']}")
    assert failed["errors"]["data"][0]["code"] == "empty_file"


def test_cancelled_batch_has_what_it_got_until_then(api: Api):
    made = begin(api, line("a"), line("b"))
    path = f"/batches/{made['id']}"
    api.pass_time(2)
    cancelling = api.post(f"{path}/cancel")
    assert (cancelling["status"], cancelling["cancelling_at"]) == ("cancelling", NOW + 2)
    api.pass_time()
    cancelled = api.get(path)
    assert (cancelled["status"], cancelled["cancelled_at"]) == ("cancelled", NOW + 3)
    assert [each["custom_id"] for each in output(api, cancelled["output_file_id"])] == ["a"]
    (rest,) = output(api, cancelled["error_file_id"])
    assert (rest["custom_id"], rest["response"]) == ("b", None)
    assert rest["error"]["code"] == "batch_cancelled"
    api.pass_time(2 * DAY)
    assert api.get(path) == cancelled
    assert api.refused("post", f"{path}/cancel").code == "invalid_state"


def test_batch_expires_with_its_window(api: Api):
    slow = Api(type(api.world)(type(api.world.settings)(job_step_seconds=DAY / 2.5)))
    slow.world.clock.freeze(NOW)
    made = begin(slow, line("a"), line("b"))
    slow.pass_time(DAY)
    expired = slow.get(f"/batches/{made['id']}")
    assert (expired["status"], expired["expired_at"]) == ("expired", NOW + DAY)
    assert [each["custom_id"] for each in output(slow, expired["output_file_id"])] == ["a"]
    assert output(slow, expired["error_file_id"])[0]["error"]["code"] == "batch_expired"
    slow.pass_time(DAY)
    assert slow.get(f"/batches/{made['id']}") == expired
    slow.world.store.close()


def test_output_goes_when_it_is_to(api: Api):
    expiry = {"anchor": "created_at", "seconds": 3600}
    made = begin(api, line("a"), output_expires_after=expiry)
    api.pass_time(4)
    file_id = api.get(f"/batches/{made['id']}")["output_file_id"]
    assert api.get(f"/files/{file_id}")["expires_at"] == NOW + 4 + 3600


def test_batch_needs_a_file_for_batches(api: Api):
    window = {"completion_window": "24h", "endpoint": CHAT}
    for file_id, status in (("file-0", 404), (api.upload(b"{}", "evals"), 400)):
        refusal = api.refused("post", "/batches", {"input_file_id": file_id, **window})
        assert (refusal.status, refusal.param) == (status, "input_file_id")


def test_stream_cannot_be_kept(api: Api):
    asked = line("a")
    asked["body"]["stream"] = True
    made = begin(api, asked)
    api.pass_time(10)
    done = api.get(f"/batches/{made['id']}")
    (failed,) = output(api, done["error_file_id"])
    assert failed["response"]["body"]["error"]["param"] == "stream"
