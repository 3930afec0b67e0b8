import json
from typing import Any

import pytest
from openai_mock.settings import Settings

from .conftest import NOW, Api

JOBS = "/fine_tuning/jobs"
LINE = json.dumps({"messages": [{"role": "user", "content": "Hi"}]}).encode() + b"\n"


def begin(api: Api, content: bytes = LINE, **more: Any) -> Any:
    training_file = api.upload(content, "fine-tune")
    return api.post(JOBS, {"model": "gpt-4o-mini", "training_file": training_file, **more})


def test_job_goes_on_with_the_clock(api: Api):
    made = begin(api, suffix="mine", metadata={"k": "v"})
    path = f"{JOBS}/{made['id']}"
    seen: list[Any] = []
    for _ in range(7):
        found = api.get(path)
        points = api.get(f"{path}/checkpoints")["data"]
        seen.append((found["status"], found["estimated_finish"], len(points)))
        api.pass_time()
    assert seen == [
        ("validating_files", None, 0),
        ("queued", None, 0),
        ("running", NOW + 5, 0),
        ("running", NOW + 5, 1),
        ("running", NOW + 5, 2),
        ("succeeded", None, 3),
        ("succeeded", None, 3),
    ]
    done = api.get(path)
    assert (done["finished_at"], done["hyperparameters"]["n_epochs"]) == (NOW + 5, 3)
    assert made["hyperparameters"]["n_epochs"] == "auto"
    assert done["trained_tokens"] > 0


def test_model_can_be_used_and_deleted(api: Api):
    begin(api, suffix="mine")
    api.pass_time(10)  # nobody asks for the job
    (name,) = (each["id"] for each in api.get("/models")["data"] if ":mine:" in each["id"])
    assert name.startswith("ft:gpt-4o-mini:openai-mock:mine:")
    assert api.get(f"/models/{name}")["created"] == NOW + 5
    messages = [{"role": "user", "content": "Hi"}]
    answer = api.post("/chat/completions", {"model": name, "messages": messages})
    assert answer["model"] == name
    again = begin(api, model=name)
    api.pass_time(10)
    assert api.get(f"{JOBS}/{again['id']}")["fine_tuned_model"].startswith("ft:gpt-4o-mini:")
    assert api.delete(f"/models/{name}") == {"id": name, "object": "model", "deleted": True}
    assert api.refused("get", f"/models/{name}").status == 404


def test_events_and_checkpoints_are_told_in_pages(api: Api):
    made = begin(api, hyperparameters={"n_epochs": 5})
    path = f"{JOBS}/{made['id']}"
    api.pass_time(10)
    newest = api.get(f"{path}/events", limit=1)
    assert (newest["data"][0]["message"], newest["has_more"]) == ("The job has succeeded", True)
    events = api.get(f"{path}/events", limit=100)["data"]
    assert [each["created_at"] - NOW for each in events] == [5, 5, 5, 4, 3, 2, 1, 0]
    assert [each["type"] for each in events].count("metrics") == 3
    page = api.get(f"{path}/checkpoints", limit=2)
    assert [each["step_number"] for each in page["data"]] == [5, 4]
    rest = api.get(f"{path}/checkpoints", after=page["last_id"])["data"]
    assert [each["step_number"] for each in rest] == [3]
    names = [each["fine_tuned_model_checkpoint"] for each in (*page["data"], *rest)]
    tuned = api.get(path)["fine_tuned_model"]
    assert names == [tuned, f"{tuned}:ckpt-step-4", f"{tuned}:ckpt-step-3"]


def test_results_are_a_file(api: Api):
    made = begin(api, validation_file=api.upload(LINE, "fine-tune"))
    api.pass_time(10)
    (file_id,) = api.get(f"{JOBS}/{made['id']}")["result_files"]
    assert api.get(f"/files/{file_id}")["purpose"] == "fine-tune-results"
    assert api.get(f"/files/{file_id}/content").splitlines()[0].count(b"valid_loss") == 2


def test_job_can_be_paused_and_resumed(api: Api):
    made = begin(api)
    path = f"{JOBS}/{made['id']}"
    assert api.refused("post", f"{path}/pause").code == "invalid_state"
    api.pass_time(3)
    assert api.post(f"{path}/pause")["status"] == "paused"
    api.pass_time(100)
    assert api.get(path)["status"] == "paused"
    assert api.post(f"{path}/resume")["status"] == "queued"
    api.pass_time(2)
    assert len(api.get(f"{path}/checkpoints")["data"]) == 2
    api.pass_time(1)
    assert api.get(path)["status"] == "succeeded"
    assert api.refused("post", f"{path}/resume").code == "invalid_state"


class TestInstantJobs:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(job_step_seconds=0)

    def test_job_is_ready_at_the_first_poll(self, api: Api):
        made = begin(api)
        assert made["status"] == "validating_files"
        assert api.get(f"{JOBS}/{made['id']}")["status"] == "succeeded"


def test_job_that_is_put_into_the_store_can_be_resumed(api: Api):
    made = begin(api)
    job = {each: made[each] for each in ("id", "object", "model", "training_file", "created_at")}
    job |= {"status": "paused", "hyperparameters": {}, "result_files": []}
    for _ in range(2):  # the second time it was over
        api.world.store.put("fine_tuning/jobs", made["id"], job)
        api.post(f"{JOBS}/{made['id']}/resume")
        api.pass_time(100)
        assert api.get(f"{JOBS}/{made['id']}")["status"] == "succeeded"


@pytest.mark.parametrize("seconds", [0, 1, 3])
def test_job_can_be_cancelled(api: Api, seconds: int):
    path = f"{JOBS}/{begin(api)['id']}"
    api.pass_time(seconds)
    cancelled = api.post(f"{path}/cancel")
    assert (cancelled["status"], cancelled["finished_at"]) == ("cancelled", NOW + seconds)
    api.pass_time(100)
    assert api.get(path) == cancelled
    assert api.refused("post", f"{path}/cancel").code == "invalid_state"


@pytest.mark.parametrize("name", ["training_file", "validation_file"])
def test_file_that_cannot_be_learned_from_fails_the_job(api: Api, name: str):
    files: dict[str, Any] = {name: api.upload(LINE + b"nothing", "fine-tune")}
    made = begin(api, **files)
    api.pass_time()
    failed = api.get(f"{JOBS}/{made['id']}")
    assert (failed["status"], failed["error"]["param"]) == ("failed", name)
    assert "Line 2" in failed["error"]["message"]
    assert api.get(f"{JOBS}/{made['id']}/events")["data"][0]["level"] == "error"
    api.pass_time(100)
    assert api.get(f"{JOBS}/{made['id']}") == failed


@pytest.mark.parametrize(
    ("more", "status", "param"),
    [
        ({"model": "gpt-none"}, 404, "model"),
        ({"training_file": "file-0"}, 404, "training_file"),
        ({"validation_file": "file-0"}, 404, "validation_file"),
        ({"suffix": "x" * 65}, 400, "suffix"),
        ({"hyperparameters": {"n_epochs": 51}}, 400, "hyperparameters.n_epochs"),
    ],
)
def test_job_that_cannot_begin(api: Api, more: dict[str, Any], status: int, param: str):
    body = {"model": "gpt-4o-mini", "training_file": api.upload(LINE, "fine-tune"), **more}
    refusal = api.refused("post", JOBS, body)
    assert (refusal.status, refusal.param) == (status, param)


def test_file_has_to_be_for_fine_tuning(api: Api):
    body = {"model": "gpt-4o-mini", "training_file": api.upload(LINE, "batch")}
    assert api.refused("post", JOBS, body).code == "invalid_file_purpose"


def test_jobs_are_found_by_their_metadata(api: Api):
    one, _ = begin(api, metadata={"k": "v"}), begin(api, metadata={"k": "w"})
    found = api.get(JOBS, **{"metadata[k]": "v"})["data"]
    assert [each["id"] for each in found] == [one["id"]]


def test_method_brings_its_hyperparameters(api: Api):
    method = {"type": "dpo", "dpo": {"hyperparameters": {"beta": 0.2, "n_epochs": 1}}}
    line: dict[str, Any] = {"input": {}, "preferred_output": [], "non_preferred_output": []}
    made = begin(api, json.dumps(line).encode(), method=method)
    assert made["method"] == method
    api.pass_time(3)
    assert api.get(f"{JOBS}/{made['id']}")["status"] == "succeeded"


def test_checkpoint_is_shared_with_projects(api: Api):
    path = "/fine_tuning/checkpoints/ft:gpt-4o-mini:x/permissions"
    made = api.post(path, {"project_ids": ["proj_1", "proj_2"]})["data"]
    assert [each["project_id"] for each in made] == ["proj_1", "proj_2"]
    listed = api.get(path, order="ascending")["data"]
    assert listed == made
    assert api.get(path, project_id="proj_2")["data"] == made[1:]
    assert api.delete(f"{path}/{made[0]['id']}")["deleted"] is True
    assert [each["id"] for each in api.get(path)["data"]] == [made[1]["id"]]
